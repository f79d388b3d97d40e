//! Moving house: what works before a move works after it.

use crate::accounts::{PASSWORD, give_password, sign_in};
use archive::Mode;
use chrono::TimeDelta;
use entity::UserRole;
use memoranda_tests::{
    ArchiveFolder, OPENING, Office, Options, TestDatabase, at, codes, import, is_postgres,
};
use serde_json::{Value, json};
use std::fs;

/// Opens the office of an archive, in a database of the kind that the test uses.
async fn open(archive: &ArchiveFolder) -> Office {
    let database = TestDatabase::create().await;
    import(&database, &archive.path(), Mode::Apply).await.unwrap();
    Office::open_in(database, at(OPENING), Options::default()).await
}

async fn memo_names(office: &Office, word: &str) -> Value {
    let search = "query ($word: String!) { memos(box: ALL_VISIBLE, filter: { text: $word }) { \
        nodes { name } } }";
    office.chief().data(search, json!({ "word": word })).await["memos"]["nodes"].take()
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_move_memos_are_previewed_deleted_restored_and_found() {
    let office = Office::open().await;
    let (memo, _) = office.full_memo().await;
    let deleted = office.memo().named("An old deletion").create().await;
    office.attach(&deleted, "deleted.txt", "bytes of a deleted memo").await;
    let record = office.author().delete_confirmed(&deleted.id).await["receipt"]["id"].clone();
    let held = office.memo().named("Evidence").on_hold().create().await;
    let draft = office.memo().named("A draft").draft().create().await;
    give_password(&office, office.author()).await;
    let before = office.recipient().preview(&memo.id).await;
    let archive = ArchiveFolder::of(&office).await;
    office.close().await;

    let office = open(&archive).await;
    let preview = office.recipient().preview(&memo.id).await;
    assert_eq!(preview["removed"], before["removed"]);
    assert_eq!(preview["kept"], before["kept"]);
    assert_eq!(preview["bytesFreed"], before["bytesFreed"]);
    assert_eq!(codes(&office.author().delete(&held.id).await), ["ON_HOLD"]);
    assert_eq!(office.author().type_of(&draft.id).await, "Memo");
    assert_eq!(office.recipient().type_of(&draft.id).await, Value::Null);

    let receipt = office.recipient().delete_confirmed(&memo.id).await;
    let restored = office.author().restore(receipt["receipt"]["id"].as_str().unwrap()).await;
    assert_eq!(restored["memo"]["id"], json!(memo.id));
    let restored = office.author().restore(record.as_str().unwrap()).await;
    assert_eq!(restored["memo"]["id"], json!(deleted.id), "{restored:#}");
    assert_eq!(memo_names(&office, "old deletion").await, json!([{ "name": "An old deletion" }]));

    let files = "query ($id: ID!) { memo(id: $id) { files { id name } } }";
    let files = office.author().data(files, json!({ "id": deleted.id })).await;
    let file = files["memo"]["files"][0]["id"].as_str().unwrap();
    let url = format!("{}/files/{file}", office.address);
    let request = reqwest::Client::new().get(url).bearer_auth(office.author().token());
    let bytes = request.send().await.unwrap().text().await.unwrap();
    assert_eq!(bytes, "bytes of a deleted memo");

    let signed_in = sign_in(&office, "author", PASSWORD).await;
    assert_eq!(signed_in["user"]["username"], "author", "{signed_in:#}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_move_repeated_requests_and_events_go_on_where_they_were() {
    let office = Office::open().await;
    let create = "mutation ($input: CreateMemoInput!) { createMemo(input: $input) { memo { id } \
        replayed userErrors { code } } }";
    let input = json!({ "input": { "name": "Once", "description": "",
        "recipientId": office.recipient().user_id(), "idempotencyKey": "a key" } });
    let first = office.author().data(create, input.clone()).await["createMemo"].take();
    let archive = ArchiveFolder::of(&office).await;
    office.close().await;

    let office = open(&archive).await;
    let again = office.author().data(create, input).await["createMemo"].take();
    assert_eq!((&again["memo"], &again["replayed"]), (&first["memo"], &json!(true)), "{again:#}");
    // The next event has a number and a position after those of the archive.
    let memo = first["memo"]["id"].as_str().unwrap();
    assert_eq!(codes(&office.recipient().review(memo).await), [""; 0]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_office_moves_between_sqlite_and_postgresql_and_back() {
    let office = Office::open().await;
    let source = TestDatabase::create_on_sqlite().await;
    let (backend, _) = memoranda_tests::backend(
        source.connect().await,
        &source.folder,
        std::sync::Arc::new(service::clock::ManualClock::new(at(OPENING))),
    );
    backend.services.database.migrate().await.unwrap();
    service::demo_office::furnish(&backend.services, &backend.file_store).await.unwrap();
    let on_sqlite = ArchiveFolder::of_backend(&backend).await;
    assert!(on_sqlite.exported.contents > 0 && on_sqlite.exported.missing.is_empty());

    // On PostgreSQL, if the tests run there.
    let target = TestDatabase::create().await;
    import(&target, &on_sqlite.path(), Mode::Apply).await.unwrap();
    let moved = Office::open_in(target, at(OPENING), Options::default()).await;
    let people = "{ users(first: 1) { totalCount } }";
    assert!(moved.admin().data(people, json!({})).await["users"]["totalCount"].as_i64() > Some(6));
    // Closing the office compares its archive with one that has been on SQLite.
    moved.close().await;
    backend.services.database.close().await.unwrap();
    source.drop().await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_is_the_same_on_both_databases_byte_for_byte() {
    let office = Office::open().await;
    office.full_memo().await;
    let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
    office.attach(&memo, "deleted.txt", "bytes of a deleted memo").await;
    office.recipient().delete_confirmed(&memo.id).await;
    let archive = ArchiveFolder::of(&office).await;
    let kinds = if is_postgres() { [true, false, true] } else { [false; 3] };
    for on_postgres in kinds {
        let database = if on_postgres {
            TestDatabase::create().await
        } else {
            TestDatabase::create_on_sqlite().await
        };
        import(&database, &archive.path(), Mode::Apply).await.unwrap();
        let clock = std::sync::Arc::new(service::clock::ManualClock::new(at(OPENING)));
        let (backend, _) =
            memoranda_tests::backend(database.connect().await, &database.folder, clock);
        archive.assert_same(&ArchiveFolder::of_backend(&backend).await);
        backend.services.database.close().await.unwrap();
        database.drop().await;
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_an_erased_person_or_memo_is_in_an_archive() {
    let office = Office::open().await;
    let leaver = office.hire("hopper", UserRole::Member).await;
    let memo = office.memo().from(leaver.id).named("Xylophone").create().await;
    office.attach(&memo, "xylophone.txt", "bytes of the xylophone").await;
    give_password(&office, &leaver).await;
    sign_in(&office, "hopper", PASSWORD).await;
    let record = leaver.delete_confirmed(&memo.id).await["receipt"]["id"].clone();
    office.clock.advance(TimeDelta::hours(2));
    let erased = office.admin().erase(record.as_str().unwrap(), "Wish of the author").await;
    assert_eq!(codes(&erased), [""; 0], "{erased:#}");
    let erased = crate::person_erasure::erase(office.admin(), &leaver).await;
    assert_eq!(codes(&erased), [""; 0], "{erased:#}");
    let archive = ArchiveFolder::of(&office).await;
    for (name, bytes) in archive.files() {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        for trace in ["hopper", "xylophone"] {
            assert!(!text.contains(trace), "{name} has {trace}");
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_owner_reads_an_archive() {
    use std::os::unix::fs::PermissionsExt;
    let office = Office::open().await;
    office.full_memo().await;
    let archive = ArchiveFolder::of(&office).await;
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(archive.path()), 0o700);
    for name in archive.files().keys() {
        assert_eq!(mode(archive.path().join(name)), 0o600, "{name}");
    }
    office.close().await;
}
