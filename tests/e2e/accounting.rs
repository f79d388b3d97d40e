//! A memo that carries everything: the rows of every table before and after differ by exactly what the preview listed.

use memoranda_tests::{Office, difference};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The table that holds a row for each removed item of that kind; links in the memo's own row have none.
fn table_of(kind: &str) -> Option<&'static str> {
    match kind {
        "MEMO" => Some("memos"),
        "SUBSCRIBER_LINK" => Some("memo_subscribers"),
        "TAG_LINK" => Some("memo_tags"),
        "COMMENT" => Some("comments"),
        "REMINDER" => Some("reminders"),
        "UNREAD_MARK" => Some("unread_marks"),
        "ATTACHMENT" => Some("memo_files"),
        "FILE" => Some("files"),
        "TASK_LINK" | "PROJECT_LINK" | "DEAL_LINK" | "RESOLUTION_LINK" => None,
        other => panic!("{other} is removed from an unknown table"),
    }
}

/// What a deletion must change, by what its preview says.
fn expected_changes(preview: &Value) -> BTreeMap<String, i64> {
    let mut changes = BTreeMap::new();
    for count in preview["removed"]["counts"].as_array().unwrap() {
        if let Some(table) = table_of(count["kind"].as_str().unwrap()) {
            changes.insert(table.to_owned(), -count["count"].as_i64().unwrap());
        }
    }
    let items =
        preview["removed"]["totalCount"].as_i64().unwrap() + preview["kept"]["totalCount"].as_i64().unwrap();
    changes.insert("memo_deletion_items".to_owned(), items);
    changes.insert("memo_deletions".to_owned(), 1);
    changes.insert("notifications".to_owned(), 1);
    changes.insert("memo_events".to_owned(), 1);
    changes
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_of_every_table_is_accounted_for_and_a_restore_brings_each_back() {
    let office = Office::open().await;
    let (memo, _) = office.full_memo().await;
    let recipient = office.recipient();
    let everything = "query ($id: ID!) { memo(id: $id) {
        id name description note stage draft reviewDate sentAt createdAt updatedAt commentCount
        author { id } recipient { id } deal { id } task { id } project { id } resolution { id } tags { id } subscribers { id }
        files { id name size sha256 } comments { nodes { id body author { id } createdAt } }
    } }";
    let whole = recipient.data(everything, json!({ "id": memo.id })).await;
    let before = office.row_counts().await;
    let preview = recipient.preview(&memo.id).await;
    let payload = recipient.delete_confirmed(&memo.id).await;
    let changes = expected_changes(&preview);
    assert_eq!(difference(&before, &office.row_counts().await), changes);
    assert_eq!(changes["comments"], -3);

    let restored = recipient.restore(payload["receipt"]["id"].as_str().unwrap()).await;
    assert_eq!(restored["missing"], json!([]));
    let mut kept_for_the_record: BTreeMap<String, i64> =
        changes.into_iter().filter(|(_, change)| *change > 0).collect();
    kept_for_the_record.insert("memo_events".to_owned(), 2);
    assert_eq!(difference(&before, &office.row_counts().await), kept_for_the_record);
    assert_eq!(recipient.data(everything, json!({ "id": memo.id })).await, whole);
    assert_eq!(recipient.preview(&memo.id).await["removed"], preview["removed"]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_names_what_was_deleted_in_between() {
    let office = Office::open().await;
    let (memo, full) = office.full_memo().await;
    let recipient = office.recipient();
    let payload = recipient.delete_confirmed(&memo.id).await;
    entity::task::Entity::delete_by_id(full.task).exec(office.services.database.connection()).await.unwrap();
    office.sql("DELETE FROM tags WHERE name = 'urgent'").await;
    office.sql("DELETE FROM files WHERE name = 'plan.txt'").await;
    let restored = recipient.restore(payload["receipt"]["id"].as_str().unwrap()).await;
    let expected = json!([
        { "kind": "TASK_LINK", "label": "Paint the walls" },
        { "kind": "TAG_LINK", "label": "urgent" },
        { "kind": "ATTACHMENT", "label": "plan.txt" },
    ]);
    assert_eq!(restored["missing"], expected, "{restored:#}");
    let left = "query ($id: ID!) { memo(id: $id) { task { id } project { name } tags { name } files { name } commentCount } }";
    let left = recipient.data(left, json!({ "id": memo.id })).await;
    assert_eq!(left["memo"]["task"], json!(null));
    assert_eq!(left["memo"]["project"]["name"], "New showroom");
    assert_eq!(left["memo"]["tags"], json!([{ "name": "showroom" }]));
    assert_eq!(left["memo"]["files"].as_array().unwrap().len(), 4);
    assert_eq!(left["memo"]["commentCount"], 3);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_viewer_may_not_see_is_counted_and_never_named() {
    let office = Office::open().await;
    let (memo, full) = office.full_memo().await;
    office.sql("DELETE FROM task_members").await;
    let author = office.author();
    let preview = author.preview(&memo.id).await;
    let hidden = |list: &str, kind: &str| -> Vec<Value> {
        let items = preview[list]["nodes"].as_array().unwrap().iter();
        items.filter(|item| item["kind"] == kind).map(|item| json!([item["label"], item["node"]])).collect()
    };
    assert_eq!(hidden("kept", "TASK"), [json!([null, null])]);
    assert_eq!(hidden("removed", "TASK_LINK"), [json!([null, null])]);
    let reminders = hidden("removed", "REMINDER");
    assert_eq!(reminders.len(), 3);
    assert_eq!(
        reminders.iter().filter(|shown| **shown == json!([null, null])).count(),
        2,
        "others' reminders are private"
    );
    assert!(!preview.to_string().contains("Paint the walls"));
    let chiefs = office.chief().preview(&memo.id).await;
    assert!(chiefs.to_string().contains("Paint the walls"), "chiefs see every task");

    // The record keeps the same secrets from the same people.
    let payload = office.recipient().delete_confirmed(&memo.id).await;
    assert!(payload["receipt"].to_string().contains("Paint the walls"));
    let record = "query ($id: ID!) { node(id: $id) { ... on MemoDeletion { memoName removed { nodes { label node { id } } } kept { nodes { label } } } } }";
    let record_id = &payload["receipt"]["id"];
    let seen = author.data(record, json!({ "id": record_id })).await;
    assert_eq!(seen["node"]["memoName"], "Renovate the showroom");
    assert!(!seen.to_string().contains("Paint the walls"), "{seen:#}");
    let seen = office.admin().data(record, json!({ "id": record_id })).await;
    assert!(
        seen["node"]["removed"]["nodes"].as_array().unwrap().iter().all(|item| item["label"].is_null()),
        "{seen:#}"
    );
    let task =
        entity::task::Entity::find_by_id(full.task).one(office.services.database.connection()).await.unwrap();
    assert!(task.is_some());
    office.close().await;
}
