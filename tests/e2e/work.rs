//! Tasks and projects that people create, complete and delete.

use entity::{MemoEventKind, memo, memo_event};
use memoranda_tests::{Actor, Office, TestMemo, codes, difference, uuid_of};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

/// One of the two kinds of work. Every rule applies to both.
#[derive(Debug, Clone, Copy)]
pub struct Twin {
    pub word: &'static str,
    pub name: &'static str,
    pub kind: api::graphql::Kind,
}

pub const TWINS: [Twin; 2] = [
    Twin { word: "task", name: "Task", kind: api::graphql::Kind::Task },
    Twin { word: "project", name: "Project", kind: api::graphql::Kind::Project },
];

/// The fields of the work in payloads.
pub const FIELDS: &str =
    "id name description status dueDate responsible { username } subscribers { \
    username } files { name }
    sourceMemo { __typename ... on Memo { id } ... on DeletedMemo { id: memoId } } \
    createdBy { username } \
    viewerCanUpdate viewerIsResponsible";

impl Twin {
    /// Runs a mutation of this kind, such as `create`. Returns its payload, with the work under
    /// `work`.
    pub async fn run(self, person: &Actor, verb: &str, suffix: &str, input: Value) -> Value {
        let Self { word, name, .. } = self;
        let input_type = format!("{}{}{name}{suffix}Input", verb[..1].to_uppercase(), &verb[1..]);
        let selection = match (verb, suffix) {
            ("delete", _) => format!("deleted: deleted{name}Id"),
            (_, "FromMemo") => {
                format!("work: {word} {{ {FIELDS} }} memo {{ id stage reviewDate conclusion }}")
            }
            _ => format!("work: {word} {{ {FIELDS} }}"),
        };
        let query = format!(
            "mutation ($input: {input_type}!) {{ answer: {verb}{name}{suffix}(input: $input) {{ \
             {selection}
                userErrors {{ code field message }} clientMutationId }} }}"
        );
        person.data(&query, json!({ "input": input })).await["answer"].take()
    }

    pub async fn create(self, person: &Actor, input: Value) -> Value {
        self.run(person, "create", "", input).await
    }

    /// Changes the work with that id.
    pub async fn update(self, person: &Actor, id: &Value, mut input: Value) -> Value {
        input[format!("{}Id", self.word)] = id.clone();
        self.run(person, "update", "", input).await
    }

    pub async fn complete(self, person: &Actor, id: &Value) -> Value {
        self.run(person, "complete", "", json!({ format!("{}Id", self.word): id })).await
    }

    pub async fn delete(self, person: &Actor, id: &Value) -> Value {
        self.run(person, "delete", "", json!({ format!("{}Id", self.word): id })).await
    }

    /// Reads the work; null if the person cannot see it.
    pub async fn read(self, person: &Actor, id: &Value) -> Value {
        let query = format!(
            "query ($id: ID!) {{ node(id: $id) {{ ... on {} {{ {FIELDS} }} }} }}",
            self.name
        );
        person.data(&query, json!({ "id": id })).await["node"].take()
    }

    /// Creates work as the recipient, with the stranger as the responsible person. Returns its id.
    pub async fn given_to_the_stranger(self, office: &Office) -> Value {
        let input = json!({
            "name": "Paint the walls",
            "description": "White.",
            "dueDate": "2026-03-20",
            "responsibleIds": [user(office.stranger())],
            "subscriberIds": [user(office.subscriber())],
        });
        let created = self.create(office.recipient(), input).await;
        assert_eq!(codes(&created), [""; 0], "{created:#}");
        created["work"]["id"].clone()
    }
}

/// A person's global id.
pub fn user(person: &Actor) -> String {
    api::graphql::Kind::User.id(person.id).0
}

/// A file's global id.
pub fn file_id(file: &entity::file::Model) -> String {
    api::graphql::Kind::File.id(file.id).0
}

/// What happened to the memo, in order.
pub async fn events_of(office: &Office, memo: &TestMemo) -> Vec<MemoEventKind> {
    let events = memo_event::Entity::find()
        .filter(memo_event::Column::MemoId.eq(memo.uuid))
        .order_by_asc(memo_event::Column::Id)
        .all(office.services.database.connection());
    events.await.expect("the events").into_iter().map(|event| event.kind).collect()
}

/// The memo's row.
pub async fn row_of(office: &Office, memo: &TestMemo) -> memo::Model {
    let row = memo::Entity::find_by_id(memo.uuid).one(office.services.database.connection()).await;
    row.expect("the database answers").expect("the memo")
}

/// The person's notifications: kind, actor, and the name of the task or project.
pub async fn notified(person: &Actor) -> Vec<(String, String, String)> {
    let query =
        "{ notifications { nodes { kind actor { username } task { name } project { name } } } }";
    let answer = person.data(query, json!({})).await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    answer["notifications"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|notified| {
            let name = if notified["task"].is_null() {
                &notified["project"]["name"]
            } else {
                &notified["task"]["name"]
            };
            (text(&notified["kind"]), text(&notified["actor"]["username"]), text(name))
        })
        .collect()
}

/// People in the form of the API.
pub fn names(people: &[&str]) -> Value {
    people.iter().map(|name| json!({ "username": name })).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn work_is_created_without_a_memo_for_the_viewer_or_for_others() {
    let office = Office::open().await;
    for twin in TWINS {
        let own = twin
            .create(office.author(), json!({ "name": "  Tidy up  ", "clientMutationId": "c" }))
            .await;
        assert_eq!(own["clientMutationId"], "c");
        insta::allow_duplicates! {
            insta::assert_json_snapshot!(own["work"], { ".id" => "[work]" }, @r#"
            {
              "createdBy": {
                "username": "author"
              },
              "description": "",
              "dueDate": null,
              "files": [],
              "id": "[work]",
              "name": "Tidy up",
              "responsible": [
                {
                  "username": "author"
                }
              ],
              "sourceMemo": null,
              "status": "OPEN",
              "subscribers": [],
              "viewerCanUpdate": true,
              "viewerIsResponsible": true
            }
            "#);
        }
        let id = twin.given_to_the_stranger(&office).await;
        let seen = twin.read(office.recipient(), &id).await;
        assert_eq!(seen["id"], id);
        insta::allow_duplicates! {
            insta::assert_json_snapshot!(seen, { ".id" => "[work]" }, @r#"
            {
              "createdBy": {
                "username": "recipient"
              },
              "description": "White.",
              "dueDate": "2026-03-20",
              "files": [],
              "id": "[work]",
              "name": "Paint the walls",
              "responsible": [
                {
                  "username": "stranger"
                }
              ],
              "sourceMemo": null,
              "status": "OPEN",
              "subscribers": [
                {
                  "username": "subscriber"
                }
              ],
              "viewerCanUpdate": false,
              "viewerIsResponsible": false
            }
            "#);
        }
        assert_eq!(twin.read(office.stranger(), &id).await["viewerCanUpdate"], true);
        let assigned = format!("{}_ASSIGNED", twin.word.to_uppercase());
        let news = (assigned, "recipient".to_owned(), "Paint the walls".to_owned());
        assert!(notified(office.stranger()).await.contains(&news));
    }
    assert_eq!(notified(office.stranger()).await.len(), 2);
    for person in [office.author(), office.recipient(), office.subscriber()] {
        assert_eq!(
            notified(person).await,
            [],
            "nobody is notified of their own actions, nor of a subscription"
        );
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn work_of_unacceptable_input_is_not_created() {
    let office = Office::open().await;
    office.sql("UPDATE users SET active = FALSE WHERE username = 'stranger'").await;
    let before = office.row_counts().await;
    let nobody = api::graphql::Kind::User.id(uuid::Uuid::max()).0;
    let many = vec![user(office.author()); 101];
    for twin in TWINS {
        for (input, code, field) in [
            (json!({ "name": "  " }), "INVALID_INPUT", "name"),
            (json!({ "name": "x".repeat(251) }), "INVALID_INPUT", "name"),
            (json!({ "name": "a\0b" }), "INVALID_INPUT", "name"),
            (json!({ "name": "x", "description": "a\0b" }), "INVALID_INPUT", "description"),
            (
                json!({ "name": "x", "description": "x".repeat(20_001) }),
                "INVALID_INPUT",
                "description",
            ),
            (json!({ "name": "x", "responsibleIds": [] }), "INVALID_INPUT", "responsibleIds"),
            (json!({ "name": "x", "responsibleIds": many }), "INVALID_INPUT", "responsibleIds"),
            (json!({ "name": "x", "subscriberIds": many }), "INVALID_INPUT", "subscriberIds"),
            (json!({ "name": "x", "responsibleIds": [nobody] }), "NOT_FOUND", "responsibleIds"),
            (json!({ "name": "x", "subscriberIds": [nobody] }), "NOT_FOUND", "subscriberIds"),
            (
                json!({ "name": "x", "responsibleIds": [user(office.stranger())] }),
                "NOT_FOUND",
                "responsibleIds",
            ),
        ] {
            let refused = twin.create(office.author(), input).await;
            assert_eq!(codes(&refused), [code], "{refused:#}");
            assert_eq!(refused["userErrors"][0]["field"], json!(["input", field]));
            assert_eq!(refused["work"], Value::Null);
        }
        let inactive = twin
            .create(
                office.author(),
                json!({ "name": "x", "responsibleIds": [user(office.stranger())] }),
            )
            .await;
        assert_eq!(
            inactive["userErrors"][0]["message"],
            "The stranger is not active any more. Choose somebody else."
        );
    }
    assert_eq!(office.row_counts().await, before);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_responsible_change_complete_and_delete_work() {
    let office = Office::open().await;
    for twin in TWINS {
        let id = twin.given_to_the_stranger(&office).await;
        let before = (office.row_counts().await, twin.read(office.recipient(), &id).await);
        for (person, code) in [
            (office.recipient(), "NOT_RESPONSIBLE"),
            (office.subscriber(), "NOT_RESPONSIBLE"),
            (office.chief(), "NOT_RESPONSIBLE"),
            (office.author(), "NOT_FOUND"),
            (office.admin(), "NOT_FOUND"),
        ] {
            for refused in [
                twin.update(person, &id, json!({ "name": "Mine" })).await,
                twin.complete(person, &id).await,
                twin.delete(person, &id).await,
            ] {
                assert_eq!(codes(&refused), [code], "{}", person.name);
                assert_eq!(
                    refused["userErrors"][0]["field"],
                    json!(["input", format!("{}Id", twin.word)])
                );
            }
            assert_eq!(
                twin.read(person, &id).await.is_null(),
                code == "NOT_FOUND",
                "{}",
                person.name
            );
        }
        assert_eq!((office.row_counts().await, twin.read(office.recipient(), &id).await), before);
        assert_eq!(
            codes(&twin.update(office.stranger(), &id, json!({ "name": "Ours" })).await),
            [""; 0]
        );
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn completing_work_again_changes_nothing() {
    let office = Office::open().await;
    for twin in TWINS {
        let id = twin.given_to_the_stranger(&office).await;
        let before = office.row_counts().await;
        let done = twin.complete(office.stranger(), &id).await;
        assert_eq!(done["work"]["status"], "DONE");
        assert_eq!(twin.complete(office.stranger(), &id).await, done);
        assert_eq!(office.row_counts().await, before);
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_work_unties_it_from_its_memos_and_leaves_memos_and_files() {
    let office = Office::open().await;
    for twin in TWINS {
        let id = twin.given_to_the_stranger(&office).await;
        let uuid = uuid_of(twin.kind, id.as_str().unwrap());
        let (one, two, other) = (
            office.memo().create().await,
            office.memo().create().await,
            office.memo().create().await,
        );
        let column =
            if twin.word == "task" { memo::Column::TaskId } else { memo::Column::ProjectId };
        office.link(&one, column, uuid).await;
        office.link(&two, column, uuid).await;
        let file = office.attach(&one, "plan.txt", &format!("the plan of the {}", twin.word)).await;
        if twin.word == "task" {
            office.transfer_to_task(file.id, uuid).await;
        } else {
            office.transfer_to_project(file.id, uuid).await;
        }
        assert_eq!(
            twin.read(office.stranger(), &id).await["files"],
            json!([{ "name": "plan.txt" }])
        );
        let token = office.recipient().preview(&one.id).await["confirmationToken"].clone();
        let before =
            (office.row_counts().await, row_of(&office, &one).await, row_of(&office, &other).await);

        let deleted = twin.delete(office.stranger(), &id).await;
        assert_eq!(deleted["deleted"], id);
        let expected = [
            (format!("{}s", twin.word), -1),
            (format!("{}_members", twin.word), -2),
            (format!("{}_files", twin.word), -1),
            ("memo_events".to_owned(), 2),
        ];
        assert_eq!(difference(&before.0, &office.row_counts().await), expected.into());
        for memo in [&one, &two] {
            let row = row_of(&office, memo).await;
            assert_eq!((row.task_id, row.project_id), (None, None));
            assert_eq!(row.version, before.1.version + 1);
            assert_eq!(events_of(&office, memo).await, [MemoEventKind::Updated]);
        }
        assert_eq!(row_of(&office, &other).await, before.2);
        let stale = json!({ "memoId": one.id, "confirmationToken": token });
        assert_eq!(codes(&office.recipient().delete_with(stale).await), ["CONFIRMATION_STALE"]);
        assert_eq!(office.stranger().type_of(id.as_str().unwrap()).await, Value::Null);
        assert_eq!(codes(&twin.delete(office.stranger(), &id).await), ["NOT_FOUND"]);
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_only_deleted_work_had_stays_with_the_deleted_memo() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let file = office.attach(&memo, "plan.txt", "the plan").await;
    let input = json!({ "memoId": memo.id, "fileIds": [file_id(&file)] });
    let [task, _] = TWINS;
    let created = task.run(office.recipient(), "create", "FromMemo", input).await;
    let deleted = office.recipient().delete_confirmed(&memo.id).await;
    assert_eq!(codes(&task.delete(office.recipient(), &created["work"]["id"]).await), [""; 0]);
    assert_eq!(office.row_counts().await["files"], 1);
    assert_eq!(office.author().type_of(&file_id(&file)).await, Value::Null, "out of reach");
    office.author().restore(deleted["receipt"]["id"].as_str().unwrap()).await;
    assert_eq!(office.author().type_of(&file_id(&file)).await, "File");
    office.close().await;
}
