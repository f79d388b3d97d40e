//! A draft's whole life, as everybody except its author sees it in the API. Their answers are byte
//! for byte the same as in an office without the draft. Ids are compared by their positions.

use crate::{files_read::get, writing::act};
use api::{graphql::Kind, http::Limits};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use entity::UserRole;
use memoranda_tests::{Actor, Heard, Office, Options, Socket, TestMemo, codes, event_id, uuid_of};
use serde_json::{Map, Value, json};
use service::discussion::fire_due;
use std::collections::HashMap;

/// The intended recipient, a future subscriber, a stranger, company management, an administrator.
const WATCHERS: [&str; 5] = ["addressee", "reader", "outsider", "manager", "operator"];

const MEMOS: &str = "totalCount edges { cursor node { id name description stage draft sentAt unread
    author { username } recipient { username } subscribers { username } tags { name } deal { name \
    } files { id name size }
    commentCount comments { edges { cursor node { id body } } } viewerRoles viewerCanDelete
    viewerReminders { id dueAt firedAt dismissedAt } } } pageInfo { hasNextPage startCursor \
    endCursor }";

/// All that a person can query without an id.
fn lists() -> String {
    let boxes = ["INBOX", "SENT", "SUBSCRIBED", "DRAFTS", "ALL_VISIBLE"];
    let boxes: String = boxes
        .iter()
        .map(|one| format!("{}: memos(box: {one}) {{ {MEMOS} }}\n", one.to_lowercase()))
        .collect();
    format!(
        "query ($tag: ID!, $deal: ID!, $author: ID!) {{
        {boxes}
        found: memos(box: ALL_VISIBLE, filter: {{ text: \"zeppelin\" }}) {{ {MEMOS} }}
        tagged: memos(box: ALL_VISIBLE, filter: {{ tagId: $tag }}) {{ {MEMOS} }}
        aboutDeal: memos(box: ALL_VISIBLE, filter: {{ dealId: $deal, personId: $author, hasFiles: \
         true }}) {{ {MEMOS} }}
        unreadMemoCount
        memoDeletions {{ edges {{ cursor node {{ id memoId memoName reason draft stage verdict \
         deletedAt restoredAt purgedAt
            removed {{ totalCount counts {{ kind count }} nodes {{ kind label }} }} kept {{ \
         totalCount nodes {{ kind label reason }} }} }} }}
            pageInfo {{ hasNextPage startCursor endCursor }} }}
        notifications {{ edges {{ cursor node {{ id kind message memoId memo {{ id }} createdAt \
         readAt actor {{ username }}
            task {{ id }} project {{ id }} deletion {{ id }} }} }} pageInfo {{ hasNextPage \
         startCursor endCursor }} }}
        unreadNotificationCount
        reminders(filter: {{ includeDismissed: true }}) {{ edges {{ cursor node {{ id dueAt \
         firedAt dismissedAt memo {{ id }} }} }} }}
        tasks {{ totalCount nodes {{ id name }} }}
        projects {{ totalCount nodes {{ id name }} }}
        tags {{ nodes {{ id name }} }}
        deals {{ nodes {{ id name }} }}
        users {{ nodes {{ id username }} }}
    }}"
    )
}

const ADMINS: &str =
    "{ refusedMemoDeletions { edges { cursor node { id memoId codes refusedAt } } }
    memoHolds { edges { cursor node { id memoId memo { id } } } } }";

const BY_ID: &str = "query ($memo: ID!, $file: ID!, $record: ID!, $reminder: ID!) {
    memo(id: $memo) { id } nodes(ids: [$memo, $file, $record, $reminder]) { __typename id }
    memoDeletionPreview(memoId: $memo) { verdict } memoDeletions(filter: { memoId: $memo }) {
        nodes { id } }
    memoErasurePreview(deletionId: $record) { verdict }
    memosDeletionPreview(memoIds: [$memo]) { verdict }
}";

const CHANGES: &str = "mutation ($memo: ID!, $file: ID!, $record: ID!, $reminder: ID!, $me: ID!) {
    delete: deleteMemo(input: { memoId: $memo }) { deletedMemoId replayed preview { verdict } \
    userErrors { code field message } }
    deletes: deleteMemos(input: { memos: [{ memoId: $memo }] }) { results { replayed userErrors { \
    code field message } } }
    asOne: deleteMemos(input: { memos: [{ memoId: $memo }], atomic: true }) { results { replayed } \
    preview { verdict } userErrors { code field message } }
    restore: restoreMemo(input: { deletionId: $record }) { replayed userErrors { code field \
    message } }
    erase: eraseMemoDeletion(input: { deletionId: $record, reason: \"Audit\" }) { replayed \
    preview { verdict } userErrors { code field message } }
    update: updateMemo(input: { memoId: $memo, name: \"Mine\" }) { userErrors { code field message \
    } }
    send: sendMemo(input: { memoId: $memo }) { userErrors { code field message } }
    copy: copyMemo(input: { memoId: $memo }) { userErrors { code field message } }
    review: reviewMemo(input: { memoId: $memo }) { userErrors { code field message } }
    comment: addComment(input: { memoId: $memo, body: \"Hm\" }) { userErrors { code field message \
    } }
    remind: createReminder(input: { memoId: $memo, dueAt: \"2030-01-01T08:00:00Z\" }) { \
    userErrors { \
    code field message } }
    dismiss: dismissReminder(input: { reminderId: $reminder }) { userErrors { code field message } }
    leave: removeMemoSubscribers(input: { memoId: $memo, userIds: [$me] }) { userErrors { code \
    field message } }
    attach: createMemo(input: { name: \"With a file\", draft: true, fileIds: [$file] }) { \
    userErrors { code field message } }
    read: markMemosRead(input: { memoIds: [$memo] }) { userErrors { code field message } }
}";

const HOLD: &str = "mutation ($memo: ID!) { placeMemoHold(input: { memoId: $memo, reason: \
    \"Audit\" }) { userErrors { code field message } } }";

const EVENTS: &str = "subscription ($after: ID) { memoEvents(after: $after) {
    id kind memoId memo { id name } actor { username } deletion { id } occurredAt } }";

/// How the life of the draft ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// It is deleted and purged.
    Purged,
    /// It is sent.
    Sent,
}

/// An office, with or without the draft.
struct Stage {
    office: Office,
    /// The author and the watchers. Each joined a second after the previous one, so that lists have
    /// the same order in both offices.
    people: HashMap<&'static str, Actor>,
    has_draft: bool,
    /// A memo that most of the watchers see.
    known: TestMemo,
    known_file: Value,
    tag: String,
    deal: String,
    /// The belongings of the draft, or unused ids.
    memo: Value,
    file: Value,
    record: Value,
    reminder: Value,
    /// The tokens of the known memo's deletion, as the watchers first got them.
    tokens: HashMap<&'static str, Value>,
    log: Vec<(String, Value)>,
}

impl Stage {
    async fn open(has_draft: bool) -> Self {
        let limits = Limits { max_complexity: 1_000_000, ..Limits::default() };
        let office =
            Office::open_with(Options { sends_mail: true, limits, ..Options::default() }).await;
        let mut people = HashMap::new();
        for name in ["writer"].into_iter().chain(WATCHERS) {
            let role = match name {
                "manager" => UserRole::Chief,
                "operator" => UserRole::Admin,
                _ => UserRole::Member,
            };
            office.clock.advance(TimeDelta::seconds(1));
            people.insert(name, office.hire(name, role).await);
        }
        let nothing = |kind: Kind| json!(kind.id(office.services.new_id()));
        let memo = nothing(Kind::Memo);
        let (record, reminder) = (nothing(Kind::MemoDeletion), nothing(Kind::Reminder));
        let deal = Kind::Deal.id(office.deal("Airship").await).0;
        let tag = entity::tag::Model { id: office.services.new_id(), name: "airy".to_owned() };
        let tag = Kind::Tag.id(office.insert(tag).await.id).0;
        let author = &people["writer"];
        // Nobody sees an upload. Because it already exists, the draft only has its own effects.
        let file = json!(Kind::File.id(office.upload(author, "zeppelin.txt", "drawings").await.id));
        office.clock.advance(TimeDelta::seconds(1));
        let own = Kind::File.id(office.upload(author, "plan.txt", "the plan").await.id);
        let readers = [people["reader"].user_id(), people["manager"].user_id()];
        let input = json!({ "name": "Known to most", "recipientId": people["addressee"].user_id(),
            "subscriberIds": readers,
            "tagIds": [tag], "dealId": deal, "fileIds": [own] });
        let known = act(author, "createMemo", input).await;
        let id = known["memo"]["id"].as_str().unwrap().to_owned();
        let known = TestMemo { uuid: uuid_of(Kind::Memo, &id), id };
        // Another memo has the same bytes, so the known one frees none, with or without the draft.
        office.clock.advance(TimeDelta::seconds(1));
        office.attach(&office.memo().create().await, "plan.txt", "the plan").await;
        let (tokens, log) = (HashMap::new(), Vec::new());
        let known_file = json!(own);
        Self {
            office,
            people,
            has_draft,
            known,
            known_file,
            tag,
            deal,
            memo,
            file,
            record,
            reminder,
            tokens,
            log,
        }
    }

    fn person(&self, name: &str) -> &Actor {
        &self.people[name]
    }

    fn author(&self) -> &Actor {
        self.person("writer")
    }

    /// Time passes in both offices. In one of them, the author does something to the draft.
    async fn step(&mut self, what: &str, done: Step) {
        self.office.clock.advance(TimeDelta::hours(1));
        if self.has_draft {
            self.act(done).await;
        }
        fire_due(&self.office.services).await.unwrap();
        self.office.deliver_mail().await;
        self.look(what).await;
    }

    async fn act(&mut self, step: Step) {
        let author = self.author();
        let memo = self.memo.clone();
        match step {
            Step::Nothing => {}
            Step::Write => {
                let own = self.file.clone();
                let input = json!({ "name": "The secret zeppelin", "draft": true,
                    "recipientId": self.people["addressee"].user_id(), "tagIds": [self.tag],
                        "dealId": self.deal,
                    "subscriberIds": [self.people["reader"].user_id()], "fileIds": [own,
                        self.known_file] });
                let written = self.done("createMemo", input).await;
                self.memo = written["memo"]["id"].clone();
            }
            Step::Change => {
                let input = json!({ "memoId": memo, "name": "The zeppelin, secret",
                    "description": "A zeppelin." });
                self.done("updateMemo", input).await;
                let people = [self.people["manager"].user_id()];
                self.done("addMemoSubscribers", json!({ "memoId": memo, "userIds": people })).await;
                let tag = Kind::Tag.id(uuid_of(Kind::Tag, &self.tag));
                self.done("removeMemoTags", json!({ "memoId": memo, "tagIds": [tag] })).await;
                self.done("addMemoTags", json!({ "memoId": memo, "tagIds": [tag] })).await;
                let attach = "mutation ($memo: ID!, $file: ID!) { answer: attachFiles(input: { \
                    targetId: $memo, fileIds: [$file] }) { userErrors { code } } }";
                self.run(attach, json!({ "memo": memo, "file": self.known_file })).await;
            }
            Step::Remind => {
                let due = self.office.services.now() + TimeDelta::minutes(90);
                let remind = "mutation ($memo: ID!, $due: DateTime!) { answer: \
                    createReminder(input: \
                    { memoId: $memo, dueAt: $due }) { reminder { id } userErrors { code } } }";
                let set = self.run(remind, json!({ "memo": memo, "due": due })).await;
                self.reminder = set["reminder"]["id"].clone();
            }
            Step::Refuse => {
                assert_eq!(
                    codes(&author.delete(memo.as_str().unwrap()).await),
                    ["CONFIRMATION_REQUIRED"]
                );
                let stale = json!({ "memoId": memo, "confirmationToken": "none" });
                assert_eq!(codes(&author.delete_with(stale).await), ["CONFIRMATION_STALE"]);
            }
            Step::Delete => {
                let deleted = author.delete_confirmed(memo.as_str().unwrap()).await;
                assert_eq!(codes(&deleted), [""; 0], "{deleted:#}");
                self.record = deleted["receipt"]["id"].clone();
            }
            Step::Restore => {
                let restored = author.restore(self.record.as_str().unwrap()).await;
                assert_eq!(codes(&restored), [""; 0], "{restored:#}");
            }
        }
    }

    async fn done(&self, verb: &str, input: Value) -> Value {
        let done = act(self.author(), verb, input).await;
        assert_eq!(codes(&done), [""; 0], "{verb}: {done:#}");
        done
    }

    async fn run(&self, document: &str, variables: Value) -> Value {
        let done = self.author().data(document, variables).await["answer"].take();
        assert_eq!(codes(&done), [""; 0], "{document}: {done:#}");
        done
    }

    /// Everything that the watchers get now.
    async fn look(&mut self, when: &str) {
        for name in WATCHERS {
            let seen = self.all_doors(name).await;
            self.log.push((format!("{name}, {when}"), seen));
        }
    }

    async fn all_doors(&mut self, name: &'static str) -> Value {
        let person = self.person(name).clone();
        let mut seen = Map::new();
        let ids = json!({ "tag": self.tag, "deal": self.deal, "author": self.author().user_id() });
        seen.insert("lists".into(), person.data(&lists(), ids).await);
        seen.insert("admins".into(), person.send(ADMINS, json!({})).await);
        let ids = json!({ "memo": self.memo, "file": self.file, "record": self.record,
            "reminder": self.reminder });
        seen.insert("by id".into(), person.send(BY_ID, ids.clone()).await);
        let mut with_me = ids.clone();
        with_me["me"] = json!(person.user_id());
        seen.insert("changes".into(), person.send(CHANGES, with_me).await);
        seen.insert("hold".into(), person.send(HOLD, json!({ "memo": self.memo })).await);
        let file = get(&person, self.file.as_str().unwrap(), &[]).await;
        let status = file.status().as_u16();
        seen.insert("download".into(), json!([status, file.json::<Value>().await.unwrap()]));
        let mut preview = person.preview(&self.known.id).await;
        // The token depends on the office. It must not depend on the draft.
        let token = preview["confirmationToken"].take();
        let first = self.tokens.entry(name).or_insert_with(|| token.clone());
        preview["confirmationToken"] = json!(*first == token);
        seen.insert("preview".into(), preview);
        let mails: Vec<Value> = self
            .office
            .mail_server()
            .taken()
            .into_iter()
            .filter(|mail| mail.is_to(name))
            .map(|mail| json!([mail.subject, mail.text, mail.html]))
            .collect();
        seen.insert("mails".into(), json!(mails));
        let seen = Value::Object(seen);
        self.assert_no_trace(&seen);
        seen
    }

    /// No text and no cursor contains an id of the draft or of its belongings.
    fn assert_no_trace(&self, seen: &Value) {
        let ids = [
            (Kind::Memo, &self.memo),
            (Kind::File, &self.file),
            (Kind::MemoDeletion, &self.record),
            (Kind::Reminder, &self.reminder),
        ];
        let traces: Vec<String> = ids
            .into_iter()
            .flat_map(|(kind, id)| {
                let id = id.as_str().unwrap();
                let uuid = uuid_of(kind, id);
                [id.to_owned(), uuid.to_string(), uuid.simple().to_string()]
            })
            .collect();
        let mut texts = Vec::new();
        collect_texts(seen, &mut texts);
        for text in texts {
            let decoded = URL_SAFE_NO_PAD
                .decode(text)
                .map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            let holds = |id: &String| {
                text.contains(id) || decoded.as_ref().is_ok_and(|text| text.contains(id))
            };
            assert!(!traces.iter().any(holds), "{text}");
        }
    }

    /// Listens as each of the watchers, from before the first event.
    async fn listen(&self) -> Vec<(&'static str, tokio::task::JoinHandle<Vec<Value>>)> {
        let mut listening = Vec::new();
        for name in WATCHERS {
            let person = self.person(name).clone();
            let mut socket = person.connect().await;
            socket.subscribe("events", EVENTS, json!({ "after": event_id(&person, 0) })).await;
            listening.push((name, tokio::spawn(async move { heard(&mut socket).await })));
        }
        listening
    }

    /// The last event, which everybody receives. Then the events that they received, and those that
    /// they catch up with.
    async fn end(
        mut self,
        live: Vec<(&'static str, tokio::task::JoinHandle<Vec<Value>>)>,
    ) -> Vec<(String, Value)> {
        self.office.clock.advance(TimeDelta::hours(1));
        let people: Vec<String> = WATCHERS.iter().map(|name| self.person(name).user_id()).collect();
        let input = json!({ "name": "The end", "subscriberIds": people });
        assert_eq!(codes(&act(self.author(), "createMemo", input).await), [""; 0]);
        for (name, heard) in live {
            self.log.push((format!("{name} heard"), json!(heard.await.unwrap())));
        }
        for (name, heard) in self.listen().await {
            self.log.push((format!("{name} catches up"), json!(heard.await.unwrap())));
        }
        let Self { office, log, .. } = self;
        office.close().await;
        log
    }
}

/// What the author does to the draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Nothing,
    Write,
    Change,
    Remind,
    Refuse,
    Delete,
    Restore,
}

/// All events up to and including the last one.
async fn heard(socket: &mut Socket) -> Vec<Value> {
    let mut heard = Vec::new();
    loop {
        let Heard::Message(message) = socket.next().await else { panic!("the server has closed") };
        if message["type"] == "ping" {
            socket.send(json!({ "type": "pong" })).await;
            continue;
        }
        let event = &message["payload"]["data"]["memoEvents"];
        assert!(event["id"].is_string(), "{message:#}");
        heard.push(event.clone());
        if event["memo"]["name"] == "The end" {
            return heard;
        }
    }
}

async fn live(has_draft: bool, ending: Ending) -> Vec<(String, Value)> {
    let mut stage = Stage::open(has_draft).await;
    let listening = stage.listen().await;
    stage.step("before it", Step::Nothing).await;
    for (step, what) in [
        (Step::Write, "when it is written"),
        (Step::Change, "when it is changed"),
        (Step::Remind, "when its author wants to be reminded of it"),
        (Step::Nothing, "later"),
        (Step::Nothing, "when its author was reminded"),
        (Step::Refuse, "after attempts to delete it"),
        (Step::Delete, "when it is deleted"),
        (Step::Restore, "when it is restored"),
    ] {
        stage.step(what, step).await;
    }
    match ending {
        Ending::Purged => {
            stage.step("when it is deleted again", Step::Delete).await;
            stage.office.clock.advance(TimeDelta::days(31));
            stage.office.purger.deletions().await.unwrap();
            stage.step("when it is purged", Step::Nothing).await;
        }
        Ending::Sent => stage.send().await,
    }
    stage.end(listening).await
}

impl Stage {
    /// The draft is sent. In the other office, the same memo is written and sent at once.
    async fn send(&mut self) {
        self.office.clock.advance(TimeDelta::hours(1));
        if self.has_draft {
            self.done("sendMemo", json!({ "memoId": self.memo })).await;
        } else {
            let own = &self.file;
            let input = json!({ "name": "The zeppelin, secret", "description": "A zeppelin.",
                "recipientId": self.people["addressee"].user_id(), "tagIds": [self.tag],
                    "dealId": self.deal,
                "subscriberIds": [self.people["reader"].user_id(),
                    self.people["manager"].user_id()],
                "fileIds": [own, self.known_file] });
            self.done("createMemo", input).await;
        }
        fire_due(&self.office.services).await.unwrap();
        self.office.deliver_mail().await;
        for name in WATCHERS {
            // After the draft is a memo, a query with its id concerns everybody.
            let mut seen = self.all_lists(name).await;
            let lists = seen.as_object_mut().unwrap();
            assert_eq!(
                lists["memoDeletions"]["edges"],
                json!([]),
                "nobody learns that it was deleted once"
            );
            self.log.push((format!("{name}, when it is sent"), seen));
        }
    }

    async fn all_lists(&self, name: &str) -> Value {
        let ids = json!({ "tag": self.tag, "deal": self.deal, "author": self.author().user_id() });
        let person: &Actor = self.person(name);
        let mails: Vec<Value> = self
            .office
            .mail_server()
            .taken()
            .into_iter()
            .filter(|mail| mail.is_to(name))
            .map(|mail| json!([mail.subject, mail.text, mail.html]))
            .collect();
        let mut lists = person.data(&lists(), ids).await;
        lists["mails"] = json!(mails);
        lists
    }
}

fn collect_texts<'v>(value: &'v Value, texts: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(items) => items.iter().for_each(|item| collect_texts(item, texts)),
        Value::Object(fields) => fields.values().for_each(|value| collect_texts(value, texts)),
        _ => {}
    }
}

/// Whether it ends like a global id.
fn is_global(id: &str) -> bool {
    let suffix = id.rsplit_once('_').map_or("", |(_, suffix)| suffix);
    suffix.len() == 26 && suffix.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
}

/// Numbers that replace ids, in the order in which they appear.
#[derive(Default)]
struct Plain(HashMap<String, usize>);

impl Plain {
    fn of(log: &[(String, Value)]) -> Vec<(String, Value)> {
        let mut plain = Self::default();
        log.iter().map(|(name, seen)| (name.clone(), plain.value("", seen))).collect()
    }

    fn value(&mut self, key: &str, value: &Value) -> Value {
        match value {
            Value::String(text) => match key {
                // It contains the id of its item, and the list's arguments.
                "cursor" | "startCursor" | "endCursor" => json!("a cursor"),
                "requestId" => json!("a request"),
                // An event's id is not a global id.
                "id" if !is_global(text) => json!(format!("event {}", self.number(text))),
                _ => json!(self.text(text)),
            },
            Value::Array(items) => items.iter().map(|item| self.value(key, item)).collect(),
            Value::Object(fields) => Value::Object(
                fields.iter().map(|(key, value)| (key.clone(), self.value(key, value))).collect(),
            ),
            other => other.clone(),
        }
    }

    /// A text in which numbers replace global ids.
    fn text(&mut self, text: &str) -> String {
        let mut plain = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('_') {
            plain.push_str(before);
            plain.push('_');
            let suffix: String =
                after.chars().take(26).take_while(char::is_ascii_alphanumeric).collect();
            if suffix.len() == 26 {
                plain.push_str(&format!("{}", self.number(&suffix)));
                rest = after.get(26..).unwrap_or_default();
            } else {
                rest = after;
            }
        }
        plain + rest
    }

    fn number(&mut self, id: &str) -> usize {
        let next = self.0.len();
        *self.0.entry(id.to_owned()).or_insert(next)
    }
}

/// The first difference between two answers, and its place.
fn difference(path: String, one: &Value, other: &Value) -> Option<(String, Value, Value)> {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) if one.keys().eq(other.keys()) => one
            .iter()
            .zip(other.values())
            .find_map(|((key, one), other)| difference(format!("{path}.{key}"), one, other)),
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => one
            .iter()
            .zip(other)
            .enumerate()
            .find_map(|(n, (one, other))| difference(format!("{path}[{n}]"), one, other)),
        _ => (one != other).then(|| (path, one.clone(), other.clone())),
    }
}

async fn assert_unseen(ending: Ending) {
    let (with, without) = (live(true, ending).await, live(false, ending).await);
    let (with, without) = (Plain::of(&with), Plain::of(&without));
    assert_eq!(with.len(), without.len());
    for ((when, seen), (_, never)) in with.iter().zip(&without) {
        if let Some((path, seen, never)) = difference(String::new(), seen, never) {
            panic!("{when}, at {path}: {seen:#} where it should be {never:#}");
        }
        assert_eq!(seen.to_string(), never.to_string(), "{when}");
        if ending == Ending::Purged {
            assert!(!seen.to_string().to_lowercase().contains("zeppelin"), "{when}: {seen:#}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drafts_whole_life_is_seen_by_nobody_but_its_author() {
    assert_unseen(Ending::Purged).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_was_deleted_and_restored_is_sent_as_if_it_had_just_been_written() {
    assert_unseen(Ending::Sent).await;
}
