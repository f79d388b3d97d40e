//! The purge: names, reasons, contents and bytes go when their time is over. Who, when and how much
//! remain.

use api::graphql::Kind;
use chrono::TimeDelta;
use entity::{file, memo_deletion};
use memoranda_tests::{Office, TestMemo, codes, moment};
use sea_orm::EntityTrait;
use serde_json::json;
use service::{holds::PlaceHoldError, memo_deletion::Purged};

pub async fn has_bytes(office: &Office, sha256: &str) -> bool {
    let (first, second) = (&sha256[..2], &sha256[2..4]);
    let folder = office.database().folder.join(format!("files/sha256/{first}/{second}"));
    let Ok(objects) = std::fs::read_dir(folder) else { return false };
    objects.flatten().any(|object| object.file_name().to_string_lossy().starts_with(sha256))
}

async fn delete_with_file(office: &Office) -> (TestMemo, file::Model, String) {
    let memo = office.memo().create().await;
    office.comment(&memo, office.author().id, "A secret comment").await;
    let file = office.attach(&memo, "secret.txt", "secret bytes").await;
    let preview = office.author().preview(&memo.id).await;
    let token = &preview["confirmationToken"];
    let input =
        json!({ "memoId": memo.id, "confirmationToken": token, "reason": "A secret reason" });
    let payload = office.author().delete_with(input).await;
    let record =
        payload["receipt"]["id"].as_str().unwrap_or_else(|| panic!("{payload:#}")).to_owned();
    (memo, file, record)
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_purged_while_it_can_be_restored() {
    let office = Office::open().await;
    let (memo, file, record) = delete_with_file(&office).await;
    office.clock.advance(TimeDelta::days(30) - TimeDelta::microseconds(1));
    assert_eq!(office.purger.deletions().await.unwrap(), Purged::default());
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
    assert_eq!(office.purger.deletions().await.unwrap(), Purged { records: 1, blobs: 1 });
    assert!(!has_bytes(&office, &file.blob_sha256).await);
    assert_eq!(office.row_counts().await["blobs"], 0);

    let query = "query ($id: ID!) { node(id: $id) { ... on MemoDeletion {
        memoId memoName reason deletedBy { username } purgedAt removed { totalCount counts { kind \
        count } nodes { kind label node { __typename } } } kept { nodes { label reason } }
    } } }";
    let shown = office.author().data(query, json!({ "id": record })).await;
    assert_eq!(shown["node"]["memoId"], json!(memo.id));
    assert_eq!(shown["node"]["memoName"], json!(null));
    assert_eq!(shown["node"]["reason"], json!(null));
    assert_eq!(shown["node"]["purgedAt"], json!(moment(office.services.now())));
    assert_eq!(shown["node"]["removed"]["totalCount"], 4);
    let nothing = json!({ "kind": "COMMENT", "label": null, "node": null });
    assert_eq!(shown["node"]["removed"]["nodes"][1], nothing);
    assert_eq!(shown["node"]["kept"]["nodes"][0], json!({ "label": null, "reason": "PERSON" }));
    let row =
        memo_deletion::Entity::find().one(office.services.database.connection()).await.unwrap();
    let row = row.unwrap();
    assert_eq!((row.memo_name, row.reason), (None, None));
    let left = office.row_counts().await;
    for table in ["memo_ids", "deleted_memos", "comments", "memo_files", "files"] {
        assert_eq!(left[table], 0, "{table}");
    }
    assert_eq!(office.purger.deletions().await.unwrap(), Purged::default());
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
    assert_eq!(office.purger.deletions().await.unwrap(), Purged { records: 1, blobs: 0 });
    assert!(has_bytes(&office, &file.blob_sha256).await);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_at_any_step_of_removing_bytes_is_mended_by_the_next_purge() {
    // The statement after which the process ends, and whether the bytes then still exist.
    let steps = [
        ("SELECT b.sha256 FROM blobs", true),
        ("DELETE FROM blobs", true),
        ("INSERT INTO \"blob_removals\"", true),
        ("SELECT \"blob_removals\".\"location\"", true),
        ("DELETE FROM \"blob_removals\"", false),
    ];
    for (step, has_them) in steps {
        let office = Office::open().await;
        let (_, file, _) = delete_with_file(&office).await;
        office.clock.advance(TimeDelta::days(31));
        office.observe(Some(Box::new(move |statement| {
            assert!(!statement.sql.starts_with(step), "the crash that this test plays")
        })));
        let purger = office.purger.clone();
        let crashed = tokio::spawn(async move { purger.deletions().await }).await;
        assert!(crashed.is_err_and(|error| error.is_panic()), "{step}");
        office.observe(None);
        assert_eq!(has_bytes(&office, &file.blob_sha256).await, has_them, "{step}");
        assert_eq!(
            office.purger.deletions().await.unwrap(),
            Purged { records: 0, blobs: 1 },
            "{step}"
        );
        assert!(!has_bytes(&office, &file.blob_sha256).await, "{step}");
        let left = office.row_counts().await;
        assert_eq!((left["blobs"], left["blob_removals"]), (0, 0), "{step}");
        office.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_on_a_deleted_memo_stops_its_purge_until_it_is_released() {
    let office = Office::open().await;
    let (memo, file, record) = delete_with_file(&office).await;
    let (other, ..) = delete_with_file(&office).await;
    office.clock.advance(TimeDelta::days(10));
    let audit = office.hold(&memo, "Audit 2026").await.unwrap();
    let court = office.hold(&memo, "Miller v. us").await.unwrap();
    office.clock.advance(TimeDelta::days(21));
    let purged = office.purger.deletions().await.unwrap();
    assert_eq!(purged, Purged { records: 1, blobs: 0 }, "the other memo's file has the same bytes");
    assert!(has_bytes(&office, &file.blob_sha256).await);
    let left = office.row_counts().await;
    assert_eq!((left["deleted_memos"], left["comments"]), (1, 1));
    assert_eq!(office.author().type_of(&other.id).await, "DeletedMemo");
    assert_eq!(office.purger.deletions().await.unwrap(), Purged::default());

    office.release(&audit).await;
    assert_eq!(
        office.purger.deletions().await.unwrap(),
        Purged::default(),
        "the other matter keeps it"
    );
    office.release(&court).await;
    assert_eq!(office.purger.deletions().await.unwrap(), Purged { records: 1, blobs: 1 });
    assert_eq!(office.row_counts().await["deleted_memos"], 0);
    assert!(matches!(office.hold(&memo, "Too late").await, Err(PlaceHoldError::NotFound)));
    assert_eq!(codes(&office.author().restore(&record).await), ["NO_LONGER_RESTORABLE"]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_memo_on_hold_can_be_restored_and_is_on_hold_then() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let payload = office.author().delete(&memo.id).await;
    office.hold(&memo, "").await.unwrap();
    office.author().restore(payload["receipt"]["id"].as_str().unwrap()).await;
    assert_eq!(codes(&office.author().delete(&memo.id).await), ["ON_HOLD"]);
    let connection = office.services.database.connection();
    let forced =
        sea_orm::ConnectionTrait::execute_unprepared(connection, "DELETE FROM memos").await;
    assert!(forced.is_err(), "the database keeps it as well");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_a_record_lists_as_kept_outlives_its_task_while_the_record_can_be_restored() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let task = office.task("A short task").await;
    let file = office.attach(&memo, "plan.txt", "the plan").await;
    office.transfer_to_task(file.id, task).await;
    office.make_responsible(office.recipient(), task).await;
    let payload = office.author().delete(&memo.id).await;
    let query =
        "mutation ($id: ID!) { deleteTask(input: { taskId: $id }) { userErrors { code } } }";
    let deleted = office.recipient().data(query, json!({ "id": Kind::Task.id(task) })).await;
    assert_eq!(codes(&deleted["deleteTask"]), [""; 0]);
    office.clock.advance(TimeDelta::days(29));
    office.purger.uploads(TimeDelta::days(1)).await.unwrap();
    office.purger.deletions().await.unwrap();
    assert!(has_bytes(&office, &file.blob_sha256).await);
    let restored = office.author().restore(payload["receipt"]["id"].as_str().unwrap()).await;
    assert_eq!(restored["missing"], json!([]), "{restored:#}");
    let files = "query ($id: ID!) { memo(id: $id) { files { name } } }";
    let files = office.author().data(files, json!({ "id": memo.id })).await;
    assert_eq!(files["memo"]["files"], json!([{ "name": "plan.txt" }]));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_memos_that_share_a_file_come_back_whole_in_whatever_order() {
    for order in [[0, 1], [1, 0]] {
        for purge_between in [false, true] {
            let office = Office::open().await;
            let memos = [office.memo().create().await, office.memo().create().await];
            let file = office.attach(&memos[0], "prices.txt", "the prices").await;
            office.attach_file(&memos[1], file.id).await;
            let author = office.author();
            let mut records = Vec::new();
            for (place, memo) in memos.iter().enumerate() {
                let deleted = author.delete_confirmed(&memo.id).await;
                let kept = deleted["receipt"]["kept"].to_string().contains("prices.txt");
                assert_eq!(kept, place == 0, "the first leaves it to the second: {deleted:#}");
                records.push(deleted["receipt"]["id"].as_str().unwrap().to_owned());
            }
            let mut bytes = Vec::new();
            for which in order {
                if purge_between {
                    office.purger.uploads(TimeDelta::zero()).await.unwrap();
                    office.purger.deletions().await.unwrap();
                }
                let restored = author.restore(&records[which]).await;
                assert_eq!(restored["missing"], json!([]), "{restored:#}");
                let files = "query ($id: ID!) { memo(id: $id) { files { id name } } }";
                let files = author.data(files, json!({ "id": memos[which].id })).await;
                assert_eq!(files["memo"]["files"][0]["name"], "prices.txt");
                bytes.push(has_bytes(&office, &file.blob_sha256).await);
            }
            assert_eq!(bytes, [true, true]);
            assert_eq!(office.row_counts().await["memo_files"], 2);
            office.close().await;
        }
    }
}
