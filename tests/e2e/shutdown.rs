//! Stopping: no new connections, and what is running is finished.

use memoranda_tests::{Office, is_postgres};
use sea_orm::ConnectionTrait;
use serde_json::json;
use tokio::net::TcpStream;

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_that_runs_when_the_server_stops_is_finished_and_answered() {
    let mut office = Office::open().await;
    let memo = office.memo().create().await;
    // The deletion waits for this: on SQLite for the turn to write, on PostgreSQL for the memo's row.
    let held = office.services.database.begin().await.unwrap();
    if is_postgres() {
        held.inner().execute_unprepared("SELECT 1 FROM memos FOR UPDATE").await.unwrap();
    }
    let signed_in = office.told_of("users");
    let (author, id) = (office.author().clone(), memo.id.clone());
    let deletion = tokio::spawn(async move { author.delete(&id).await });
    signed_in.notified().await;

    office.stop();
    let address = office.address.trim_start_matches("http://").to_owned();
    while TcpStream::connect(&address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(!deletion.is_finished(), "it waits");
    drop(held);
    assert_eq!(deletion.await.unwrap()["deletedMemoId"], json!(memo.id));
    office.close().await;
}
