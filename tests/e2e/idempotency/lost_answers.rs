//! Clients that lose the answer, and repeat their request with its key.

use super::creation::{named, replay_of};
use crate::process::start_server;
use memoranda_tests::{
    DatabaseOptions, Office, Options, Proxy, codes, is_postgres, postgres_address,
};
use serde_json::json;
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread")]
async fn a_client_may_leave_at_any_moment_and_repeat() {
    let office = Office::open().await;
    let person = office.admin();
    let comment = named("addComment");
    for moment in ["users", "idempotency_keys", "\"comments\"", "memo_events", "FROM \"memos\""] {
        let input = comment.input_with(&office, person, moment).await;
        let before = office.row_counts().await["comments"];
        let reached = office.told_of(moment);
        let leaving = tokio::spawn({
            let (person, input) = (person.without_idle_connections(), input.clone());
            async move { comment.send(&person, &input).await }
        });
        reached.notified().await;
        leaving.abort();
        office.observe(None);
        let payload = comment.send(person, &input).await;
        assert_eq!(codes(&payload), [""; 0], "after {moment}: {payload:#}");
        let again = comment.create_nothing(&office, person, &input).await;
        assert_eq!(again, replay_of(&payload), "after {moment}");
        assert_eq!(office.row_counts().await["comments"], before + 1, "after {moment}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_answer_is_lost_is_found_by_its_key() {
    if !is_postgres() {
        // SQLite has no network that could lose an answer.
        return;
    }
    let proxy = Proxy::open(postgres_address()).await;
    let database = DatabaseOptions { proxy: Some(proxy.address), ..DatabaseOptions::default() };
    let office = Office::open_with(Options { database, ..Options::default() }).await;
    let person = office.admin();
    let deal = named("createDeal");
    let input = deal.input_with(&office, person, "key").await;
    let before = office.row_counts().await["deals"];
    proxy.cut_commits();
    let (code, message) = person.error(&deal.document(), json!({ "input": input })).await;
    proxy.pass();
    assert_eq!(code, "OUTCOME_UNKNOWN");
    assert!(message.contains("idempotencyKey"), "{message}");
    let payload = deal.send(person, &input).await;
    assert_eq!((codes(&payload), &payload["replayed"]), (vec![], &json!(true)), "{payload:#}");
    assert_eq!(office.row_counts().await["deals"], before + 1);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_to_a_killed_server_are_repeated_at_another_one() {
    const COMMENTS: usize = 12;
    let office = Office::open().await;
    let comment = named("addComment");
    for answered_before_the_kill in [0, 2, 5] {
        let (mut server, address) = start_server(&office).await;
        let mut person = office.admin().clone();
        person.address = address;
        let mut running = JoinSet::new();
        let mut inputs = Vec::new();
        for n in 0..COMMENTS {
            let key = format!("{answered_before_the_kill}-{n}");
            let input = comment.input_with(&office, office.admin(), &key).await;
            inputs.push(input.clone());
            let person = person.clone();
            running.spawn(async move {
                let variables = json!({ "input": input });
                person.try_send(&comment.document(), variables).await.ok()
            });
        }
        for _ in 0..answered_before_the_kill {
            running.join_next().await.unwrap().unwrap();
        }
        server.kill().await.unwrap();
        let before = office.row_counts().await["comments"];
        let mut made = 0;
        for input in &inputs {
            let payload = comment.send(office.admin(), input).await;
            assert_eq!(codes(&payload), [""; 0], "{payload:#}");
            made += i64::from(payload["replayed"] == false);
        }
        assert_eq!(office.row_counts().await["comments"], before + made);
        let query = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Memo { commentCount } } }";
        let ids: Vec<_> = inputs.iter().map(|input| &input["memoId"]).collect();
        let shown = office.admin().data(query, json!({ "ids": ids })).await["nodes"].take();
        assert_eq!(shown, json!(vec![json!({ "commentCount": 1 }); COMMENTS]));
    }
    office.close().await;
}
