//! The purge: names, contents and bytes go when their time is over; who, when, why and how much stay.

use chrono::TimeDelta;
use entity::{blob, file};
use memoranda_tests::{Office, TestMemo};
use sea_orm::EntityTrait;
use serde_json::json;
use service::memo_deletion::{Purged, purge};

async fn has_bytes(office: &Office, sha256: &str) -> bool {
    let (first, second) = (&sha256[..2], &sha256[2..4]);
    office.services.file_store.get(&format!("sha256/{first}/{second}/{sha256}")).await.is_ok()
}

async fn delete_with_file(office: &Office) -> (TestMemo, file::Model, String) {
    let memo = office.memo().create().await;
    office.comment(&memo, office.author().id, "A secret comment").await;
    let file = office.attach(&memo, "secret.txt", "secret bytes").await;
    let payload = office.author().delete_confirmed(&memo.id).await;
    let record = payload["receipt"]["id"].as_str().unwrap_or_else(|| panic!("{payload:#}")).to_owned();
    (memo, file, record)
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_purged_while_it_can_be_restored() {
    let office = Office::open().await;
    let (memo, file, record) = delete_with_file(&office).await;
    office.clock.advance(TimeDelta::days(30) - TimeDelta::microseconds(1));
    assert_eq!(purge(&office.services).await.unwrap(), Purged::default());
    assert!(has_bytes(&office, &file.blob_sha256).await);
    office.author().restore(&record).await;
    let files = "query ($id: ID!) { memo(id: $id) { files { id name } } }";
    let files = office.author().data(files, json!({ "id": memo.id })).await;
    assert_eq!(files["memo"]["files"][0]["name"], "secret.txt");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_that_the_content_is_gone_and_the_record_stays() {
    let office = Office::open().await;
    let (memo, file, record) = delete_with_file(&office).await;
    assert!(has_bytes(&office, &file.blob_sha256).await, "the bytes outlive the deletion");
    office.clock.advance(TimeDelta::days(30));
    assert_eq!(purge(&office.services).await.unwrap(), Purged { records: 1, blobs: 1 });
    assert!(!has_bytes(&office, &file.blob_sha256).await);
    assert_eq!(office.row_counts().await["blobs"], 0);

    let query = "query ($id: ID!) { node(id: $id) { ... on MemoDeletion {
        memoId memoName deletedBy { username } purgedAt removed { totalCount counts { kind count } nodes { kind label } } kept { nodes { label reason } }
    } } }";
    let shown = office.author().data(query, json!({ "id": record })).await;
    assert_eq!(shown["node"]["memoId"], json!(memo.id));
    assert_eq!(shown["node"]["memoName"], json!(null));
    assert_eq!(shown["node"]["purgedAt"], json!(office.services.now().to_rfc3339()));
    assert_eq!(shown["node"]["removed"]["totalCount"], 4);
    assert_eq!(shown["node"]["kept"]["nodes"][0], json!({ "label": null, "reason": "PERSON" }));
    let items =
        entity::memo_deletion_item::Entity::find().all(office.services.database.connection()).await.unwrap();
    assert!(
        items.iter().all(|item| item.label.is_none() && item.content.is_none() && item.blob_sha256.is_none())
    );
    assert_eq!(purge(&office.services).await.unwrap(), Purged::default());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_another_file_uses_stay() {
    let office = Office::open().await;
    let other = office.memo().create().await;
    let same = office.attach(&other, "the same under another name.txt", "secret bytes").await;
    let (_, file, _) = delete_with_file(&office).await;
    assert_eq!(same.blob_sha256, file.blob_sha256, "stored once");
    office.clock.advance(TimeDelta::days(31));
    assert_eq!(purge(&office.services).await.unwrap(), Purged { records: 1, blobs: 0 });
    assert!(has_bytes(&office, &file.blob_sha256).await);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_between_the_bytes_and_the_commit_is_mended_by_the_next_purge() {
    let office = Office::open().await;
    let (_, file, _) = delete_with_file(&office).await;
    office.clock.advance(TimeDelta::days(31));
    // The crash comes after the row's deletion was sent and before it is committed.
    office.observe(Some(Box::new(|statement| {
        assert!(!statement.sql.starts_with("DELETE FROM blobs"), "the crash that this test plays")
    })));
    let services = office.services.clone();
    let crashed = tokio::spawn(async move { purge(&services).await }).await;
    assert!(crashed.is_err_and(|error| error.is_panic()));
    office.observe(None);
    assert!(
        has_bytes(&office, &file.blob_sha256).await,
        "before the commit that made them unused, no byte is removed"
    );
    // The other half: the bytes are gone, the commit never came.
    let blob = blob::Entity::find_by_id(&file.blob_sha256)
        .one(office.services.database.connection())
        .await
        .unwrap()
        .unwrap();
    office.services.file_store.delete(&blob.location).await.unwrap();
    assert_eq!(purge(&office.services).await.unwrap(), Purged { records: 0, blobs: 1 });
    assert_eq!(office.row_counts().await["blobs"], 0);
    office.close().await;
}
