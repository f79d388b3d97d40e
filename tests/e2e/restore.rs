//! Who may restore, until when, and how often.

use chrono::TimeDelta;
use memoranda_tests::{Office, codes, moment};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn the_deleter_may_restore_and_the_author_if_it_was_the_recipient() {
    let office = Office::open().await;
    let by_author = office.memo().with_subscriber(office.subscriber().id).create().await;
    let record = office.author().delete(&by_author.id).await["receipt"]["id"].clone();
    let record = record.as_str().unwrap();
    assert_eq!(codes(&office.recipient().restore(record).await), ["NOT_ALLOWED"]);
    assert_eq!(codes(&office.admin().restore(record).await), ["NOT_ALLOWED"]);
    for person in [office.subscriber(), office.stranger(), office.chief()] {
        assert_eq!(codes(&person.restore(record).await), ["NOT_FOUND"], "{}", person.name);
    }
    assert_eq!(office.author().type_of(&by_author.id).await, "DeletedMemo");
    let restored = office.author().restore(record).await;
    assert_eq!(restored["memo"]["id"], json!(by_author.id));
    assert_eq!(office.subscriber().type_of(&by_author.id).await, "Memo");

    let by_recipient = office.memo().create().await;
    let record =
        office.recipient().delete_confirmed(&by_recipient.id).await["receipt"]["id"].clone();
    let restored = office.author().restore(record.as_str().unwrap()).await;
    assert_eq!(restored["memo"]["id"], json!(by_recipient.id));
    assert_eq!(
        codes(&office.recipient().restore(record.as_str().unwrap()).await),
        ["ALREADY_RESTORED"]
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn restoring_again_changes_nothing() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let payload = office.author().delete(&memo.id).await;
    let record = payload["receipt"]["id"].as_str().unwrap();
    let restores =
        futures_util::future::join_all((0..5).map(|_| office.author().restore(record))).await;
    assert_eq!(restores.iter().filter(|restore| restore["replayed"] == false).count(), 1);
    assert!(
        restores.iter().all(|restore| restore["memo"]["id"] == json!(memo.id)),
        "{restores:#?}"
    );
    assert_eq!(office.row_counts().await["memos"], 1);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_memo_can_be_deleted_again_but_not_by_an_old_confirmation() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let token = office.recipient().preview(&memo.id).await["confirmationToken"].clone();
    let input = json!({ "memoId": memo.id, "confirmationToken": token });
    let first = office.recipient().delete_with(input.clone()).await;
    office.author().restore(first["receipt"]["id"].as_str().unwrap()).await;
    assert_eq!(codes(&office.recipient().delete_with(input).await), ["CONFIRMATION_STALE"]);
    let second = office.recipient().delete_confirmed(&memo.id).await;
    assert_eq!(second["replayed"], false);
    assert_ne!(second["receipt"]["id"], first["receipt"]["id"]);
    let records = "query ($id: ID!) { memoDeletions(filter: { memoId: $id }) { nodes { \
        viewerCanRestore \
        restoredBy { username } } } }";
    let records = office.author().data(records, json!({ "id": memo.id })).await;
    let mut shown = records["memoDeletions"]["nodes"].as_array().unwrap().clone();
    shown.sort_by_key(|record| record["restoredBy"].is_null());
    assert_eq!(
        shown[0],
        json!({ "viewerCanRestore": false, "restoredBy": { "username": "author" } })
    );
    assert_eq!(shown[1], json!({ "viewerCanRestore": true, "restoredBy": null }));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_its_time_a_deletion_is_final() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let payload = office.author().delete(&memo.id).await;
    assert_eq!(
        payload["receipt"]["restorableUntil"],
        json!(moment(office.services.now() + TimeDelta::days(30)))
    );
    office.clock.advance(TimeDelta::days(30));
    let record = payload["receipt"]["id"].as_str().unwrap();
    assert_eq!(codes(&office.author().restore(record).await), ["NO_LONGER_RESTORABLE"]);
    assert_eq!(office.author().type_of(&memo.id).await, "DeletedMemo");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_restores_blindly_what_somebody_deleted_who_has_left() {
    let office = Office::open().await;
    let memo =
        office.memo().named("A secret name").with_subscriber(office.subscriber().id).create().await;
    let payload = office.author().delete(&memo.id).await;
    let record = payload["receipt"]["id"].as_str().unwrap();
    let can =
        "query ($id: ID!) { node(id: $id) { ... on MemoDeletion { viewerCanRestore memoName } } }";
    let can = async || office.admin().data(can, json!({ "id": record })).await["node"].take();
    assert_eq!(can().await, json!({ "viewerCanRestore": false, "memoName": null }));
    assert_eq!(codes(&office.admin().restore(record).await), ["NOT_ALLOWED"]);
    let deactivate =
        "mutation ($id: ID!) { deactivateUser(input: { userId: $id }) { userErrors { code } } }";
    office.admin().data(deactivate, json!({ "id": office.author().user_id() })).await;
    assert_eq!(can().await, json!({ "viewerCanRestore": true, "memoName": null }));
    assert_eq!(codes(&office.recipient().restore(record).await), ["NOT_ALLOWED"]);
    let restored = office.admin().restore(record).await;
    assert_eq!(codes(&restored), [""; 0], "{restored:#}");
    assert_eq!(restored["memo"], json!(null), "and is not shown what it says");
    assert!(!restored.to_string().contains("A secret name"), "{restored:#}");
    assert_eq!(office.subscriber().type_of(&memo.id).await, "Memo");
    office.close().await;
}
