//! An office with a memo for every case, and how the test asks at every door.

mod asking;
mod changes;
mod conditions;
mod stories;

use super::{
    cases::{Case, ROLES, State, What},
    doors::{BOXES, DOORS, letters},
};
use crate::{files_read, personal_data, verb_table::TRIALS, writing::act};
use api::{document::DocumentLimits, graphql::Kind, http::Limits};
use chrono::TimeDelta;
use entity::{
    NotificationKind, UserRole, WorkRole, WorkStatus, file, memo, memo_deletion, memo_event,
    notification, project, project_member, reminder, task, task_member, unread_mark,
};
use memoranda_tests::{
    Actor, Heard, Office, Options, RowCounts, Socket, TestMemo, codes, event_id,
    notification_added_id, selection_input, uuid_of,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, Statement,
    sea_query::{Expr, OnConflict},
};
use serde_json::{Value, json};
use service::access::{
    IndexRange, RecordSight, is_chief, reads_conclusion, sees_event, sees_memo, sees_subject,
    sees_work, visible_files, visible_memos, visible_projects, visible_records, visible_tasks,
};
use std::{collections::HashMap, sync::Mutex};
use uuid::Uuid;

/// A memo of the office, in the state of its cases, with its belongings.
struct Story {
    memo: TestMemo,
    /// A word of its name, and one of its conclusion. No other memo contains them.
    word: String,
    conclusion: String,
    tag: Uuid,
    deal: Uuid,
    author: String,
    comment: Uuid,
    file: Uuid,
    kept_file: Option<Uuid>,
    task: Option<Uuid>,
    project: Option<Uuid>,
    record: Option<String>,
}

/// What a person got without asking for a memo.
struct Lists {
    answer: Value,
    admins: Value,
    live: Vec<Value>,
    caught_up: Vec<Value>,
}

pub struct VisibilityOffice {
    office: Office,
    people: HashMap<(What, UserRole), Actor>,
    /// By state, by the role of the people, and by whether it is a memo to oneself.
    stories: HashMap<(State, UserRole, bool), Story>,
    lists: HashMap<(What, UserRole), Lists>,
    mails: Vec<memoranda_tests::TakenMail>,
    never: Never,
}

/// The answers about a memo that never existed. They are the same for all people, so the test asks
/// once.
#[derive(Default)]
struct Never(Mutex<HashMap<&'static str, Value>>);

impl Never {
    async fn entry(&self, mutation: &'static str, ask: impl AsyncFnOnce() -> Value) -> Value {
        let known = self.0.lock().unwrap().get(mutation).cloned();
        match known {
            Some(answer) => answer,
            None => {
                let answer = ask().await;
                self.0.lock().unwrap().insert(mutation, answer.clone());
                answer
            }
        }
    }
}

const EVENTS: &str = "subscription ($after: ID) { memoEvents(after: $after) {
    id kind memoId memo { id } deletion { id } actor { id } } }";

const NOTIFIED: &str = "subscription ($after: ID) { notificationAdded(after: $after) {
    id unreadNotificationCount notification { id message memoId memo { id } task { id } \
    project { id } deletion { id } } } }";

/// The name of the last memo, whose author notifies everybody of it.
const LAST_MEMO: &str = "Good night";

const LISTS: &str = "{
    inbox: memos(box: INBOX, first: 100) { totalCount nodes { id } }
    sent: memos(box: SENT, first: 100) { totalCount nodes { id } }
    subscribed: memos(box: SUBSCRIBED, first: 100) { totalCount nodes { id } }
    drafts: memos(box: DRAFTS, first: 100) { totalCount nodes { id } }
    all_visible: memos(box: ALL_VISIBLE, first: 100) { totalCount nodes { id } }
    unreadMemoCount
    memoDeletions(first: 100) { nodes { id memoId memoName } }
    notifications(first: 100) { nodes { id message memoId memo { id } task { id } project { id } \
    deletion { id } } }
    unreadNotificationCount
    reminders(first: 100, filter: { includeDismissed: true }) { nodes { id memo { id } } }
    tasks(first: 100) { nodes { id } }
    projects(first: 100) { nodes { id } }
}";

const ADMINS: &str = "{
    refusedMemoDeletions(first: 100) { nodes { memoId } }
    memoHolds(first: 100) { nodes { memoId memo { id } } }
}";

impl VisibilityOffice {
    pub async fn open() -> Self {
        let document = DocumentLimits { max_aliases: 1_000, ..DocumentLimits::default() };
        let limits = Limits { document, max_complexity: 1_000_000, ..Limits::default() };
        let office =
            Office::open_with(Options { sends_mail: true, limits, ..Options::default() }).await;
        let mut people = HashMap::new();
        for role in ROLES {
            for what in What::ALL {
                let username = format!("{}_{}", what.name(), role.as_str().to_lowercase());
                people.insert((what, role), office.hire(&username, role).await);
            }
        }
        let (stories, lists, mails) = (HashMap::new(), HashMap::new(), Vec::new());
        let mut this = Self { office, people, stories, lists, mails, never: Never::default() };
        let mut listening = Vec::new();
        for (key, person) in this.people.iter().filter(|((what, _), _)| *what != What::Inactive) {
            let mut socket = person.connect().await;
            // From before the first event, so that none can come before the server listens.
            socket.subscribe("live", EVENTS, json!({ "after": event_id(person, 0) })).await;
            let last_actor = this.office.author().user_id();
            listening.push((
                *key,
                tokio::spawn(async move { heard_until(&mut socket, &last_actor).await }),
            ));
        }
        this.write_stories().await;
        this.end().await;
        for (key, live) in listening {
            let lists = this.read_lists(key, live.await.unwrap()).await;
            this.lists.insert(key, lists);
        }
        this.office.deliver_mail().await;
        this.mails = this.office.mail_server().taken();
        this
    }

    pub async fn close(self) {
        self.office.close().await;
    }

    /// Sends a memo whose event everybody receives, and deactivates the people who must leave.
    async fn end(&self) {
        let everybody: Vec<String> = self.people.values().map(Actor::user_id).collect();
        let input = json!({ "name": LAST_MEMO, "subscriberIds": everybody });
        let last = act(self.office.author(), "createMemo", input).await;
        assert_eq!(codes(&last), [""; 0], "{last:#}");
        for role in ROLES {
            let person = self.people[&(What::Inactive, role)].user_id();
            let query = "mutation ($id: ID!) { deactivateUser(input: { userId: $id }) { userErrors \
                { code } } }";
            let left = self.office.admin().data(query, json!({ "id": person })).await;
            assert_eq!(codes(&left["deactivateUser"]), [""; 0], "{left:#}");
        }
    }

    async fn read_lists(&self, (what, role): (What, UserRole), live: Vec<Value>) -> Lists {
        let person = &self.people[&(what, role)];
        let mut socket = person.connect().await;
        socket.subscribe("again", EVENTS, json!({ "after": event_id(person, 0) })).await;
        let caught_up = heard_until(&mut socket, &self.office.author().user_id()).await;
        let answer = person.data(LISTS, json!({})).await;
        for (_, memo_box, _) in BOXES {
            let list = &answer[memo_box.to_lowercase()];
            let listed = list["nodes"].as_array().unwrap().len();
            assert_eq!(list["totalCount"], json!(listed), "{} {memo_box}", person.name);
        }
        let notified = answer["notifications"]["nodes"].as_array().unwrap();
        assert_eq!(answer["unreadNotificationCount"], json!(notified.len()));
        assert_eq!(by_id(notified_until_the_last(person).await), by_id(notified.clone()));
        // Including the last memo.
        let unread = State::ALL
            .into_iter()
            .filter(|state| Case { state: *state, what, role }.sees_memo())
            .count();
        assert_eq!(answer["unreadMemoCount"], json!(unread + 1), "{}", person.name);
        let admins = if role == UserRole::Admin {
            person.data(ADMINS, json!({})).await
        } else {
            let answer = person.send(ADMINS, json!({})).await;
            assert_eq!(answer["data"], json!(null), "{answer:#}");
            json!(null)
        };
        Lists { answer, admins, live, caught_up }
    }

    fn story(&self, case: Case) -> (&Actor, &Story) {
        let story = &self.stories[&(case.state, case.role, case.what == What::Both)];
        (&self.people[&(case.what, case.role)], story)
    }

    /// How many rows every table has.
    pub async fn row_counts(&self) -> RowCounts {
        self.office.row_counts().await
    }
}

/// The notifications that this person catches up with.
async fn notified_until_the_last(person: &Actor) -> Vec<Value> {
    let mut socket = person.connect().await;
    let after = json!({ "after": notification_added_id(person, 0) });
    socket.subscribe("notified", NOTIFIED, after).await;
    let mut notified = Vec::new();
    loop {
        let mut answer = socket.answer("notified").await;
        let notification = answer["data"]["notificationAdded"]["notification"].take();
        let is_last = notification["message"].as_str().unwrap().contains(LAST_MEMO);
        notified.push(notification);
        if is_last {
            return notified;
        }
    }
}

fn by_id(mut nodes: Vec<Value>) -> Vec<Value> {
    nodes.sort_by_key(|node| node["id"].as_str().map(str::to_owned));
    nodes
}

/// The received events up to the first event that this person caused, without it.
async fn heard_until(socket: &mut Socket, actor: &str) -> Vec<Value> {
    let mut heard = Vec::new();
    loop {
        let Heard::Message(message) = socket.next().await else { panic!("the server has closed") };
        if message["type"] == "ping" {
            socket.send(json!({ "type": "pong" })).await;
            continue;
        }
        let event = &message["payload"]["data"]["memoEvents"];
        assert!(event["id"].is_string(), "{message:#}");
        if event["actor"]["id"] == actor {
            return heard;
        }
        heard.push(event.clone());
    }
}
