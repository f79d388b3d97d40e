//! The office of a Django CRM, imported and used through the API. `import/tests` compares it row by
//! row with its source.

use crate::{
    accounts::sign_in,
    person_erasure::{erase, found_in, preview},
};
use entity::{comment, credential, memo_event, notification, user};
use import::{Options, Report};
use memoranda_tests::{Actor, Office, codes, event_id};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use service::{Services, accounts, discussion, progress::Silent};
use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::atomic::{AtomicBool, Ordering},
};

/// The password of everybody in the sample.
const PASSWORD: &str = "Memo-demo-2026";

/// An office into which the sample was imported.
async fn imported() -> Office {
    let office = Office::open().await;
    import_into(&office).await;
    office
}

/// Imports the sample. Memos are written in several transactions.
async fn import_into(office: &Office) -> Report {
    import_with(&office.services, office).await
}

/// Imports the sample once more, as an operator: it reads what no server would.
async fn import_again(office: &Office) -> Report {
    let backend = office.commands().await;
    let report = import_with(&backend.services, office).await;
    backend.services.database.close().await.unwrap();
    report
}

async fn import_with(services: &Services, office: &Office) -> Report {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "fixtures", "django-crm"].iter().collect();
    let from = folder.join("sample-dump.json").display().to_string();
    let media = Some(folder.join("sample-media.tar.gz"));
    let options = Options { media, memos_at_once: 4, ..Options::new(from) };
    let store = &office.backend.file_store;
    let report = import::run(services, store, &options, &Silent).await.unwrap();
    assert!(report.tables().iter().all(|table| table.counts.is_balanced()));
    report
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

/// Sends a memo, which the recipient reviews. Every other one is deleted.
async fn work(office: &Office, n: usize) -> String {
    let create = "mutation ($input: CreateMemoInput!) { createMemo(input: $input) {
        memo { id } userErrors { code } } }";
    let recipient = office.recipient();
    let input = json!({ "name": format!("Meanwhile {n}"), "recipientId": recipient.user_id(),
        "draft": false });
    let payload = office.author().data(create, json!({ "input": input })).await;
    let id = payload["createMemo"]["memo"]["id"].as_str().unwrap_or_else(|| panic!("{payload:#}"));
    assert_eq!(codes(&recipient.review(id).await), [""; 0]);
    if n.is_multiple_of(2) {
        recipient.delete_confirmed(id).await;
    }
    id.to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn people_go_on_working_during_an_import_and_hear_only_of_their_work() {
    let office = Office::open().await;
    let mut socket = office.chief().connect().await;
    let listen = "subscription ($after: ID) { memoEvents(after: $after) { kind memoId } }";
    let beginning = event_id(office.chief(), 0);
    socket.subscribe("events", listen, json!({ "after": beginning })).await;

    let is_over = AtomicBool::new(false);
    let import = async {
        import_into(&office).await;
        is_over.store(true, Ordering::Relaxed);
    };
    let people = async {
        let mut memos = Vec::new();
        while !is_over.load(Ordering::Relaxed) || memos.len() < 4 {
            memos.push(work(&office, memos.len()).await);
        }
        memos
    };
    let ((), memos) = tokio::join!(import, people);

    // Every change that was acknowledged is there, and everything that was imported.
    for (n, id) in memos.iter().enumerate() {
        let expected = if n.is_multiple_of(2) { "DeletedMemo" } else { "Memo" };
        assert_eq!(office.author().type_of(id).await, expected, "{n}");
    }
    let counts = office.row_counts().await;
    let deleted = memos.len().div_ceil(2);
    assert_eq!(counts["memos"], i64::try_from(34 + memos.len() - deleted).unwrap());
    assert_eq!(counts["memo_deletions"], i64::try_from(deleted).unwrap());
    for table in import_again(&office).await.tables() {
        let counts = &table.counts;
        let new = (counts.made, counts.changed, counts.stayed);
        assert_eq!(new, (0, 0, 0), "{}: {counts:#?}", table.table);
    }

    // An event of the import would be heard before that of the last work.
    let last = work(&office, 0).await;
    let mut heard = Vec::new();
    while !heard.contains(&("DELETED".to_owned(), last.clone())) {
        let event = socket.answer("events").await["data"]["memoEvents"].take();
        let text = |field: &str| event[field].as_str().unwrap().to_owned();
        heard.push((text("kind"), text("memoId")));
    }
    let mut expected: Vec<(String, String)> = Vec::new();
    for (n, id) in memos.iter().enumerate().chain([(0, &last)]) {
        let kinds = ["SENT", "STAGE_CHANGED", "DELETED"];
        let kinds = &kinds[..if n.is_multiple_of(2) { 3 } else { 2 }];
        expected.extend(kinds.iter().map(|kind| ((*kind).to_owned(), id.clone())));
    }
    assert_eq!(heard, expected);
    let connection = office.services.database.connection();
    let events = memo_event::Entity::find().all(connection).await.unwrap();
    assert_eq!(events.len(), heard.len());
    let notified = notification::Entity::find().all(connection).await.unwrap();
    let notified: BTreeSet<_> = notified.iter().map(|row| row.user_id).collect();
    let own = [office.author().id, office.recipient().id];
    assert!(!notified.is_empty() && notified.iter().all(|id| own.contains(id)), "{notified:?}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_what_others_wrote_names_an_imported_person_who_was_erased() {
    let office = imported().await;
    let actor = async |username: &str| {
        let id = person(&office, username).await.id;
        office.actor_with_token(id, username, None)
    };
    // Nobody has written to her.
    let marina = actor("marina.coworker").await;
    let before = found_in(&office, "costa").await;
    assert!(before.iter().any(|table| table == "users"), "{before:#?}");
    let shown = preview(office.admin(), &marina).await;
    assert_eq!((&shown["verdict"], &shown["blockers"]), (&json!("ALLOWED"), &json!([])));
    let erased = erase(office.admin(), &marina).await;
    assert_eq!(codes(&erased), [""; 0], "{erased:#}");
    for name in ["costa", "marina"] {
        assert_eq!(found_in(&office, name).await, [""; 0], "{name}");
    }

    // The first line of a comment says to whom it was written there.
    let chloe = actor("chloe.manager").await;
    let erased = erase(office.admin(), &chloe).await;
    assert_eq!(codes(&erased), [""; 0], "{erased:#}");
    let mut found = found_in(&office, "dubois").await;
    found.retain(|place| !place.contains('/') && place != "dump");
    assert_eq!(found, ["comments"]);
    let comments = comment::Entity::find().filter(comment::Column::Body.contains("Dubois"));
    let backend = office.commands().await;
    for comment in comments.all(backend.services.database.connection()).await.unwrap() {
        let (first, rest) = comment.body.split_once('\n').unwrap();
        assert!(first.starts_with("To: ") && !rest.contains("Dubois"), "{}", comment.body);
        assert_ne!(comment.author_id, chloe.id);
    }
    backend.services.database.close().await.unwrap();

    // The next import brings neither of them back.
    import_again(&office).await;
    assert_eq!(found_in(&office, "costa").await, [""; 0]);
    for gone in [marina, chloe] {
        let query = user::Entity::find_by_id(gone.id).one(office.services.database.connection());
        let row = query.await.unwrap().unwrap();
        assert!(row.erased_at.is_some() && !row.active, "{row:?}");
    }
    office.close().await;
}
