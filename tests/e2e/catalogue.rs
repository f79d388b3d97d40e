//! Tags, resolutions and deals: who manages them, their names, their deletion.

use memoranda_tests::{Actor, Office, TestMemo, codes, difference};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A kind of catalogue entry, in the words of the schema.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    pub word: &'static str,
    name: &'static str,
    fields: &'static str,
}

pub const TAG: Kind = Kind { word: "tag", name: "Tag", fields: "id name" };
pub const RESOLUTION: Kind = Kind { word: "resolution", name: "Resolution", fields: "id name" };
pub const DEAL: Kind = Kind { word: "deal", name: "Deal", fields: "id name status dueDate" };
/// The kinds with unique names.
pub const NAMED: [Kind; 2] = [TAG, RESOLUTION];
pub const ALL: [Kind; 3] = [TAG, RESOLUTION, DEAL];

impl Kind {
    fn document(self, verb: &str) -> String {
        let Self { word, name, fields } = self;
        let answer = match verb {
            "delete" => format!("entry: deleted{name}Id"),
            _ => format!("entry: {word} {{ {fields} }}"),
        };
        let (capital, rest) = (verb[..1].to_uppercase(), &verb[1..]);
        format!(
            "mutation ($input: {capital}{rest}{name}Input!) {{ payload: {verb}{name}(input: \
             $input) {{
                {answer} userErrors {{ code field message }} clientMutationId }} }}",
        )
    }

    async fn run(self, person: &Actor, verb: &str, input: Value) -> Value {
        person.data(&self.document(verb), json!({ "input": input })).await["payload"].take()
    }

    pub async fn create(self, person: &Actor, name: &str) -> Value {
        self.run(person, "create", json!({ "name": name })).await
    }

    /// Creates an entry, and returns its id.
    pub async fn id(self, office: &Office, name: &str) -> Value {
        self.create(office.chief(), name).await["entry"]["id"].clone()
    }

    pub async fn update(self, person: &Actor, id: &Value, mut input: Value) -> Value {
        input[format!("{}Id", self.word)] = id.clone();
        self.run(person, "update", input).await
    }

    pub async fn delete(self, person: &Actor, id: &Value) -> Value {
        self.run(person, "delete", json!({ format!("{}Id", self.word): id })).await
    }

    pub async fn read(self, person: &Actor, id: &Value) -> Value {
        let query = format!(
            "query ($id: ID!) {{ node(id: $id) {{ ... on {} {{ {} }} }} }}",
            self.name, self.fields
        );
        person.data(&query, json!({ "id": id })).await["node"].take()
    }

    fn uuid(self, id: &Value) -> Uuid {
        let kind = match self.word {
            "tag" => api::graphql::Kind::Tag,
            "resolution" => api::graphql::Kind::Resolution,
            _ => api::graphql::Kind::Deal,
        };
        memoranda_tests::uuid_of(kind, id.as_str().unwrap())
    }

    /// Uses it in the memo.
    async fn link(self, office: &Office, memo: &TestMemo, id: &Value) {
        use entity::memo::Column;
        match self.word {
            "tag" => {
                let row = entity::memo_tag::Model { memo_id: memo.uuid, tag_id: self.uuid(id) };
                office.insert(row).await;
            }
            "resolution" => office.link(memo, Column::ResolutionId, self.uuid(id)).await,
            _ => office.link(memo, Column::DealId, self.uuid(id)).await,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn management_and_administrators_create_and_everybody_reads() {
    let office = Office::open().await;
    for kind in ALL {
        let mut before = office.row_counts().await;
        for (person, name) in [(office.chief(), " Garden "), (office.admin(), "Grüne Wiese")] {
            let input = json!({ "name": name, "clientMutationId": "7" });
            let created = kind.run(person, "create", input).await;
            assert_eq!(codes(&created), [""; 0]);
            assert_eq!(created["entry"]["name"], name.trim());
            assert_eq!(created["clientMutationId"], "7");
            assert_eq!(
                kind.read(office.stranger(), &created["entry"]["id"]).await,
                created["entry"]
            );
            let after = office.row_counts().await;
            assert_eq!(difference(&before, &after), [(format!("{}s", kind.word), 1)].into());
            before = after;
        }
        let input = json!({ "input": { "name": "Mine" } });
        let (code, message) = office.author().error(&kind.document("create"), input).await;
        assert_eq!(code, "FORBIDDEN");
        assert_eq!(message, "This is for company management and administrators. Ask one.");
        assert_eq!(office.row_counts().await, before);
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn empty_and_long_names_are_refused() {
    let office = Office::open().await;
    let before = office.row_counts().await;
    for kind in ALL {
        let chief = office.chief();
        for (name, message) in [
            (" \t".to_owned(), "The name must not be empty."),
            ("ä".repeat(251), "The name must have at most 250 characters."),
            ("a\0b".to_owned(), "The name must not contain the character U+0000."),
        ] {
            let refused = kind.create(chief, &name).await;
            let expected = json!([{ "code": "INVALID_INPUT", "field": ["input", "name"],
                "message": message }]);
            assert_eq!(refused["userErrors"], expected);
            assert_eq!(refused["entry"], Value::Null);
        }
        assert_eq!(office.row_counts().await, before);
        let id = kind.id(&office, &"ä".repeat(250)).await;
        let renamed = kind.update(chief, &id, json!({ "name": "" })).await;
        assert_eq!(codes(&renamed), ["INVALID_INPUT"]);
        assert_eq!(kind.read(chief, &id).await["name"], "ä".repeat(250));
        assert_eq!(kind.delete(chief, &id).await["entry"], id);
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_and_resolutions_have_names_of_their_own_whatever_the_capitals() {
    let office = Office::open().await;
    for kind in NAMED {
        let chief = office.chief();
        let (urgent, other) = (kind.id(&office, "Urgent").await, kind.id(&office, "Other").await);
        let before = office.row_counts().await;
        for name in ["Urgent", "uRGENT ", " urgent"] {
            let expected = json!([{ "code": "NAME_TAKEN", "field": ["input", "name"],
                "message": format!("There is a {} \"Urgent\" already. Use that one, or give \
                    another name.", kind.word) }]);
            assert_eq!(kind.create(chief, name).await["userErrors"], expected, "{name}");
            assert_eq!(
                kind.update(chief, &other, json!({ "name": name })).await["userErrors"],
                expected,
                "{name}"
            );
        }
        assert_eq!(kind.read(chief, &other).await["name"], "Other");
        assert_eq!(office.row_counts().await, before);
        // Its own name does not conflict, even in other capitals.
        for name in ["Urgent", "URGENT"] {
            assert_eq!(
                kind.update(chief, &urgent, json!({ "name": name })).await["entry"]["name"],
                name
            );
        }
        // Characters of patterns have no special meaning.
        for name in ["U%", "_rgent"] {
            assert_eq!(codes(&kind.create(chief, name).await), [""; 0], "{name}");
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deals_may_be_namesakes_and_are_changed_field_by_field() {
    let office = Office::open().await;
    let chief = office.chief();
    let input = json!({ "name": "Hotel lobby", "status": "IN_PROGRESS", "dueDate": "2026-05-01" });
    let created = DEAL.run(chief, "create", input).await["entry"].clone();
    let id = &created["id"];
    assert_eq!(
        created,
        json!({ "id": id, "name": "Hotel lobby", "status": "IN_PROGRESS", "dueDate": "2026-05-01" })
    );
    let namesake = DEAL.create(office.admin(), "Hotel lobby").await["entry"].clone();
    assert_eq!([&namesake["status"], &namesake["dueDate"]], [&json!("OPEN"), &Value::Null]);
    assert_ne!(namesake["id"], *id);

    let mut expected = created.clone();
    for (change, field, value) in [
        (json!({}), "name", json!("Hotel lobby")),
        (json!({ "name": " Hotel bar " }), "name", json!("Hotel bar")),
        (json!({ "status": "DONE" }), "status", json!("DONE")),
        (json!({ "dueDate": null }), "dueDate", Value::Null),
        (json!({ "dueDate": "2020-02-29" }), "dueDate", json!("2020-02-29")),
    ] {
        expected[field] = value;
        assert_eq!(DEAL.update(chief, id, change.clone()).await["entry"], expected, "{change}");
    }
    for field in ["name", "status"] {
        let refused = DEAL.update(chief, id, json!({ field: null, "dueDate": null })).await;
        assert_eq!(codes(&refused), ["INVALID_INPUT"]);
        assert_eq!(refused["userErrors"][0]["field"], json!(["input", field]));
    }
    assert_eq!(DEAL.read(office.author(), id).await, expected);
    assert_eq!(DEAL.read(office.author(), &namesake["id"]).await, namesake);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_memos_use_is_not_deleted_and_the_refusal_says_how_many() {
    let office = Office::open().await;
    for kind in ALL {
        let chief = office.chief();
        let id = kind.id(&office, "Used").await;
        let own_draft = office.memo().from(chief.id).draft();
        let memos = [office.memo().create().await, own_draft.create().await];
        for (n, memo) in memos.iter().enumerate() {
            kind.link(&office, memo, &id).await;
            let before = office.row_counts().await;
            let refused = kind.delete(chief, &id).await;
            let use_it = ["1 memo uses", "2 memos use"][n];
            let message = format!(
                "{use_it} this {}. Remove it from them first, or rename it instead.",
                kind.word
            );
            let field = json!(["input", format!("{}Id", kind.word)]);
            assert_eq!(
                refused["userErrors"],
                json!([{ "code": "IN_USE", "field": field, "message": message }])
            );
            assert_eq!(refused["entry"], Value::Null);
            assert_eq!(office.row_counts().await, before);
        }
        assert_eq!(
            kind.update(chief, &id, json!({ "name": "Renamed" })).await["entry"]["name"],
            "Renamed"
        );
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_memo_keeps_nothing_and_its_restore_names_what_is_missing() {
    let office = Office::open().await;
    for kind in ALL {
        let (id, kept) = (kind.id(&office, "Gone soon").await, kind.id(&office, "Stays").await);
        let memo = office.memo().create().await;
        kind.link(&office, &memo, &id).await;
        let record = office.author().delete_confirmed(&memo.id).await["receipt"]["id"].clone();
        let before = office.row_counts().await;
        let deleted = kind.delete(office.admin(), &id).await;
        assert_eq!(deleted["entry"], id, "{deleted:#}");
        let mut expected = BTreeMap::from([
            (format!("{}s", kind.word), -1),
            ("memo_deletion_missing".to_owned(), 1),
        ]);
        if kind.word == "tag" {
            expected.insert("memo_tags".to_owned(), -1);
        }
        assert_eq!(difference(&before, &office.row_counts().await), expected);
        let restored = office.author().restore(record.as_str().unwrap()).await;
        let link = format!("{}_LINK", kind.word.to_uppercase());
        assert_eq!(
            restored["missing"],
            json!([{ "kind": link, "label": "Gone soon" }]),
            "{restored:#}"
        );
        assert_eq!(kind.read(office.author(), &id).await, Value::Null);
        assert_eq!(kind.read(office.author(), &kept).await["name"], "Stays");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_exist_is_not_found() {
    let office = Office::open().await;
    for kind in ALL {
        let id = kind.id(&office, "Short").await;
        assert_eq!(kind.delete(office.chief(), &id).await["entry"], id);
        for id in [id, json!(format!("{}_x", kind.word))] {
            assert_eq!(codes(&kind.delete(office.chief(), &id).await), ["NOT_FOUND"]);
            assert_eq!(
                codes(&kind.update(office.chief(), &id, json!({ "name": "New" })).await),
                ["NOT_FOUND"]
            );
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_name_outdates_the_confirmation_of_a_deletion() {
    let office = Office::open().await;
    for kind in ALL {
        let id = kind.id(&office, "Old name").await;
        let memo = office.memo().create().await;
        kind.link(&office, &memo, &id).await;
        let token = office.author().preview(&memo.id).await["confirmationToken"].clone();
        kind.update(office.chief(), &id, json!({ "name": "New name" })).await;
        let input = json!({ "memoId": memo.id, "confirmationToken": token });
        assert_eq!(
            codes(&office.author().delete_with(input).await),
            ["CONFIRMATION_STALE"],
            "{}",
            kind.word
        );
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_of_others_neither_stop_a_deletion_nor_are_told_and_lose_the_link() {
    const MEMO: &str =
        "query ($id: ID!) { memo(id: $id) { version deal { id } resolution { id } tags { id } } }";
    let office = Office::open().await;
    for kind in ALL {
        let id = kind.id(&office, "Used by drafts").await;
        let drafts = [office.memo().draft().create().await, office.memo().draft().create().await];
        for draft in &drafts {
            kind.link(&office, draft, &id).await;
        }
        let sent = office.memo().create().await;
        kind.link(&office, &sent, &id).await;
        let refused = kind.delete(office.chief(), &id).await;
        let message = refused["userErrors"][0]["message"].as_str().unwrap();
        assert!(message.starts_with("1 memo uses"), "{message}");
        let token = office.author().preview(&drafts[0].id).await["confirmationToken"].clone();

        office.recipient().delete_confirmed(&sent.id).await;
        let deleted = kind.delete(office.chief(), &id).await;
        assert_eq!((codes(&deleted), &deleted["entry"]), (vec![], &id), "{}", kind.word);
        for draft in &drafts {
            let memo = office.author().data(MEMO, json!({ "id": draft.id })).await["memo"].take();
            let (field, nothing) =
                if kind.word == "tag" { ("tags", json!([])) } else { (kind.word, Value::Null) };
            assert_eq!(memo[field], nothing, "{memo:#}");
        }
        let input = json!({ "memoId": drafts[0].id, "confirmationToken": token });
        let stale = office.author().delete_with(input).await;
        assert_eq!(codes(&stale), ["CONFIRMATION_STALE"], "the draft has changed");
    }
    office.close().await;
}
