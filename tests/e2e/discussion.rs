//! Comments: who adds, changes and deletes which, and what the others see.

use api::graphql::Kind;
use memoranda_tests::{Actor, Office, TestMemo, codes, difference};
use serde_json::{Value, json};

const ADD: &str = "mutation ($input: AddCommentInput!) { addComment(input: $input) {
    comment { id body author { id } createdAt editedAt viewerCanUpdate } memo { id commentCount } \
    clientMutationId userErrors { code field message }
} }";
const UPDATE: &str = "mutation ($input: UpdateCommentInput!) { updateComment(input: $input) {
    comment { id body editedAt } memo { commentCount version } userErrors { code field message }
} }";
const DELETE: &str = "mutation ($input: DeleteCommentInput!) { deleteComment(input: $input) {
    deletedCommentId memo { commentCount } userErrors { code field message }
} }";
const DISCUSSION: &str = "query ($id: ID!) { memo(id: $id) {
    unread commentCount version comments { nodes { id body viewerCanUpdate memo { id } } }
} }";

async fn run(person: &Actor, document: &str, input: Value) -> Value {
    let data = person.data(document, json!({ "input": input })).await;
    data.as_object().unwrap().values().next().unwrap().clone()
}

async fn add(person: &Actor, memo: &TestMemo, body: &str) -> Value {
    run(person, ADD, json!({ "memoId": memo.id, "body": body })).await
}

async fn discussion(person: &Actor, memo: &TestMemo) -> Value {
    person.data(DISCUSSION, json!({ "id": memo.id })).await["memo"].take()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_is_unread_by_the_others() {
    let office = Office::open().await;
    let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
    let before = office.row_counts().await;

    let input = json!({ "memoId": memo.id, "body": "  When?\n ", "clientMutationId": "mine" });
    let added = run(office.author(), ADD, input).await;
    assert_eq!(added["userErrors"], json!([]));
    assert_eq!(added["clientMutationId"], "mine");
    assert_eq!(added["comment"]["body"], "When?");
    assert_eq!(added["comment"]["author"]["id"], office.author().user_id());
    assert_eq!(added["comment"]["editedAt"], Value::Null);
    assert_eq!(added["comment"]["viewerCanUpdate"], true);
    assert_eq!(added["memo"], json!({ "id": memo.id, "commentCount": 1 }));

    for (person, unread) in
        [("author", false), ("recipient", true), ("subscriber", true), ("chief", false)]
    {
        let seen = discussion(office.person(person), &memo).await;
        assert_eq!((&seen["unread"], &seen["version"]), (&json!(unread), &json!(1)), "{person}");
        assert_eq!(
            seen["comments"]["nodes"][0]["viewerCanUpdate"],
            json!(person == "author"),
            "{person}"
        );
        assert_eq!(seen["comments"]["nodes"][0]["memo"]["id"], json!(memo.id));
    }
    let written = difference(&before, &office.row_counts().await);
    let expected = [("comments", 1), ("memo_events", 1), ("unread_marks", 2)];
    assert_eq!(written, expected.map(|(table, rows)| (table.to_owned(), rows)).into());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_changes_ones_own_comment() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let id = add(office.author(), &memo, "Monday").await["comment"]["id"].take();
    office.clock.advance(chrono::TimeDelta::minutes(5));

    let before = office.row_counts().await;
    let same = run(office.author(), UPDATE, json!({ "commentId": id, "body": " Monday " })).await;
    assert_eq!(same["comment"], json!({ "id": id, "body": "Monday", "editedAt": null }));
    assert_eq!(before, office.row_counts().await, "the same text again changes nothing");

    let changed = run(office.author(), UPDATE, json!({ "commentId": id, "body": "Tuesday" })).await;
    assert_eq!(
        changed["comment"],
        json!({ "id": id, "body": "Tuesday", "editedAt": "2026-03-02T09:05:00.000Z" })
    );
    assert_eq!(changed["memo"]["commentCount"], 1);
    assert_eq!(
        discussion(office.recipient(), &memo).await["comments"]["nodes"][0]["body"],
        "Tuesday"
    );

    let of_another =
        run(office.recipient(), UPDATE, json!({ "commentId": id, "body": "Never" })).await;
    assert_eq!(codes(&of_another), ["NOT_YOURS"]);
    assert_eq!(of_another["userErrors"][0]["field"], json!(["input", "commentId"]));
    let invisible =
        run(office.stranger(), UPDATE, json!({ "commentId": id, "body": "Never" })).await;
    assert_eq!(codes(&invisible), ["NOT_FOUND"]);
    assert_eq!(
        discussion(office.recipient(), &memo).await["comments"]["nodes"][0]["body"],
        "Tuesday"
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_takes_back_ones_own_comment() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let before = office.row_counts().await;
    let id = add(office.author(), &memo, "Monday").await["comment"]["id"].take();
    assert_eq!(
        codes(&run(office.recipient(), DELETE, json!({ "commentId": id })).await),
        ["NOT_YOURS"]
    );
    let deleted = run(office.author(), DELETE, json!({ "commentId": id })).await;
    assert_eq!(
        deleted,
        json!({ "deletedCommentId": id, "memo": { "commentCount": 0 }, "userErrors": [] })
    );
    assert_eq!(
        codes(&run(office.author(), DELETE, json!({ "commentId": id })).await),
        ["NOT_FOUND"]
    );
    let left = difference(&before, &office.row_counts().await);
    let expected = [("memo_events", 2), ("unread_marks", 1)];
    assert_eq!(left, expected.map(|(table, rows)| (table.to_owned(), rows)).into());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_no_longer_reads_along_says_no_more() {
    let office = Office::open().await;
    let memo = office.memo().with_subscriber(office.chief().id).create().await;
    let id = add(office.chief(), &memo, "Hm.").await["comment"]["id"].take();
    office.sql("DELETE FROM memo_subscribers").await;
    assert_eq!(codes(&add(office.chief(), &memo, "Hm?").await), ["NOT_IN_THE_DISCUSSION"]);
    let changed = run(office.chief(), UPDATE, json!({ "commentId": id, "body": "Oh." })).await;
    assert_eq!(codes(&changed), ["NOT_IN_THE_DISCUSSION"]);
    assert_eq!(
        codes(&run(office.chief(), DELETE, json!({ "commentId": id })).await),
        ["NOT_IN_THE_DISCUSSION"]
    );
    assert_eq!(
        discussion(office.chief(), &memo).await["comments"]["nodes"][0]["viewerCanUpdate"],
        false
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_keeps_what_was_said() {
    let office = Office::open().await;
    let memo = office.memo().on_hold().create().await;
    let id = add(office.author(), &memo, "Still allowed").await["comment"]["id"].take();
    assert!(id.is_string());
    for document in [UPDATE, DELETE] {
        let mut input = json!({ "commentId": id });
        if document == UPDATE {
            input["body"] = json!("Something else");
        }
        let refused = run(office.author(), document, input).await;
        assert_eq!(codes(&refused), ["ON_HOLD"]);
    }
    let seen = discussion(office.author(), &memo).await;
    assert_eq!(seen["comments"]["nodes"][0]["body"], "Still allowed");
    assert_eq!(seen["comments"]["nodes"][0]["viewerCanUpdate"], false);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_comment_is_refused() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let before = office.row_counts().await;
    for (body, says) in [
        (" \n ".to_owned(), "must not be empty"),
        ("a\0b".to_owned(), "U+0000"),
        ("é".repeat(10_001), "at most 10000 characters"),
    ] {
        let refused = add(office.author(), &memo, &body).await;
        assert_eq!(codes(&refused), ["INVALID_INPUT"]);
        assert_eq!(refused["userErrors"][0]["field"], json!(["input", "body"]));
        assert!(refused["userErrors"][0]["message"].as_str().unwrap().contains(says), "{refused}");
    }
    assert_eq!(before, office.row_counts().await);
    assert_eq!(add(office.author(), &memo, &"é".repeat(10_000)).await["userErrors"], json!([]));
    let draft = office.memo().draft().create().await;
    assert_eq!(codes(&add(office.author(), &draft, "To myself").await), ["DRAFT"]);
    office.close().await;
}

/// In any order of comment and deletion, one of two things happens. Either the comment came first,
/// counted in the deletion, and can be restored; or the memo was gone.
#[tokio::test(flavor = "multi_thread")]
async fn a_comment_races_a_deletion() {
    let office = Office::open().await;
    for _ in 0..10 {
        let memo = office.memo().create().await;
        let (added, deleted) =
            tokio::join!(add(office.recipient(), &memo, "Wait!"), office.author().delete(&memo.id));
        if deleted["deletedMemoId"] == json!(memo.id) {
            assert_eq!(codes(&added), ["NOT_FOUND"], "{deleted:#}");
        } else {
            assert_eq!(codes(&deleted), ["CONFIRMATION_REQUIRED"]);
            assert_eq!(added["userErrors"], json!([]));
            assert_eq!(discussion(office.author(), &memo).await["commentCount"], 1);
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn comments_are_counted_however_many_come_at_once() {
    let office = Office::open().await;
    let memo = office.memo().with_subscriber(office.subscriber().id).create().await;
    let people = [office.author(), office.recipient(), office.subscriber()];
    let all = (0..15).map(|n| add(people[n % 3], &memo, "Hm."));
    for added in futures_util::future::join_all(all).await {
        assert_eq!(added["userErrors"], json!([]));
    }
    assert_eq!(discussion(office.author(), &memo).await["commentCount"], 15);
    office.close().await;
}

/// The ids of comments have their own kind.
#[tokio::test(flavor = "multi_thread")]
async fn a_comment_is_a_node_for_those_who_see_the_memo() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let id = Kind::Comment.id(office.comment(&memo, office.author().id, "Hm.").await).0;
    assert_eq!(office.recipient().type_of(&id).await, "Comment");
    assert_eq!(office.stranger().type_of(&id).await, Value::Null);
    office.close().await;
}
