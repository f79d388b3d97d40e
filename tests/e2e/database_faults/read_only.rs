use super::readiness;
use memoranda_tests::{
    DatabaseOptions, Office, Options, execute, is_postgres, number, on_every_connection, until_idle,
};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;

async fn review(office: &Office, memo: &str) -> Value {
    let document = "mutation ($id: ID!) { reviewMemo(input: { memoId: $id }) { memo { stage } } }";
    office.recipient().send(document, json!({ "id": memo })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_became_read_only_are_replaced() {
    if !is_postgres() {
        // SQLite has no roles to switch.
        return;
    }
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let read_only = |_| "SET default_transaction_read_only = on".to_owned();
    on_every_connection(&office.services.database, read_only).await.unwrap();
    // The first write on one of them fails.
    while review(&office, &memo.id).await["data"]["reviewMemo"]["memo"]["stage"] != "REVIEWED" {}
    for _ in 0..24 {
        let answer = review(&office, &memo.id).await;
        assert!(answer["errors"].is_null(), "{answer:#}");
    }
    assert_eq!(readiness(&office.address).await, StatusCode::OK);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_database_takes_no_changes_is_not_ready_until_it_does() {
    if !is_postgres() {
        return;
    }
    let timeout = Some(Duration::from_secs(1));
    let database = DatabaseOptions { timeout, ..DatabaseOptions::default() };
    let office = Office::open_with(Options { database, ..Options::default() }).await;
    let memo = office.memo().create().await;
    let witness = office.database().connect().await;
    let name = office.database().url.rsplit('/').next().unwrap().to_owned();
    execute(&witness, &format!("ALTER DATABASE {name} SET default_transaction_read_only = on"))
        .await;
    // It keeps its connection, because there is no new one that it could use.
    until_idle(&witness).await;
    let others = "SELECT count(pg_terminate_backend(pid)) AS n FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    number(&witness, others).await;
    while readiness(&office.address).await != StatusCode::SERVICE_UNAVAILABLE {}
    until_idle(&witness).await;
    execute(&witness, &format!("ALTER DATABASE {name} RESET default_transaction_read_only")).await;
    while readiness(&office.address).await != StatusCode::OK {}
    let answer = review(&office, &memo.id).await;
    assert!(answer["errors"].is_null(), "{answer:#}");
    witness.close().await.unwrap();
    office.close().await;
}
