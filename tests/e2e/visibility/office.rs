//! An office with a memo for every case, and how it is asked at every door.

use super::{
    cases::{Case, ROLES, State, What},
    doors::{BOXES, letters},
};
use crate::{files_read, verb_table::TRIALS, writing::act};
use api::{front_door::DocumentLimits, graphql::Kind, http::Limits};
use chrono::TimeDelta;
use entity::{
    NotificationKind, UserRole, WorkPart, WorkStage, file, memo, memo_deletion, memo_event, notification,
    project, project_member, reminder, task, task_member, unread_mark,
};
use memoranda_tests::{Actor, Heard, Office, Options, RowCounts, Socket, TestMemo, codes, event_id, uuid_of};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, Statement,
    sea_query::{Expr, OnConflict},
};
use serde_json::{Value, json};
use service::{
    access::{
        IndexRange, RecordSight, hears, is_chief, reads_conclusion, sees_memo, sees_subject, sees_work,
        visible_files, visible_memos, visible_projects, visible_records, visible_tasks,
    },
    memo_deletion::purge,
};
use std::collections::HashMap;
use uuid::Uuid;

/// A memo of the office, in the state of its cases, and what belongs to it.
struct Story {
    memo: TestMemo,
    /// A word of its name, and one of its conclusion. No other memo has them.
    word: String,
    conclusion: String,
    tag: Uuid,
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
    /// By state, role of the people, and whether it is a memo to oneself.
    stories: HashMap<(State, UserRole, bool), Story>,
    lists: HashMap<(What, UserRole), Lists>,
    mails: Vec<memoranda_tests::TakenMail>,
}

const EVENTS: &str = "subscription ($after: ID) { memoEvents(after: $after) {
    id kind memoId memo { id } deletion { id } actor { id } } }";

const LISTS: &str = "{
    inbox: memos(box: INBOX, first: 100) { totalCount nodes { id } }
    sent: memos(box: SENT, first: 100) { totalCount nodes { id } }
    subscribed: memos(box: SUBSCRIBED, first: 100) { totalCount nodes { id } }
    drafts: memos(box: DRAFTS, first: 100) { totalCount nodes { id } }
    all_visible: memos(box: ALL_VISIBLE, first: 100) { totalCount nodes { id } }
    unreadMemoCount
    memoDeletions(first: 100) { nodes { id memoId memoName } }
    notifications(first: 100) { nodes { id message memoId memo { id } task { id } project { id } deletion { id } } }
    unreadNotificationCount
    reminders(first: 100, includeDismissed: true) { nodes { id memo { id } } }
    tasks(first: 100) { nodes { id } }
    projects(first: 100) { nodes { id } }
}";

const ADMINS: &str = "{
    refusedMemoDeletions(first: 100) { nodes { memoId } }
    memoHolds(first: 100) { nodes { memoId memo { id } } }
}";

const ONE: &str = "query ($memo: ID!, $tag: ID!, $word: String!, $conclusion: String!, $record: ID!, $comment: ID!,
        $file: ID!, $kept: ID!, $task: ID!, $project: ID!, $reminder: ID!) {
    node(id: $memo) {
        __typename
        ... on DeletedMemo { deletion { id } }
        ... on Memo { files { id } comments { nodes { id } } task { id } project { id } viewerReminders { id } }
    }
    nodes(ids: [$memo]) { __typename }
    memo(id: $memo) { id }
    inbox: memos(box: INBOX, filter: { tagId: $tag }) { totalCount }
    sent: memos(box: SENT, filter: { tagId: $tag }) { totalCount }
    subscribed: memos(box: SUBSCRIBED, filter: { tagId: $tag }) { totalCount }
    drafts: memos(box: DRAFTS, filter: { tagId: $tag }) { totalCount }
    all_visible: memos(box: ALL_VISIBLE, filter: { tagId: $tag }) { totalCount }
    byName: memos(box: ALL_VISIBLE, filter: { text: $word }) { totalCount nodes { id } }
    byConclusion: memos(box: ALL_VISIBLE, filter: { text: $conclusion }) { totalCount nodes { id } }
    unread: memos(box: ALL_VISIBLE, filter: { tagId: $tag, unread: true }) { totalCount }
    preview: memoDeletionPreview(memoId: $memo) { memo { id } removed { nodes { kind } } kept { nodes { kind } } }
    records: memoDeletions(memoId: $memo) { nodes {
        id memoName removed(first: 100) { nodes { label node { id } } } kept(first: 100) { nodes { label node { id } } }
    } }
    record: node(id: $record) { ... on MemoDeletion { id memoName viewerCanRestore } }
    comment: node(id: $comment) { ... on Comment { id memo { id } } }
    file: node(id: $file) { id }
    kept: node(id: $kept) { id }
    task: node(id: $task) { ... on Task { id files { id } sourceMemo { __typename } } }
    project: node(id: $project) { ... on Project { id files { id } sourceMemo { __typename } } }
    reminder: node(id: $reminder) { ... on Reminder { id memo { id } } }
}";

fn yes(sees: bool) -> String {
    if sees { "yes" } else { "-" }.to_owned()
}

/// Whether one of the objects has that id.
fn holds(nodes: &Value, id: &str) -> bool {
    nodes.as_array().unwrap().iter().any(|node| node["id"] == id)
}

impl VisibilityOffice {
    pub async fn open() -> Self {
        let document = DocumentLimits { max_aliases: 1_000, ..DocumentLimits::default() };
        let limits = Limits { document, max_complexity: 1_000_000, ..Limits::default() };
        let office = Office::open_with(Options { sends_mail: true, limits, ..Options::default() }).await;
        let mut people = HashMap::new();
        for role in ROLES {
            for what in What::ALL {
                let username = format!("{}_{}", what.name(), role.word().to_lowercase());
                people.insert((what, role), office.hire(&username, role).await);
            }
        }
        let (stories, lists, mails) = (HashMap::new(), HashMap::new(), Vec::new());
        let mut this = Self { office, people, stories, lists, mails };
        let mut sockets = Vec::new();
        for (key, person) in this.people.iter().filter(|((what, _), _)| *what != What::Inactive) {
            let mut socket = person.connect().await;
            socket.subscribe("live", EVENTS, json!({})).await;
            sockets.push((*key, socket));
        }
        this.write_stories().await;
        let last = this.end().await;
        for (key, mut socket) in sockets {
            let live = heard_until(&mut socket, "live", &last).await;
            let lists = this.read_lists(key, live, &last).await;
            this.lists.insert(key, lists);
        }
        this.office.deliver_mail().await;
        this.mails = this.office.mail_server().taken();
        this
    }

    pub async fn close(self) {
        self.office.close().await;
    }

    async fn write_stories(&mut self) {
        let mut states = State::ALL;
        // What is to be purged first has to become a month old.
        states.sort_by_key(|state| !state.is_purged());
        let mut purged = false;
        for state in states {
            if !state.is_purged() && !purged {
                self.office.clock.advance(TimeDelta::days(31));
                purge(&self.office.services).await.unwrap();
                purged = true;
            }
            for role in ROLES {
                for to_self in [false, true] {
                    let story = self.write_story(state, role, to_self).await;
                    self.stories.insert((state, role, to_self), story);
                }
            }
        }
    }

    /// The people for whom the memo is made.
    fn cast(&self, role: UserRole, to_self: bool) -> Vec<(What, &Actor)> {
        let belongs = |what: &What| (*what == What::Both) == to_self;
        What::ALL.into_iter().filter(belongs).map(|what| (what, &self.people[&(what, role)])).collect()
    }

    async fn write_story(&self, state: State, role: UserRole, to_self: bool) -> Story {
        let office = &self.office;
        let person = |what: What| &self.people[&(what, role)];
        let (author, recipient) = if to_self {
            (person(What::Both), person(What::Both))
        } else {
            (person(What::Author), person(What::Recipient))
        };
        let number = self.stories.len();
        let (word, conclusion) = (format!("zeppelin{number:03}"), format!("verdict{number:03}"));
        let file = office.upload(author, "plan.txt", "the plan").await.id;
        let kept_file = office.upload(author, "budget.txt", "the budget").await.id;
        let tag = office.some_tag().await;
        let subscribers: Vec<String> = if to_self {
            Vec::new()
        } else {
            [What::Subscriber, What::Former, What::Inactive].map(|what| person(what).user_id()).into()
        };
        let input = json!({
            "name": format!("Secret {word}"), "recipientId": recipient.user_id(), "draft": true,
            "subscriberIds": subscribers, "tagIds": [Kind::Tag.id(tag)],
            "fileIds": [Kind::File.id(file), Kind::File.id(kept_file)],
        });
        let written = act(author, "createMemo", input).await;
        assert_eq!(codes(&written), [""; 0], "{written:#}");
        let id = written["memo"]["id"].as_str().unwrap().to_owned();
        let memo = TestMemo { uuid: uuid_of(Kind::Memo, &id), id };
        self.conclude(&memo, &conclusion).await;
        let comment;
        if state.is_draft() {
            comment = office.comment(&memo, author.id, "To be sent").await;
        } else {
            act(author, "sendMemo", json!({ "memoId": memo.id })).await;
            let said =
                "mutation ($id: ID!) { addComment(input: { memoId: $id, body: \"Hm\" }) { comment { id } } }";
            let said = author.data(said, json!({ "id": memo.id })).await;
            comment = uuid_of(Kind::Comment, said["addComment"]["comment"]["id"].as_str().unwrap());
        }
        // A memo to oneself has no subscriber; the event is the same.
        let removed = if to_self { recipient } else { person(What::Former) };
        if to_self {
            let more = act(
                author,
                "addMemoTags",
                json!({ "memoId": memo.id, "tagIds": [Kind::Tag.id(office.some_tag().await)] }),
            )
            .await;
            assert_eq!(codes(&more), [""; 0], "{more:#}");
        } else {
            let input = json!({ "memoId": memo.id, "userIds": [removed.user_id()] });
            act(author, "removeMemoSubscribers", input).await;
        }
        let cast = self.cast(role, to_self);
        for (_, person) in &cast {
            office.remind(&memo, person.id, 300).await;
            self.mark_unread(&memo, person).await;
        }
        let (mut task, mut project) = (None, None);
        if !state.is_draft() {
            let worker = person(What::Worker);
            task = Some(self.task(&memo, recipient, worker, &word).await);
            project = Some(self.project(&memo, recipient, worker, &word).await);
            office.transfer_to_task(kept_file, task.unwrap()).await;
            office.transfer_to_project(kept_file, project.unwrap()).await;
            if !to_self {
                self.tell_of_work(&memo, worker, author, task.unwrap()).await;
            }
            let held = "mutation ($id: ID!) { placeMemoHold(input: { memoId: $id, reason: \"Audit\" }) { hold { id } } }";
            let held = office.admin().data(held, json!({ "id": memo.id })).await;
            let release =
                "mutation ($id: ID!) { releaseMemoHold(input: { holdId: $id }) { userErrors { code } } }";
            let released =
                office.admin().data(release, json!({ "id": held["placeMemoHold"]["hold"]["id"] })).await;
            assert_eq!(codes(&released["releaseMemoHold"]), [""; 0], "{released:#}");
        }
        assert_eq!(codes(&author.delete(&memo.id).await), ["CONFIRMATION_REQUIRED"]);
        let record = self.delete(state, &memo, author, recipient).await;
        let kept_file = (!state.is_draft()).then_some(kept_file);
        Story { memo, word, conclusion, tag, comment, file, kept_file, task, project, record }
    }

    async fn delete(
        &self,
        state: State,
        memo: &TestMemo,
        author: &Actor,
        recipient: &Actor,
    ) -> Option<String> {
        if !state.has_record() {
            return None;
        }
        let by = if state.was_deleted_by_recipient() { recipient } else { author };
        let deleted = by.delete_confirmed(&memo.id).await;
        let record = deleted["receipt"]["id"].as_str().unwrap_or_else(|| panic!("{deleted:#}")).to_owned();
        if state == State::Restored {
            let restored = author.restore(&record).await;
            assert_eq!(codes(&restored), [""; 0], "{restored:#}");
        }
        Some(record)
    }

    async fn conclude(&self, memo: &TestMemo, conclusion: &str) {
        memo::Entity::update_many()
            .col_expr(memo::Column::Note, Expr::value(conclusion))
            .filter(memo::Column::Id.eq(memo.uuid))
            .exec(self.office.services.database.connection())
            .await
            .unwrap();
    }

    async fn mark_unread(&self, memo: &TestMemo, person: &Actor) {
        use unread_mark::Column;
        let created_at = self.office.services.now();
        let mark = unread_mark::Model { memo_id: memo.uuid, user_id: person.id, created_at };
        unread_mark::Entity::insert(mark.into_active_model())
            .on_conflict(OnConflict::columns([Column::MemoId, Column::UserId]).do_nothing().to_owned())
            .exec_without_returning(self.office.services.database.connection())
            .await
            .unwrap();
    }

    async fn task(&self, memo: &TestMemo, creator: &Actor, worker: &Actor, word: &str) -> Uuid {
        let (id, created_at) = (self.office.services.new_id(), self.office.services.now());
        let row = task::Model {
            id,
            name: format!("Build the {word}"),
            description: String::new(),
            stage: WorkStage::Open,
            due_date: None,
            source_memo_id: Some(memo.uuid),
            created_by: creator.id,
            created_at,
        };
        self.office.insert(row).await;
        let part = WorkPart::Responsible;
        self.office.insert(task_member::Model { task_id: id, user_id: worker.id, part }).await;
        self.office.link(memo, memo::Column::TaskId, id).await;
        id
    }

    async fn project(&self, memo: &TestMemo, creator: &Actor, worker: &Actor, word: &str) -> Uuid {
        let (id, created_at) = (self.office.services.new_id(), self.office.services.now());
        let row = project::Model {
            id,
            name: format!("Fly the {word}"),
            description: String::new(),
            stage: WorkStage::Open,
            due_date: None,
            source_memo_id: Some(memo.uuid),
            created_by: creator.id,
            created_at,
        };
        self.office.insert(row).await;
        let part = WorkPart::Responsible;
        self.office.insert(project_member::Model { project_id: id, user_id: worker.id, part }).await;
        self.office.link(memo, memo::Column::ProjectId, id).await;
        id
    }

    async fn tell_of_work(&self, memo: &TestMemo, worker: &Actor, actor: &Actor, task: Uuid) {
        self.office
            .insert(notification::Model {
                id: self.office.services.new_id(),
                user_id: worker.id,
                kind: NotificationKind::TaskAssigned,
                actor_id: actor.id,
                memo_id: Some(memo.uuid),
                task_id: Some(task),
                project_id: None,
                deletion_id: None,
                created_at: self.office.services.now(),
                read_at: None,
            })
            .await;
    }

    /// Sends a memo of which everybody hears, and lets those who are to leave go; the memo's id.
    async fn end(&self) -> String {
        let everybody: Vec<String> = self.people.values().map(Actor::user_id).collect();
        let input = json!({ "name": "Good night", "subscriberIds": everybody });
        let last = act(self.office.author(), "createMemo", input).await;
        assert_eq!(codes(&last), [""; 0], "{last:#}");
        for role in ROLES {
            let person = self.people[&(What::Inactive, role)].user_id();
            let query =
                "mutation ($id: ID!) { deactivateUser(input: { userId: $id }) { userErrors { code } } }";
            let left = self.office.admin().data(query, json!({ "id": person })).await;
            assert_eq!(codes(&left["deactivateUser"]), [""; 0], "{left:#}");
        }
        last["memo"]["id"].as_str().unwrap().to_owned()
    }

    async fn read_lists(&self, (what, role): (What, UserRole), live: Vec<Value>, last: &str) -> Lists {
        let person = &self.people[&(what, role)];
        let mut socket = person.connect().await;
        socket.subscribe("again", EVENTS, json!({ "after": event_id(person, 0) })).await;
        let caught_up = heard_until(&mut socket, "again", last).await;
        let answer = person.data(LISTS, json!({})).await;
        for (_, memo_box, _) in BOXES {
            let list = &answer[memo_box.to_lowercase()];
            let listed = list["nodes"].as_array().unwrap().len();
            assert_eq!(list["totalCount"], json!(listed), "{} {memo_box}", person.name);
        }
        let told = answer["notifications"]["nodes"].as_array().unwrap().len();
        assert_eq!(answer["unreadNotificationCount"], json!(told));
        // The last memo as well.
        let unread =
            State::ALL.into_iter().filter(|state| Case { state: *state, what, role }.sees_memo()).count();
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

    /// What the person gets at every door but that of changes.
    pub async fn ask(&self, case: Case) -> HashMap<&'static str, String> {
        let (person, story) = self.story(case);
        let mut answers = HashMap::from([("mail", self.mail(person, story))]);
        if !case.is_active() {
            self.assert_nobody_signs_in(person, story).await;
            answers.extend(
                super::DOORS
                    .iter()
                    .filter(|door| door.name != "mail")
                    .map(|door| (door.name, "401".to_owned())),
            );
            return answers;
        }
        self.ask_for_the_memo(person, story, &mut answers).await;
        self.look_into_lists(case, person, story, &mut answers).await;
        self.ask_for_files(person, story, &mut answers).await;
        answers.extend([
            ("delete", self.try_to_delete(person, story, "deleteMemo").await),
            ("deletes", self.try_to_delete(person, story, "deleteMemos").await),
            ("restore", self.try_to_restore(case, person, story).await),
        ]);
        answers
    }

    fn mail(&self, person: &Actor, story: &Story) -> String {
        yes(self.mails.iter().any(|mail| mail.is_to(&person.name) && mail.text.contains(&story.word)))
    }

    async fn assert_nobody_signs_in(&self, person: &Actor, story: &Story) {
        let refused = person.send("{ viewer { id } }", json!({})).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{refused:#}");
        let file = Kind::File.id(story.file).0;
        assert_eq!(files_read::get(person, &file, &[]).await.status(), 401);
        let mut socket = Socket::open(&person.address).await;
        let payload = json!({ "authorization": format!("Bearer {}", person.token()) });
        socket.send(json!({ "type": "connection_init", "payload": payload })).await;
        assert!(matches!(socket.next().await, Heard::Closed(4401 | 4403)), "a WebSocket of {}", person.name);
    }

    fn reminder_of(&self, story: &Story, person: &Actor, reminders: &[reminder::Model]) -> String {
        let id = reminders
            .iter()
            .find(|reminder| reminder.memo_id == story.memo.uuid && reminder.user_id == person.id)
            .map_or(Uuid::max(), |reminder| reminder.id);
        Kind::Reminder.id(id).0
    }

    async fn reminders(&self, person: &Actor) -> Vec<reminder::Model> {
        reminder::Entity::find()
            .filter(reminder::Column::UserId.eq(person.id))
            .filter(Expr::cust("1 = 1 OR EXISTS (SELECT 1 FROM memos)"))
            .all(self.office.services.database.connection())
            .await
            .unwrap()
    }

    async fn ask_for_the_memo(
        &self,
        person: &Actor,
        story: &Story,
        answers: &mut HashMap<&'static str, String>,
    ) {
        let unknown = Uuid::max();
        let file = Kind::File.id(story.file).0;
        let reminder = self.reminder_of(story, person, &self.reminders(person).await);
        let record = story.record.clone().unwrap_or_else(|| Kind::MemoDeletion.id(unknown).0);
        let variables = json!({
            "memo": story.memo.id, "tag": Kind::Tag.id(story.tag), "word": story.word,
            "conclusion": story.conclusion, "record": record, "comment": Kind::Comment.id(story.comment),
            "file": file, "kept": Kind::File.id(story.kept_file.unwrap_or(unknown)),
            "task": Kind::Task.id(story.task.unwrap_or(unknown)),
            "project": Kind::Project.id(story.project.unwrap_or(unknown)), "reminder": reminder,
        });
        let one = person.data(ONE, variables).await;
        let node = |node: &Value| match node["__typename"].as_str() {
            Some("Memo") => "memo".to_owned(),
            Some("DeletedMemo") => "rest".to_owned(),
            None => "-".to_owned(),
            Some(other) => other.to_owned(),
        };
        answers.insert("node", node(&one["node"]));
        answers.insert("nodes", node(&one["nodes"][0]));
        if one["node"]["__typename"] == "DeletedMemo" {
            assert_eq!(one["node"]["deletion"]["id"], json!(record));
        }
        answers.insert("memo", yes(!one["memo"].is_null()));
        let counted = BOXES.map(|(letter, name, _)| (letter, one[name.to_lowercase()]["totalCount"] != 0));
        answers.insert("count", letters(&counted));
        let found = |list: &Value| {
            assert_eq!(list["totalCount"], json!(list["nodes"].as_array().unwrap().len()));
            holds(&list["nodes"], &story.memo.id)
        };
        answers
            .insert("search", letters(&[('n', found(&one["byName"])), ('c', found(&one["byConclusion"]))]));
        answers.insert("unread", yes(one["unread"]["totalCount"] != 0));
        let preview = &one["preview"];
        assert!(preview.is_null() || preview["memo"]["id"] == json!(story.memo.id));
        answers.insert("preview", yes(!preview.is_null()));
        self.read_record(story, &one, answers);
        let comment = yes(!one["comment"].is_null() && !one["comment"]["memo"].is_null());
        assert_eq!(comment, yes(!one["comment"].is_null()));
        answers.insert("comment", comment);
        answers.insert("reminder", yes(!one["reminder"].is_null()));
        answers.insert("file", yes(!one["file"].is_null()));
        answers.insert(
            "task's",
            if story.task.is_none() { ".".to_owned() } else { yes(!one["kept"].is_null()) },
        );
        for (door, id) in [("task", story.task), ("project", story.project)] {
            let work = &one[door];
            let answer = match (id, work["sourceMemo"]["__typename"].as_str()) {
                (None, _) => ".".to_owned(),
                (_, None) => yes(!work.is_null()),
                (_, Some(_)) => node(&work["sourceMemo"]),
            };
            answers.insert(door, answer);
        }
        if one["node"]["__typename"] == "Memo" {
            // What hangs on the memo is seen from the memo as it is by its own id.
            assert_eq!(holds(&one["node"]["files"], &file), !one["file"].is_null());
            assert_eq!(one["node"]["comments"]["nodes"].as_array().unwrap().len(), 1);
            assert_eq!(!one["node"]["task"].is_null(), !one["task"].is_null());
            assert_eq!(!one["node"]["project"].is_null(), !one["project"].is_null());
        }
        let note = "query ($id: ID!) { memo(id: $id) { note } }";
        let note = person.send(note, json!({ "id": story.memo.id })).await;
        answers.insert("note", yes(note["data"]["memo"]["note"] == json!(story.conclusion)));
    }

    fn read_record(&self, story: &Story, one: &Value, answers: &mut HashMap<&'static str, String>) {
        let of = |record: &Value| match (record["id"].is_null(), record["memoName"].is_null()) {
            (true, _) => "-".to_owned(),
            (false, true) => "bare".to_owned(),
            (false, false) => "content".to_owned(),
        };
        let record = &one["records"]["nodes"][0];
        assert_eq!(of(record), of(&one["record"]), "in the list and by its id");
        assert!(record.is_null() || record["id"] == json!(story.record));
        answers.insert("record", of(record));
        let has_names = ["removed", "kept"].iter().any(|list| {
            let items = record[list]["nodes"].as_array();
            items.is_some_and(|items| {
                items.iter().any(|item| !item["label"].is_null() || !item["node"].is_null())
            })
        });
        let items = match (record.is_null(), has_names) {
            (true, _) => "-",
            (false, true) => "names",
            (false, false) => "kinds",
        };
        answers.insert("items", items.to_owned());
    }

    async fn look_into_lists(
        &self,
        case: Case,
        person: &Actor,
        story: &Story,
        answers: &mut HashMap<&'static str, String>,
    ) {
        let Lists { answer, admins, live, caught_up } = &self.lists[&(case.what, case.role)];
        let memo = &story.memo.id;
        let listed =
            BOXES.map(|(letter, name, _)| (letter, holds(&answer[name.to_lowercase()]["nodes"], memo)));
        answers.insert("boxes", letters(&listed));
        // Lists show what is there by its own id.
        let records = answer["memoDeletions"]["nodes"].as_array().unwrap();
        assert_eq!(records.iter().any(|record| record["memoId"] == json!(memo)), answers["record"] != "-");
        for (list, id) in [
            ("tasks", story.task.map(|id| Kind::Task.id(id).0)),
            ("projects", story.project.map(|id| Kind::Project.id(id).0)),
        ] {
            let door = list.trim_end_matches('s');
            let is_listed = id.is_some_and(|id| holds(&answer[list]["nodes"], &id));
            assert_eq!(is_listed, !["-", "."].contains(&answers[door].as_str()), "{} {list}", person.name);
        }
        let reminders = answer["reminders"]["nodes"].as_array().unwrap();
        assert_eq!(
            reminders.iter().any(|reminder| reminder["memo"]["id"] == json!(memo)),
            answers["reminder"] == "yes"
        );
        let has = |list: &str, what: &str| {
            let nodes = admins[list]["nodes"].as_array();
            nodes.is_some_and(|nodes| {
                nodes.iter().any(|node| node["memoId"] == json!(memo) && !node[what].is_null())
            })
        };
        answers.insert("refused", yes(has("refusedMemoDeletions", "memoId")));
        answers
            .insert("holds", letters(&[('i', has("memoHolds", "memoId")), ('m', has("memoHolds", "memo"))]));
        let told = self.told(person, story, &answer["notifications"]["nodes"]).await;
        answers.insert("told", told);
        let of = |events: &[Value]| -> (String, bool, bool) {
            let events: Vec<&Value> = events.iter().filter(|event| event["memoId"] == json!(memo)).collect();
            let letters =
                events.iter().map(|event| event["kind"].as_str().unwrap().chars().next().unwrap()).collect();
            let shows = |what: &str| events.iter().any(|event| !event[what].is_null());
            (letters, shows("memo"), shows("deletion"))
        };
        let (heard, ..) = of(live);
        answers.insert("live", if heard.is_empty() { "-".to_owned() } else { heard });
        let (heard, shows_memo, shows_record) = of(caught_up);
        let caught_up = match heard.as_str() {
            "" => "-".to_owned(),
            heard => format!("{heard} {}", letters(&[('m', shows_memo), ('d', shows_record)])),
        };
        answers.insert("caught up", caught_up);
    }

    async fn notifications(&self, person: &Actor, story: &Story) -> Vec<notification::Model> {
        notification::Entity::find()
            .filter(notification::Column::UserId.eq(person.id))
            .filter(notification::Column::MemoId.eq(story.memo.uuid))
            .all(self.office.services.database.connection())
            .await
            .unwrap()
    }

    async fn told(&self, person: &Actor, story: &Story, told: &Value) -> String {
        let rows = self.notifications(person, story).await;
        if rows.is_empty() {
            return ".".to_owned();
        }
        let mut shows = [('m', false), ('i', false), ('n', false), ('w', false), ('d', false)];
        for row in rows {
            let id = Kind::Notification.id(row.id).0;
            let shown = told.as_array().unwrap().iter().find(|shown| shown["id"] == id).expect("one's own");
            let found = [
                !shown["memo"].is_null(),
                !shown["memoId"].is_null(),
                shown["message"].as_str().unwrap().contains(&story.word),
                !shown["task"].is_null(),
                !shown["deletion"].is_null(),
            ];
            shows.iter_mut().zip(found).for_each(|(shows, found)| shows.1 |= found);
        }
        letters(&shows)
    }

    async fn ask_for_files(
        &self,
        person: &Actor,
        story: &Story,
        answers: &mut HashMap<&'static str, String>,
    ) {
        let mut seen = Vec::new();
        for file in [Some(story.file), story.kept_file] {
            let id = Kind::File.id(file.unwrap_or(Uuid::max())).0;
            seen.push(yes(files_read::get(person, &id, &[]).await.status() == 200));
        }
        if story.kept_file.is_some() {
            assert_eq!(seen[1], answers["task's"], "the bytes and the file");
        }
        answers.insert("bytes", seen[0].clone());
    }

    /// Tries with a confirmation that is none, so that nothing is deleted.
    async fn try_to_delete(&self, person: &Actor, story: &Story, mutation: &str) -> String {
        let payload = "replayed deletedMemoId preview { verdict } userErrors { code message }";
        let (document, what) = if mutation == "deleteMemo" {
            (
                format!(
                    "mutation ($input: DeleteMemoInput!) {{ answer: deleteMemo(input: $input) {{ {payload} }} }}"
                ),
                false,
            )
        } else {
            (
                format!(
                    "mutation ($input: DeleteMemosInput!) {{ answer: deleteMemos(input: $input) {{ results {{ {payload} }} }} }}"
                ),
                true,
            )
        };
        let delete = async |memo: &str| {
            let item = json!({ "memoId": memo, "confirmationToken": "none" });
            let input = if what { json!({ "memos": [item] }) } else { item };
            let mut answer = person.data(&document, json!({ "input": input })).await["answer"].take();
            if what { answer["results"][0].take() } else { answer }
        };
        let answer = delete(&story.memo.id).await;
        if answer["replayed"] == true {
            return "again".to_owned();
        }
        if codes(&answer) == ["NOT_FOUND"] {
            let never = delete(&Kind::Memo.id(Uuid::max()).0).await;
            assert_eq!(answer, never, "as if it had never been");
            return "-".to_owned();
        }
        "seen".to_owned()
    }

    async fn try_to_restore(&self, case: Case, person: &Actor, story: &Story) -> String {
        let unknown = Kind::MemoDeletion.id(Uuid::max()).0;
        let record = story.record.as_ref().unwrap_or(&unknown);
        let can = "query ($id: ID!) { node(id: $id) { ... on MemoDeletion { viewerCanRestore } } }";
        let can = person.data(can, json!({ "id": record })).await["node"]["viewerCanRestore"].take();
        if case.may_restore() && can == true {
            return "may".to_owned();
        }
        let answer = person.restore(record).await;
        if codes(&answer) == ["NOT_FOUND"] {
            assert_eq!(can, json!(null));
            assert_eq!(answer, person.restore(&unknown).await, "as if it had never been");
            return "-".to_owned();
        }
        assert_eq!(can, json!(false));
        "no".to_owned()
    }

    /// How many rows every table has.
    pub async fn row_counts(&self) -> RowCounts {
        self.office.row_counts().await
    }

    /// Tries every change of a memo that does not exist for the person: each is refused as if the memo
    /// had never been.
    pub async fn try_to_change(&self, case: Case) -> String {
        if !case.is_active() {
            return "401".to_owned();
        }
        let (person, story) = self.story(case);
        let past = "mutation ($id: ID!) { setReminder(input: { memoId: $id, dueAt: \"2020-01-01T08:00:00Z\" }) { userErrors { code } } }";
        let answer = person.data(past, json!({ "id": story.memo.id })).await;
        if codes(&answer["setReminder"]) != ["NOT_FOUND"] {
            return "seen".to_owned();
        }
        let reminder = self.reminder_of(story, person, &self.reminders(person).await);
        let own = Kind::File.id(Uuid::max());
        let unknown = Uuid::max();
        let variables = |memo: &str, comment: Uuid, reminder: &str| {
            json!({
                "memo": memo, "comment": Kind::Comment.id(comment), "reminder": reminder,
                "file": Kind::File.id(story.file), "task": Kind::Task.id(story.task.unwrap_or(unknown)),
                "own": own, "person": self.office.stranger().user_id(), "tag": Kind::Tag.id(story.tag),
            })
        };
        let changes = changes();
        let answer = person.data(&changes, variables(&story.memo.id, story.comment, &reminder)).await;
        for (change, payload) in answer.as_object().unwrap() {
            assert_eq!(codes(payload), ["NOT_FOUND"], "{case:?} {change}");
        }
        let never = [Kind::Memo.id(unknown).0, Kind::Reminder.id(unknown).0];
        let never = person.data(&changes, variables(&never[0], unknown, &never[1])).await;
        assert_eq!(answer, never, "{case:?}: as if it had never been");
        if case.role == UserRole::Admin && case.state.is_draft() && !case.is_author() {
            let hold = "mutation ($id: ID!) { placeMemoHold(input: { memoId: $id, reason: \"Audit\" }) { hold { id } userErrors { code message } } }";
            let held = person.data(hold, json!({ "id": story.memo.id })).await;
            assert_eq!(codes(&held["placeMemoHold"]), ["NOT_FOUND"], "{case:?}");
            assert_eq!(held, person.data(hold, json!({ "id": Kind::Memo.id(unknown) })).await);
        }
        "-".to_owned()
    }

    /// Holds the conditions of statements against the rules' functions.
    pub async fn assert_conditions(&self, case: Case) {
        let (person, story) = self.story(case);
        let viewer = person.viewer();
        let what = format!("{case:?}");
        let database = self.office.services.database.connection();
        let memo = memo::Entity::find_by_id(story.memo.uuid);
        let count = memo.filter(visible_memos(viewer)).count(database).await.unwrap();
        assert_eq!(count == 1, case.sees_memo(), "{what}: visible_memos");
        let ids = [story.memo.uuid, person.id];
        let text = |condition: String| {
            format!("SELECT 1 AS one FROM memos m JOIN users u ON u.id = $2 WHERE m.id = $1 AND {condition}")
        };
        assert_eq!(
            self.finds(&text(sees_memo("m", "u.id", &is_chief("u"))), ids).await,
            case.sees_memo(),
            "{what}: sees_memo"
        );
        let conclusion =
            text(format!("{} AND {}", sees_memo("m", "u.id", &is_chief("u")), reads_conclusion("m", "u.id")));
        let reads = case.state.is_live() && case.memo().reads_conclusion();
        assert_eq!(self.finds(&conclusion, ids).await, reads, "{what}: reads_conclusion");
        use IndexRange::{Drafts, Everything, Inbox, Sent, Subscribed};
        for range in [Inbox, Sent, Subscribed, Drafts, Everything] {
            let held = case.state.is_live() && range.holds(case.memo());
            // Not every range names the person.
            let person = "EXISTS (SELECT 1 FROM users u WHERE u.id = $2)";
            let rows = format!("SELECT 1 AS one {} AND memos.id = $1 AND {person}", range.rows("$2"));
            assert_eq!(self.finds(&rows, ids).await, held, "{what}: the rows of {range:?}");
            let condition = format!(
                "SELECT 1 AS one FROM memos WHERE ({}) AND memos.id = $1 AND {person}",
                range.condition("$2")
            );
            assert_eq!(self.finds(&condition, ids).await, held, "{what}: the condition of {range:?}");
        }
        let record =
            story.record.as_deref().map_or(Uuid::max(), |record| uuid_of(Kind::MemoDeletion, record));
        let records = memo_deletion::Entity::find_by_id(record).filter(visible_records(viewer));
        let seen = records.count(database).await.unwrap() == 1;
        assert_eq!(seen, case.sight() > RecordSight::Nothing, "{what}: visible_records");
        self.assert_conditions_of_work(case, person, story).await;
        for (id, sees) in [(Some(story.file), case.sees_file()), (story.kept_file, case.sees_kept_file())] {
            let file = file::Entity::find_by_id(id.unwrap_or(Uuid::max())).filter(visible_files(viewer));
            assert_eq!(file.count(database).await.unwrap() == 1, sees, "{what}: visible_files");
        }
        let events = memo_event::Entity::find()
            .filter(memo_event::Column::MemoId.eq(story.memo.uuid))
            .order_by_asc(memo_event::Column::Id)
            .all(database)
            .await
            .unwrap();
        let heard: String = events
            .iter()
            .filter(|event| hears(event, viewer))
            .map(|event| event.kind.word().chars().next().unwrap())
            .collect();
        assert_eq!(heard, case.heard(), "{what}: hears");
        self.assert_condition_of_mails(case, person, story).await;
    }

    async fn assert_conditions_of_work(&self, case: Case, person: &Actor, story: &Story) {
        let database = self.office.services.database.connection();
        let viewer = person.viewer();
        let sees = |visible: Condition| (visible, case.sees_work());
        let (visible, expected) = sees(visible_tasks(viewer));
        let tasks = task::Entity::find_by_id(story.task.unwrap_or(Uuid::max())).filter(visible);
        assert_eq!(tasks.count(database).await.unwrap() == 1, expected, "{case:?}: visible_tasks");
        let (visible, expected) = sees(visible_projects(viewer));
        let projects = project::Entity::find_by_id(story.project.unwrap_or(Uuid::max())).filter(visible);
        assert_eq!(projects.count(database).await.unwrap() == 1, expected, "{case:?}: visible_projects");
        for (work, id) in [("task", story.task), ("project", story.project)] {
            let sql = format!(
                "SELECT 1 AS one FROM {work}s t JOIN users u ON u.id = $2 WHERE t.id = $1 AND {}",
                sees_work(work, "t", "u.id", &is_chief("u"))
            );
            let found = self.finds(&sql, [id.unwrap_or(Uuid::max()), person.id]).await;
            assert_eq!(found, case.sees_work(), "{case:?}: sees_work, {work}");
        }
    }

    /// Of each notification: whether a mail that says the same may still go.
    async fn assert_condition_of_mails(&self, case: Case, person: &Actor, story: &Story) {
        for notification in self.notifications(person, story).await {
            let expected = if notification.deletion_id.is_some() {
                case.sight() == RecordSight::Content
            } else if notification.task_id.is_some() {
                case.sees_work()
            } else {
                case.sees_memo()
            };
            let sql = format!(
                "SELECT 1 AS one FROM notifications n JOIN users u ON u.id = n.user_id \
                 WHERE n.id = $1 AND u.id = $2 AND {}",
                sees_subject("n", "u")
            );
            let found = self.finds(&sql, [notification.id, person.id]).await;
            assert_eq!(found, expected, "{case:?}: sees_subject, {:?}", notification.kind);
        }
    }

    async fn finds(&self, sql: &str, ids: [Uuid; 2]) -> bool {
        let database = self.office.services.database.connection();
        let backend = self.office.services.database.backend();
        let statement = Statement::from_sql_and_values(backend, sql, ids.map(Into::into));
        let found = database.query_one_raw(statement).await;
        found.unwrap_or_else(|error| panic!("{sql}: {error}")).is_some()
    }
}

/// All changes of a memo in one request.
fn changes() -> String {
    let more = [
        "removeMemoSubscribers(input: { memoId: $memo, userIds: [$person] })",
        "removeMemoTags(input: { memoId: $memo, tagIds: [$tag] })",
        "deleteComment(input: { commentId: $comment })",
        "changeReminder(input: { reminderId: $reminder, dueAt: \"2030-01-01T08:00:00Z\" })",
        "dismissReminder(input: { reminderId: $reminder })",
        "markMemosUnread(input: { memoIds: [$memo] })",
    ];
    let errors = "{ userErrors { code field message } }";
    let tried = TRIALS.iter().map(|trial| {
        let (_, call) = trial.document.split_once("answer: ").expect("a trial");
        let (call, _) = call.split_once(" { userErrors").expect("a trial");
        call.to_owned()
    });
    let calls: Vec<String> = tried
        .chain(more.map(str::to_owned))
        .enumerate()
        .map(|(n, call)| format!("change{n}: {call} {errors}"))
        .collect();
    format!(
        "mutation ($memo: ID!, $file: ID!, $task: ID!, $own: ID!, $person: ID!, $tag: ID!, $comment: ID!, $reminder: ID!) {{ {} }}",
        calls.join("\n")
    )
}

/// What is heard up to the event of that memo, without it.
async fn heard_until(socket: &mut Socket, id: &str, memo: &str) -> Vec<Value> {
    let mut heard = Vec::new();
    loop {
        let mut answer = socket.answer(id).await;
        assert!(answer["errors"].is_null(), "{answer:#}");
        let event = answer["data"]["memoEvents"].take();
        if event["memoId"] == memo {
            return heard;
        }
        heard.push(event);
    }
}
