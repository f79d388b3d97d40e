//! A memo with all kinds of belongings: the test accounts for every row of every table.

use api::graphql::Kind;
use chrono::TimeDelta;
use memoranda_tests::{Actor, Office, codes, difference, dump_rows, uuid_of};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use service::memo_deletion::Purged;
use std::collections::BTreeMap;

/// The table with a row for each removed item of that kind; links in the memo's own row have none.
fn table_of(kind: &str) -> Option<&'static str> {
    match kind {
        "MEMO" => Some("deleted_memos"),
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

/// The rows that go for good, according to the preview.
fn rows_that_go(preview: &Value) -> BTreeMap<String, i64> {
    let counts = preview["removed"]["counts"].as_array().unwrap();
    counts
        .iter()
        .filter_map(|count| {
            let table = table_of(count["kind"].as_str().unwrap())?;
            Some((table.to_owned(), -count["count"].as_i64().unwrap()))
        })
        .collect()
}

fn changes<const N: usize>(changes: [(&str, i64); N]) -> BTreeMap<String, i64> {
    changes.map(|(table, rows)| (table.to_owned(), rows)).into()
}

const EVERYTHING: &str = "query ($id: ID!) { memo(id: $id) {
    id name description conclusion stage draft reviewDate sentAt createdAt updatedAt version
    commentCount
    author { id } recipient { id } deal { id } task { id } project { id } resolution { id } tags { \
    id } subscribers { id }
    files { id name size sha256 } comments { nodes { id body author { id } createdAt } }
} }";

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_moves_one_row_and_a_restore_brings_every_table_back_to_what_it_was() {
    let office = Office::open().await;
    let (memo, _) = office.full_memo().await;
    let recipient = office.recipient();
    let whole = recipient.data(EVERYTHING, json!({ "id": memo.id })).await;
    let before = office.row_counts().await;
    let rows = dump_rows(&office.services.database, &["revision"]).await;
    let preview = recipient.preview(&memo.id).await;
    let payload = recipient.delete_confirmed(&memo.id).await;
    let written = [("memo_deletions", 1), ("memo_events", 1), ("notifications", 1)];
    let mut moved = changes(written);
    moved.extend(changes([("memos", -1), ("deleted_memos", 1)]));
    assert_eq!(difference(&before, &office.row_counts().await), moved);
    for list in ["removed", "kept"] {
        assert_eq!(payload["receipt"][list], shown_of_the_deleted(&preview, list), "{list}");
    }

    let restored = recipient.restore(payload["receipt"]["id"].as_str().unwrap()).await;
    assert_eq!(restored["missing"], json!([]));
    let mut after = dump_rows(&office.services.database, &["revision"]).await;
    for (table, rows) in [("memo_deletions", 1), ("memo_events", 2), ("notifications", 1)] {
        assert_eq!(after.remove(table).unwrap().len(), rows, "{table}");
    }
    // Jobs of the server increase the counters of positions.
    after.remove("memo_event_counter");
    after.remove("notification_counter");
    let mut before = rows;
    before.retain(|table, _| after.contains_key(table));
    assert_eq!(before, after);
    assert_eq!(recipient.data(EVERYTHING, json!({ "id": memo.id })).await, whole);
    assert_eq!(recipient.preview(&memo.id).await["removed"], preview["removed"]);
    office.close().await;
}

/// Two memos with all kinds of belongings, which share a task, a tag and a file.
async fn selection(office: &Office) -> [String; 2] {
    let (one, full) = office.full_memo().await;
    let two = office.memo().with_subscriber(office.subscriber().id).create().await;
    office.link(&two, entity::memo::Column::TaskId, full.task).await;
    let tag = office.tag(&two, "quiet").await;
    office.insert(entity::memo_tag::Model { memo_id: one.uuid, tag_id: tag }).await;
    office.comment(&two, office.author().id, "And this one?").await;
    office.remind(&two, office.author().id, 3).await;
    office.mark_unread(&two, office.subscriber().id).await;
    let file = office.attach(&two, "shared.txt", "shared").await;
    office.attach_file(&one, file.id).await;
    [one.id, two.id]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_selection_moves_a_row_for_each_memo_and_restores_bring_every_table_back() {
    let office = Office::open().await;
    let recipient = office.recipient();
    let memos = selection(&office).await;
    let ids = memos.each_ref().map(String::as_str);
    let mut whole = Vec::new();
    for id in ids {
        whole.push(recipient.data(EVERYTHING, json!({ "id": id })).await);
    }
    let counts = office.row_counts().await;
    let before = dump_rows(&office.services.database, &["revision"]).await;
    let preview = recipient.preview_selection(&ids).await;
    let payload = recipient.delete_selection(&ids, true).await;
    let written = [("memo_deletions", 2), ("memo_events", 2), ("notifications", 2)];
    let mut moved = changes(written);
    moved.extend(changes([("memos", -2), ("deleted_memos", 2)]));
    assert_eq!(difference(&counts, &office.row_counts().await), moved);

    for result in payload["results"].as_array().unwrap() {
        let restored = recipient.restore(result["receipt"]["id"].as_str().unwrap()).await;
        assert_eq!(restored["missing"], json!([]));
    }
    let mut after = dump_rows(&office.services.database, &["revision"]).await;
    for (table, rows) in [("memo_deletions", 2), ("memo_events", 4), ("notifications", 2)] {
        assert_eq!(after.remove(table).unwrap().len(), rows, "{table}");
    }
    // Jobs of the server increase the counters of positions.
    after.remove("memo_event_counter");
    after.remove("notification_counter");
    let mut before = before;
    before.retain(|table, _| after.contains_key(table));
    assert_eq!(before, after);
    for (id, whole) in ids.into_iter().zip(whole) {
        assert_eq!(recipient.data(EVERYTHING, json!({ "id": id })).await, whole);
    }
    assert_eq!(recipient.preview_selection(&ids).await["removed"], preview["removed"]);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purge_of_a_selection_erases_exactly_what_its_preview_listed() {
    let office = Office::open().await;
    let recipient = office.recipient();
    let memos = selection(&office).await;
    let ids = memos.each_ref().map(String::as_str);
    let preview = recipient.preview_selection(&ids).await;
    recipient.delete_selection(&ids, true).await;
    let before = office.row_counts().await;
    office.clock.advance(TimeDelta::days(30));
    assert_eq!(office.purger.deletions().await.unwrap(), Purged { records: 2, blobs: 3 });
    let mut gone = rows_that_go(&preview);
    assert_eq!((gone["comments"], gone["memo_tags"], gone["files"]), (-4, -4, -3));
    gone.extend(changes([("memo_ids", -2), ("blobs", -3)]));
    assert_eq!(difference(&before, &office.row_counts().await), gone);
    office.close().await;
}

/// A list of a preview, as the record shows it. The memo, its comments, its reminders and the
/// removed files are out of reach, so they have no node.
fn shown_of_the_deleted(preview: &Value, list: &str) -> Value {
    let gone: Vec<&Value> = preview["removed"]["nodes"].as_array().unwrap().iter().collect();
    let gone: Vec<&Value> =
        gone.into_iter().filter(|item| item["kind"] == "FILE").map(|item| &item["label"]).collect();
    let mut shown = preview[list].clone();
    for item in shown["nodes"].as_array_mut().unwrap() {
        match item["node"]["__typename"].as_str() {
            Some("Memo") => {
                let memo = uuid_of(Kind::Memo, item["node"]["id"].as_str().unwrap());
                let id = Kind::DeletedMemo.id(memo).0;
                item["node"] = json!({ "__typename": "DeletedMemo", "id": id });
            }
            Some("Comment" | "Reminder") => item["node"] = json!(null),
            Some("File") if gone.contains(&&item["label"]) => item["node"] = json!(null),
            _ => {}
        }
    }
    shown
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purge_erases_exactly_what_the_preview_listed() {
    let office = Office::open().await;
    let (memo, _) = office.full_memo().await;
    let recipient = office.recipient();
    let preview = recipient.preview(&memo.id).await;
    recipient.delete_confirmed(&memo.id).await;
    let before = office.row_counts().await;
    office.clock.advance(TimeDelta::days(30));
    assert_eq!(office.purger.deletions().await.unwrap(), Purged { records: 1, blobs: 2 });
    let mut gone = rows_that_go(&preview);
    assert_eq!((gone["comments"], gone["files"]), (-3, -2));
    gone.extend(changes([("memo_ids", -1), ("blobs", -2)]));
    assert_eq!(difference(&before, &office.row_counts().await), gone);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_erases_exactly_what_its_preview_listed() {
    let office = Office::open().await;
    let (memo, _) = office.full_memo().await;
    let recipient = office.recipient();
    let payload = recipient.delete_confirmed(&memo.id).await;
    let record = payload["receipt"]["id"].as_str().unwrap();
    office.clock.advance(TimeDelta::hours(2));
    let preview = recipient.erasure_preview(record).await;
    for list in ["removed", "kept"] {
        let counts = (&preview[list]["counts"], &payload["receipt"][list]["counts"]);
        assert_eq!(counts.0, counts.1, "the same as the record's, since nothing has changed");
    }
    assert_eq!(preview["bytesFreed"], payload["receipt"]["bytesFreed"]);
    let before = office.row_counts().await;
    let erased = office.admin().erase(record, "Request").await;
    assert_eq!(codes(&erased), [""; 0], "{erased:#}");
    let mut gone = rows_that_go(&preview);
    assert_eq!((gone["comments"], gone["files"]), (-3, -2));
    gone.extend(changes([("memo_ids", -1), ("blobs", -2), ("notifications", 2)]));
    assert_eq!(difference(&before, &office.row_counts().await), gone);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purge_of_more_than_a_portion_goes_on_after_a_crash() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    for n in 0..1_100 {
        office.comment(&memo, office.author().id, &format!("Comment {n}")).await;
    }
    office.author().delete(&memo.id).await;
    office.clock.advance(TimeDelta::days(30));
    // The crash happens after the first portion is committed, when the second one begins.
    let portions = std::sync::atomic::AtomicU64::new(0);
    office.observe(Some(Box::new(move |statement| {
        let more = statement.sql.starts_with("DELETE FROM comments")
            && portions.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 1;
        assert!(!more, "the crash that this test plays");
    })));
    let purger = office.purger.clone();
    let crashed = tokio::spawn(async move { purger.deletions().await }).await;
    assert!(crashed.is_err_and(|error| error.is_panic()));
    office.observe(None);
    assert_eq!(office.row_counts().await["comments"], 100, "a portion has at most 1,000 rows");
    assert_eq!(office.row_counts().await["memo_ids"], 1);
    office.purger.deletions().await.unwrap();
    let left = office.row_counts().await;
    assert_eq!((left["comments"], left["memo_ids"], left["memo_deletions"]), (0, 0, 1));
    office.close().await;
}

const DELETE_TAG: &str =
    "mutation ($id: ID!) { deleteTag(input: { tagId: $id }) { userErrors { code } } }";
const DELETE_TASK: &str =
    "mutation ($id: ID!) { deleteTask(input: { taskId: $id }) { userErrors { code } } }";

async fn done(person: &Actor, mutation: &str, field: &str, id: String) {
    let payload = person.data(mutation, json!({ "id": id })).await;
    assert_eq!(codes(&payload[field]), [""; 0], "{payload:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_deleted_memos_point_to_can_go_and_leaves_its_name_with_their_records() {
    use api::graphql::Kind;
    let office = Office::open().await;
    let (memo, full) = office.full_memo().await;
    office.make_responsible(office.recipient(), full.task).await;
    let temp = office.hire("temp", entity::UserRole::Member).await;
    let created_at = office.services.now();
    office
        .insert(entity::memo_subscriber::Model { memo_id: memo.uuid, user_id: temp.id, created_at })
        .await;
    office.comment(&memo, temp.id, "I only help out").await;
    office.remind(&memo, temp.id, 9).await;
    office.mark_unread(&memo, temp.id).await;
    let recipient = office.recipient();
    let payload = recipient.delete_confirmed(&memo.id).await;
    let record = payload["receipt"]["id"].as_str().unwrap();
    let find = "{ tags(first: 10) { nodes { id name } } }";
    let tags = office.chief().data(find, json!({})).await;
    let urgent =
        tags["tags"]["nodes"].as_array().unwrap().iter().find(|tag| tag["name"] == "urgent");
    let urgent = urgent.unwrap()["id"].as_str().unwrap().to_owned();

    done(office.chief(), DELETE_TAG, "deleteTag", urgent).await;
    done(recipient, DELETE_TASK, "deleteTask", Kind::Task.id(full.task).0).await;
    let deal = "mutation ($id: ID!) { deleteDeal(input: { dealId: $id }) { userErrors { code } } }";
    done(office.chief(), deal, "deleteDeal", Kind::Deal.id(full.deal).0).await;
    let resolution = "mutation ($id: ID!) { deleteResolution(input: { resolutionId: $id }) { \
        userErrors { code } } }";
    done(office.chief(), resolution, "deleteResolution", Kind::Resolution.id(full.resolution).0)
        .await;
    let person =
        "mutation ($id: ID!) { deleteUser(input: { userId: $id }) { userErrors { code } } }";
    done(office.admin(), person, "deleteUser", temp.user_id()).await;

    // The record still lists them by name.
    let query = "query ($id: ID!) { node(id: $id) { ... on MemoDeletion {
        removed(first: 100) { totalCount nodes { kind label node { __typename } } }
        kept(first: 100) { totalCount nodes { kind label } } } } }";
    let shown = recipient.data(query, json!({ "id": record })).await;
    for list in ["removed", "kept"] {
        let list = &shown["node"][list];
        assert_eq!(json!(list["nodes"].as_array().unwrap().len()), list["totalCount"], "{list:#}");
    }
    let lists = shown.to_string();
    for name in
        ["urgent", "Paint the walls", "Hotel lobby", "For approval", "The temp", "I only help out"]
    {
        assert!(lists.contains(name), "{name}: {shown:#}");
    }

    let restored = recipient.restore(record).await;
    let expected = json!([
        { "kind": "SUBSCRIBER_LINK", "label": "The temp" },
        { "kind": "TAG_LINK", "label": "urgent" },
        { "kind": "TASK_LINK", "label": "Paint the walls" },
        { "kind": "DEAL_LINK", "label": "Hotel lobby" },
        { "kind": "RESOLUTION_LINK", "label": "For approval" },
        { "kind": "COMMENT", "label": "I only help out" },
        { "kind": "REMINDER", "label": null },
        { "kind": "UNREAD_MARK", "label": null },
    ]);
    assert_eq!(restored["missing"], expected, "{restored:#}");
    assert_eq!(recipient.restore(record).await["missing"], expected, "asked again");
    let left = "query ($id: ID!) { memo(id: $id) { task { id } project { name } tags { name } \
        files { name } commentCount } }";
    let left = recipient.data(left, json!({ "id": memo.id })).await;
    assert_eq!(left["memo"]["task"], json!(null));
    assert_eq!(left["memo"]["project"]["name"], "New showroom");
    assert_eq!(left["memo"]["tags"], json!([{ "name": "showroom" }]));
    assert_eq!(left["memo"]["files"].as_array().unwrap().len(), 5);
    assert_eq!(left["memo"]["commentCount"], 3);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_does_not_name_what_the_restorer_could_not_see() {
    use api::graphql::Kind;
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let task = office.task("A secret task").await;
    office.link(&memo, entity::memo::Column::TaskId, task).await;
    office.sql("DELETE FROM task_members").await;
    office.make_responsible(office.recipient(), task).await;
    let payload = office.author().delete_confirmed(&memo.id).await;
    done(office.recipient(), DELETE_TASK, "deleteTask", Kind::Task.id(task).0).await;
    let record = payload["receipt"]["id"].as_str().unwrap();
    let restored = office.author().restore(record).await;
    assert_eq!(restored["missing"], json!([{ "kind": "TASK_LINK", "label": null }]));
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
        items
            .filter(|item| item["kind"] == kind)
            .map(|item| json!([item["label"], item["node"]]))
            .collect()
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

    // The record hides the same secrets from the same people.
    let payload = office.recipient().delete_confirmed(&memo.id).await;
    assert!(payload["receipt"].to_string().contains("Paint the walls"));
    let record = "query ($id: ID!) { node(id: $id) { ... on MemoDeletion { memoName removed { \
        nodes { label node { id } } } kept { nodes { label } } } } }";
    let record_id = &payload["receipt"]["id"];
    let seen = author.data(record, json!({ "id": record_id })).await;
    assert_eq!(seen["node"]["memoName"], "Renovate the showroom");
    assert!(!seen.to_string().contains("Paint the walls"), "{seen:#}");
    let seen = office.admin().data(record, json!({ "id": record_id })).await;
    assert!(
        seen["node"]["removed"]["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .all(|item| item["label"].is_null()),
        "{seen:#}"
    );
    let task = entity::task::Entity::find_by_id(full.task)
        .one(office.services.database.connection())
        .await
        .unwrap();
    assert!(task.is_some());
    office.close().await;
}
