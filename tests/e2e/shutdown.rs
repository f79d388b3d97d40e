//! Shutdown. First, proxies learn to send no more clients. Then the server accepts no new
//! connections, and finishes running requests.

use api::http::Limits;
use memoranda_tests::{Heard, Office, Options, is_postgres};
use reqwest::{Client, StatusCode};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::time::Duration;
use tokio::net::TcpStream;

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_that_runs_when_the_server_stops_is_finished_and_answered() {
    let mut office = Office::open().await;
    let memo = office.memo().create().await;
    // The deletion waits for this: on SQLite for the turn to write, on PostgreSQL for the memo's
    // row.
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

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_drains_answers_on_but_is_not_ready_and_keeps_no_connection() {
    // Only `force` ends it.
    let limits = Limits { drain: Duration::from_secs(3600), ..Limits::default() };
    let mut office = Office::open_with(Options { limits, ..Options::default() }).await;
    let client = Client::new();
    let (ready, url) =
        (format!("{}/readyz", office.address), format!("{}/graphql", office.address));
    let listen = "subscription { memoEvents { kind } }";
    let memo = office.memo().create().await;
    let mut socket = office.recipient().connect().await;
    let mut events = office.recipient().listen(listen, json!({})).await;
    let answer = client.get(&ready).send().await.unwrap();
    assert_eq!((answer.status(), answer.headers().get("connection")), (StatusCode::OK, None));

    office.stop();
    let unready = loop {
        let answer = client.get(&ready).send().await.unwrap();
        if answer.status() == 503 {
            break answer;
        }
    };
    assert_eq!(unready.headers()["connection"], "close");
    assert!(unready.text().await.unwrap().contains("about to stop"));
    assert_eq!(
        client.get(format!("{}/healthz", office.address)).send().await.unwrap().status(),
        200
    );
    let query = json!({ "query": "{ viewer { username } }" });
    let answer =
        client.post(&url).bearer_auth(office.author().token()).json(&query).send().await.unwrap();
    assert_eq!(
        (answer.status(), &answer.headers()["connection"]),
        (StatusCode::OK, &"close".parse().unwrap())
    );
    assert!(answer.text().await.unwrap().contains("author"));
    assert_eq!(office.recipient().review(&memo.id).await["userErrors"], json!([]));
    assert_eq!(events.answer().await["data"]["memoEvents"]["kind"], "STAGE_CHANGED");
    socket.subscribe("1", "{ viewer { username } }", json!({})).await;
    assert_eq!(socket.answer("1").await["data"]["viewer"]["username"], "recipient");
    assert!(matches!(socket.next().await, Heard::Message(_)));

    office.force();
    assert_eq!(socket.next().await, Heard::Closed(1001), "connect again, elsewhere");
    assert_eq!(events.next().await.map(|(event, _)| event).as_deref(), Some("complete"));
    assert_eq!(events.next().await, None);
    office.close().await;
}
