//! The number of statements of a request: it does not depend on the amount of data.

use chrono::TimeDelta;
use entity::{MemoStage, comment, memo};
use memoranda_tests::{Actor, Office, TestMemo, selection_input};
use sea_orm::EntityTrait;
use sea_orm::IntoActiveModel;
use serde_json::json;

async fn statements_of(
    office: &Office,
    person: &Actor,
    query: &str,
    variables: serde_json::Value,
) -> u64 {
    let before = office.statements();
    person.data(query, variables).await;
    office.statements() - before
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_memos_costs_the_same_number_of_statements_whatever_its_length() {
    let office = Office::open().await;
    let task = office.task("Paint the walls").await;
    let project = office.project("New showroom").await;
    for n in 0..110 {
        let memo = office
            .memo()
            .named(&format!("Memo {n}"))
            .in_stage(if n % 2 == 0 { MemoStage::Reviewed } else { MemoStage::Pending })
            .with_subscriber(office.subscriber().id)
            .with_subscriber(office.chief().id)
            .create()
            .await;
        office.tag(&memo, &format!("tag {n}")).await;
        office.link(&memo, memo::Column::TaskId, task).await;
        office.link(&memo, memo::Column::ProjectId, project).await;
        office.clock.advance(TimeDelta::seconds(1));
    }
    let page = "query ($n: Int!) { memos(box: INBOX, first: $n) { nodes {
        id name author { fullName } recipient { fullName } subscribers { fullName } tags { name } \
        task { name }
        viewerCanDelete viewerCannotDeleteReasons
    } } }";
    let first = statements_of(&office, office.recipient(), page, json!({ "n": 100 })).await;
    assert_eq!(first, 4, "the person, the page, people, tags");
    let ten = statements_of(&office, office.recipient(), page, json!({ "n": 10 })).await;
    let hundred = statements_of(&office, office.recipient(), page, json!({ "n": 100 })).await;
    assert_eq!(ten, hundred);
    assert_eq!(ten, 1, "the page: all else is remembered");
    let bare = "query ($n: Int!) { memos(box: INBOX, first: $n) { nodes { id viewerCanDelete } } }";
    assert_eq!(
        statements_of(&office, office.recipient(), bare, json!({ "n": 100 })).await,
        1,
        "viewerCanDelete costs none"
    );
    let own =
        "query ($n: Int!) { memos(box: INBOX, first: $n) { nodes { id viewerReminders { id } } } }";
    for length in [10, 100] {
        let statements =
            statements_of(&office, office.recipient(), own, json!({ "n": length })).await;
        assert_eq!(statements, 2, "the page, reminders");
    }
    office.close().await;
}

const RESTORE: &str = "mutation ($id: ID!) { restoreMemo(input: { deletionId: $id }) { userErrors \
    { code } missing { kind } } }";

async fn memo_with_comments(office: &Office, comments: usize) -> TestMemo {
    let memo = office.memo().create().await;
    let rows: Vec<comment::ActiveModel> = (0..comments)
        .map(|n| {
            comment::Model {
                id: office.services.new_id(),
                memo_id: memo.uuid,
                author_id: office.subscriber().id,
                body: format!("Comment {n}"),
                created_at: office.services.now(),
                edited_at: None,
            }
            .into_active_model()
        })
        .collect();
    for chunk in rows.chunks(1_000) {
        let insert = comment::Entity::insert_many(chunk.to_vec());
        insert
            .exec_without_returning(office.services.database.connection())
            .await
            .expect("comments");
    }
    memo
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_and_its_restore_cost_the_same_number_of_statements_whatever_the_memo_carries() {
    let office = Office::open().await;
    let preview =
        "query ($id: ID!) { memoDeletionPreview(memoId: $id) { verdict confirmationToken \
        warnings { code count }
        removed { totalCount counts { kind count } nodes { kind label } } kept { nodes { label \
        reason } } } }";
    let delete =
        "mutation ($input: DeleteMemoInput!) { deleteMemo(input: $input) { deletedMemoId receipt { \
         id verdict
        removed { totalCount } } userErrors { code } } }";
    let mut costs = Vec::new();
    for comments in [10, 5_000] {
        let memo = memo_with_comments(&office, comments).await;
        let shown = office.author().preview(&memo.id).await;
        assert_eq!(shown["removed"]["totalCount"], json!(1 + comments));
        let previewing =
            statements_of(&office, office.author(), preview, json!({ "id": memo.id })).await;
        let input = json!({ "memoId": memo.id, "confirmationToken": shown["confirmationToken"] });
        let before = office.statements();
        let answer = office.author().data(delete, json!({ "input": input })).await;
        assert_eq!(answer["deleteMemo"]["deletedMemoId"], json!(memo.id), "{answer:#}");
        let deleting = office.statements() - before;
        let record = json!({ "id": answer["deleteMemo"]["receipt"]["id"] });
        let restoring = statements_of(&office, office.author(), RESTORE, record).await;
        costs.push((previewing, deleting, restoring));
    }
    assert_eq!(costs[0], costs[1]);
    assert_eq!(costs[0].0, 1, "the sign-in is remembered");
    let deleting = if memoranda_tests::is_postgres() { 2 } else { 7 };
    assert_eq!(costs[0].1, deleting, "the reading, the writing");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_selection_costs_the_same_number_of_statements_whatever_its_length() {
    let preview = "query ($ids: [ID!]!) { memosDeletionPreview(memoIds: $ids) {
        verdict bytesFreed confirmationToken warnings { code count }
        memos { memoId verdict blockers { code } memo { name } }
        removed { totalCount counts { kind count } nodes { kind label } }
        kept { totalCount counts { kind count } nodes { kind label reason } } } }";
    let delete = "mutation ($input: DeleteMemosInput!) { deleteMemos(input: $input) {
        results { deletedMemoId receipt { id } userErrors { code } }
        preview { verdict memos { memoId verdict } removed { totalCount counts { kind count } } }
        userErrors { code } } }";
    let mut costs = Vec::new();
    for length in [2, 100] {
        let office = Office::open().await;
        let shared = office.memo().create().await;
        let file = office.attach(&shared, "shared.txt", "shared").await;
        office.attach(&shared, "same.txt", "the same content").await;
        let mut ids = vec![shared.id];
        for n in 1..length {
            let memo = office.memo().create().await;
            office.attach_file(&memo, file.id).await;
            office.attach(&memo, "same.txt", "the same content").await;
            office.comment(&memo, office.recipient().id, &format!("Comment {n}")).await;
            ids.push(memo.id);
        }
        // The preview of a person who only reads counts their own comments.
        let (author, chief) = (office.author(), office.chief());
        author.data("{ viewer { id } }", json!({})).await;
        let reading = statements_of(&office, chief, preview, json!({ "ids": ids })).await;
        let previewing = statements_of(&office, author, preview, json!({ "ids": ids })).await;
        let memos: Vec<&str> = ids.iter().map(String::as_str).collect();
        let shown = author.preview_selection(&memos).await;
        let refused = selection_input(&memos, true, json!("stale"));
        let refusing = statements_of(&office, author, delete, json!({ "input": refused })).await;
        let input = selection_input(&memos, true, shown["confirmationToken"].clone());
        let before = office.statements();
        let answer = author.data(delete, json!({ "input": input })).await;
        let deleting = office.statements() - before;
        let results = answer["deleteMemos"]["results"].as_array().unwrap();
        assert_eq!(results.len(), length, "{answer:#}");
        assert!(results.iter().all(|result| result["deletedMemoId"].is_string()), "{answer:#}");
        let repeating = statements_of(&office, author, delete, json!({ "input": input })).await;
        costs.push([reading, previewing, refusing, deleting, repeating]);
        office.close().await;
    }
    assert_eq!(costs[0], costs[1]);
    // The person, the memos, people's names once, the files with the same contents. Then the
    // attempts, or six writes.
    // PostgreSQL locks the memos too.
    let lock = u64::from(memoranda_tests::is_postgres());
    assert_eq!(costs[0], [5, 3, 4 + lock, 9 + lock, 3 + lock]);
}
