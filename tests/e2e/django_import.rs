//! The office of a Django CRM, imported and used through the API. `import/tests` compares it row by
//! row with its source.

use crate::accounts::sign_in;
use entity::{credential, user};
use import::Options;
use memoranda_tests::{Actor, Office};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use service::{accounts, discussion, progress::Silent};
use std::path::PathBuf;

/// The password of everybody in the sample.
const PASSWORD: &str = "Memo-demo-2026";

/// An office into which the sample was imported.
async fn imported() -> Office {
    let office = Office::open().await;
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "fixtures", "django-crm"].iter().collect();
    let from = folder.join("sample-dump.json").display().to_string();
    let media = Some(folder.join("sample-media.tar.gz"));
    let options = Options { media, ..Options::new(from) };
    let store = &office.backend.file_store;
    let report = import::run(&office.services, store, &options, &Silent).await.unwrap();
    assert!(report.tables().iter().all(|table| table.counts.is_balanced()));
    office
}

async fn person(office: &Office, username: &str) -> user::Model {
    let query = user::Entity::find().filter(user::Column::Username.eq(username));
    query.one(office.services.database.connection()).await.unwrap().unwrap()
}

async fn hash_of(office: &Office, username: &str) -> Option<String> {
    let person = person(office, username).await.id;
    let query = credential::Entity::find_by_id(person);
    let found = query.one(office.services.database.connection()).await.unwrap();
    found.map(|credential| credential.password_hash)
}

/// Somebody of the sample who has signed in.
async fn signed_in(office: &Office, username: &str) -> Actor {
    let payload = sign_in(office, username, PASSWORD).await;
    let token = payload["accessToken"].as_str().unwrap_or_else(|| panic!("{payload:#}")).to_owned();
    office.actor_with_token(person(office, username).await.id, username, Some(token))
}

const MEMO: &str = "query ($id: ID!) { memo(id: $id) {
    id name description stage sentAt author { username } recipient { username }
    subscribers { username } tags { name } files { id name size }
    comments { nodes { id body author { username } } } commentCount
} }";

/// The only memo that a search finds.
async fn find(person: &Actor, text: &str) -> Value {
    let query = "query ($text: String!) { memos(box: ALL_VISIBLE, filter: { text: $text }) {
        totalCount nodes { id } } }";
    let found = person.data(query, json!({ "text": text })).await;
    assert_eq!(found["memos"]["totalCount"], 1, "{found:#}");
    let id = found["memos"]["nodes"][0]["id"].clone();
    person.data(MEMO, json!({ "id": id })).await["memo"].take()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_imported_memo_is_previewed_deleted_and_restored_like_any_other() {
    let office = imported().await;
    let author = signed_in(&office, "Elena.").await;
    let memo = find(&author, "price list laptops").await;
    assert_eq!(memo["recipient"]["username"], "darian.head");
    assert_eq!(memo["commentCount"], 3);
    let answer = memo["comments"]["nodes"][1]["body"].as_str().unwrap();
    assert!(answer.starts_with("To: Garry Hale, Darian Flores\n> Please see"), "{answer}");
    assert_eq!(memo["files"].as_array().map(Vec::len), Some(2));

    let id = memo["id"].as_str().unwrap();
    let preview = author.preview(id).await;
    assert_eq!(preview["verdict"], "DISCOURAGED", "{preview:#}");
    let removed = preview["removed"]["totalCount"].as_i64().unwrap();
    assert!(removed >= 6, "{preview:#}");
    let document = "mutation ($input: DeleteMemoInput!) { deleteMemo(input: $input) {
        deletedMemoId userErrors { code } receipt { id removed { totalCount } } } }";
    let input = json!({ "memoId": id, "confirmationToken": preview["confirmationToken"] });
    let deleted = author.data(document, json!({ "input": input })).await;
    let receipt = &deleted["deleteMemo"]["receipt"];
    assert_eq!(receipt["removed"]["totalCount"], removed, "{deleted:#}");
    assert_eq!(author.type_of(id).await, "DeletedMemo");
    let restored = author.restore(receipt["id"].as_str().unwrap()).await;
    assert_eq!(restored["missing"], json!([]));
    let again = author.data(MEMO, json!({ "id": id })).await["memo"].take();
    assert_eq!(again, memo);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_password_of_django_opens_the_door_once_and_is_ours_then() {
    let office = imported().await;
    let before = hash_of(&office, "kurt.operator").await.unwrap();
    assert!(before.starts_with("pbkdf2_sha256$1200000$"), "{before}");
    let refused = sign_in(&office, "kurt.operator", "Memo-demo-2027").await;
    assert_eq!(refused["accessToken"], Value::Null);
    assert_eq!(hash_of(&office, "kurt.operator").await, Some(before));

    // Somebody who does not exist takes as long as somebody with such a hash.
    for name in ["kurt.operator", "nobody"] {
        let account = accounts::account(&office.services, name).await.unwrap();
        let shown = format!("{account:?}");
        assert!(shown.contains("imported_iterations: 1200000"), "{shown}");
    }
    let kurt = signed_in(&office, "kurt.operator").await;
    let viewer = kurt.data("{ viewer { username fullName } }", json!({})).await;
    assert_eq!(viewer["viewer"]["fullName"], "Kurt Weiß");
    let after = hash_of(&office, "kurt.operator").await.unwrap();
    assert!(after.starts_with("$argon2id$"), "{after}");
    signed_in(&office, "kurt.operator").await;
    assert_eq!(hash_of(&office, "kurt.operator").await, Some(after));

    // Who could not sign in there cannot sign in here.
    for nobody in ["left.company", "not.staff"] {
        let refused = sign_in(&office, nobody, PASSWORD).await;
        assert_eq!(refused["accessToken"], Value::Null, "{nobody}: {refused:#}");
    }
    assert_eq!(hash_of(&office, "left.company").await, None);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_hears_of_an_import() {
    let office = imported().await;
    assert_eq!(discussion::fire_due(&office.services).await.unwrap(), 0);
    let counts = office.row_counts().await;
    for table in ["notifications", "mails", "memo_events"] {
        assert_eq!(counts[table], 0, "{table}");
    }
    assert_eq!(counts["memos"], 34);
    office.close().await;
}
