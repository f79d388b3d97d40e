//! The mutations that create something, and valid inputs for them.

use memoranda_tests::{Actor, Office, codes, difference};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU32, Ordering},
};
use tokio::task::JoinSet;

/// A mutation that creates something.
#[derive(Debug, Clone, Copy)]
pub struct Creation {
    pub mutation: &'static str,
    /// The payload's field for what was created.
    pub field: &'static str,
    /// The table that gets a row for it.
    pub table: &'static str,
}

const fn creation(mutation: &'static str, field: &'static str, table: &'static str) -> Creation {
    Creation { mutation, field, table }
}

pub const CREATIONS: [Creation; 13] = [
    creation("createMemo", "memo", "memos"),
    creation("copyMemo", "memo", "memos"),
    creation("addComment", "comment", "comments"),
    creation("createReminder", "reminder", "reminders"),
    creation("createTask", "task", "tasks"),
    creation("createProject", "project", "projects"),
    creation("createTaskFromMemo", "task", "tasks"),
    creation("createProjectFromMemo", "project", "projects"),
    creation("createDeal", "deal", "deals"),
    creation("createTag", "tag", "tags"),
    creation("createResolution", "resolution", "resolutions"),
    creation("createUser", "user", "users"),
    creation("placeMemoHold", "hold", "memo_holds"),
];

impl Creation {
    /// Its document, with the input as a variable.
    pub fn document(self) -> String {
        let Self { mutation, field, .. } = self;
        let (first, rest) = mutation.split_at(1);
        format!(
            "mutation ($input: {}{rest}Input!) {{ answer: {mutation}(input: $input) {{
                {field} {{ id __typename }} replayed userErrors {{ code field message }}
                clientMutationId }} }}",
            first.to_uppercase()
        )
    }

    /// The same twice in one document: the second field begins after the first one is done.
    pub fn document_of_two(self) -> String {
        let Self { mutation, .. } = self;
        let document = self.document();
        let body = document.trim_end().trim_end_matches('}');
        format!("{body} again: {mutation}(input: $input) {{ replayed }} }}")
    }

    /// Sends the input, and returns the payload.
    pub async fn send(self, person: &Actor, input: &Value) -> Value {
        person.data(&self.document(), json!({ "input": input })).await["answer"].take()
    }

    /// A valid input that no other one equals.
    pub async fn input(self, office: &Office, person: &Actor) -> Value {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        let name = format!("Number {number}");
        match self.mutation {
            "createMemo" => json!({ "name": name, "recipientId": office.recipient().user_id() }),
            "createUser" => json!({ "username": format!("number{number}"), "fullName": name,
                "email": format!("number{number}@example.org"), "role": "MEMBER" }),
            "createTask" | "createProject" | "createDeal" | "createTag" | "createResolution" => {
                json!({ "name": name })
            }
            of_memo => {
                let memo = office.memo().to(person.id).create().await.id;
                match of_memo {
                    "addComment" => json!({ "memoId": memo, "body": name }),
                    "createReminder" => json!({ "memoId": memo, "dueAt": "2030-01-07T08:00:00Z" }),
                    "placeMemoHold" => json!({ "memoId": memo, "reason": name }),
                    _ => json!({ "memoId": memo }),
                }
            }
        }
    }

    /// The same with that key.
    pub async fn input_with(self, office: &Office, person: &Actor, key: &str) -> Value {
        let mut input = self.input(office, person).await;
        input["idempotencyKey"] = json!(key);
        input
    }

    /// Sends the input, which must create one thing. Returns the payload.
    pub async fn create(self, office: &Office, person: &Actor, input: &Value) -> Value {
        let before = office.row_counts().await;
        let payload = self.send(person, input).await;
        assert_eq!(codes(&payload), [""; 0], "{self:?}: {payload:#}");
        assert_eq!(payload["replayed"], false, "{self:?}");
        assert!(payload[self.field]["id"].is_string(), "{self:?}: {payload:#}");
        let made = difference(&before, &office.row_counts().await);
        assert_eq!(made.get(self.table), Some(&1), "{self:?}: {made:?}");
        payload
    }

    /// Sends the input, which must create nothing. Returns the payload.
    pub async fn create_nothing(self, office: &Office, person: &Actor, input: &Value) -> Value {
        let before = office.row_counts().await;
        let payload = self.send(person, input).await;
        let made = difference(&before, &office.row_counts().await);
        assert_eq!(made, BTreeMap::new(), "{self:?}: {payload:#}");
        payload
    }

    /// Sends the input ten times at once. The payloads must be equal, but for `replayed`. Returns
    /// one of the payloads, and how many of the requests created something.
    pub async fn send_ten_times(self, person: &Actor, input: &Value) -> (Value, usize) {
        let mut running = JoinSet::new();
        for _ in 0..10 {
            let (person, input) = (person.clone(), input.clone());
            running.spawn(async move { self.send(&person, &input).await });
        }
        let payloads = running.join_all().await;
        let replay = replay_of(&payloads[0]);
        assert_eq!(codes(&replay), [""; 0], "{self:?}: {replay:#}");
        assert!(replay[self.field]["id"].is_string(), "{self:?}: {replay:#}");
        for payload in &payloads {
            assert_eq!(replay_of(payload), replay, "{self:?}");
        }
        (replay, payloads.iter().filter(|payload| payload["replayed"] == false).count())
    }
}

pub fn replay_of(payload: &Value) -> Value {
    let mut replay = payload.clone();
    replay["replayed"] = json!(true);
    replay
}

/// A creation by name.
pub fn named(mutation: &str) -> Creation {
    CREATIONS.into_iter().find(|creation| creation.mutation == mutation).unwrap()
}
