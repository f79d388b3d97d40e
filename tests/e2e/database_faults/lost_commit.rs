use memoranda_tests::{
    DatabaseOptions, Office, Options, Proxy, is_postgres, number, postgres_address,
};
use serde_json::json;

const REVIEW: &str =
    "mutation ($input: ReviewMemoInput!) { reviewMemo(input: $input) { memo { stage } } }";

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_answer_is_lost_is_not_said_to_have_changed_nothing() {
    if !is_postgres() {
        // SQLite has no network that could lose an answer.
        return;
    }
    let proxy = Proxy::open(postgres_address()).await;
    let database = DatabaseOptions { proxy: Some(proxy.address), ..DatabaseOptions::default() };
    let office = Office::open_with(Options { database, ..Options::default() }).await;
    let memo = office.memo().create().await;
    let witness = office.database().connect().await;
    proxy.cut_commits();
    let variables = json!({ "input": { "memoId": memo.id } });
    let (code, message) = office.recipient().error(REVIEW, variables).await;
    proxy.pass();
    assert_eq!(code, "OUTCOME_UNKNOWN");
    assert!(message.starts_with("This may have happened"), "{message}");
    assert!(!message.contains("Nothing was changed"), "{message}");
    let reviewed = "SELECT count(*) AS n FROM memos WHERE stage = 'REVIEWED'";
    assert_eq!(number(&witness, reviewed).await, 1, "this time it has happened");
    assert_eq!(office.recipient().review(&memo.id).await["memo"]["stage"], "REVIEWED");
    witness.close().await.unwrap();
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_after_a_change_does_not_say_that_nothing_was_changed() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    office.sql("ALTER TABLE comments RENAME TO former_comments").await;
    let document = "mutation ($input: ReviewMemoInput!) {
        reviewMemo(input: $input) { memo { stage comments { nodes { id } } } } }";
    let variables = json!({ "input": { "memoId": memo.id } });
    let (code, message) = office.recipient().error(document, variables).await;
    assert_eq!(code, "INTERNAL");
    assert!(message.contains("The change is made"), "{message}");
    let reviewed = "SELECT count(*) AS n FROM memos WHERE stage = 'REVIEWED'";
    assert_eq!(number(&office.services.database, reviewed).await, 1);
    office.close_unusable().await;
}
