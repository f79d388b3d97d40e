//! HTTP/2, without TLS as a proxy speaks it to a server: the same answers, many at a time on one connection.

use api::http::Limits;
use futures_util::{StreamExt, future::join_all};
use memoranda_tests::{Actor, Office, Options};
use reqwest::{Client, RequestBuilder, Version};
use serde_json::{Value, json};
use std::time::Duration;

fn client() -> Client {
    Client::builder().http2_prior_knowledge().build().unwrap()
}

fn ask(client: &Client, person: &Actor, query: &str) -> RequestBuilder {
    let request = client.post(format!("{}/graphql", person.address)).bearer_auth(person.token());
    request.json(&json!({ "query": query }))
}

#[tokio::test(flavor = "multi_thread")]
async fn queries_mutations_streams_and_files_share_one_connection() {
    let office = Office::open_with(Options { has_metrics: true, ..Options::default() }).await;
    let (client, memo) = (client(), office.memo().create().await);
    let recipient = office.recipient();
    let listen = ask(&client, recipient, "subscription { memoEvents { kind } }");
    let listening = listen.header("accept", "text/event-stream").send().await.unwrap();
    assert_eq!((listening.version(), listening.status().as_u16()), (Version::HTTP_2, 200));
    let mut events = listening.bytes_stream();

    let many = (0..50).map(|_| async {
        let answer = ask(&client, recipient, "{ viewer { username } }").send().await.unwrap();
        assert_eq!(answer.version(), Version::HTTP_2);
        answer.json::<Value>().await.unwrap()["data"]["viewer"]["username"] == "recipient"
    });
    assert!(join_all(many).await.into_iter().all(|answered| answered));
    let put = client.put(format!("{}/files?name=plan.txt", office.address)).bearer_auth(recipient.token());
    let put = put.header("content-type", "text/plain").body("walls, floor, light").send().await.unwrap();
    assert_eq!((put.version(), put.status().as_u16()), (Version::HTTP_2, 201));
    let review =
        format!("mutation {{ reviewMemo(input: {{ memoId: \"{}\" }}) {{ memo {{ stage }} }} }}", memo.id);
    let reviewed: Value = ask(&client, recipient, &review).send().await.unwrap().json().await.unwrap();
    assert_eq!(reviewed["data"]["reviewMemo"]["memo"]["stage"], "REVIEWED");
    let event = events.next().await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&event).contains("STAGE_CHANGED"), "{event:?}");
    assert_eq!(office.metrics().await.get("memoranda_connections"), Some(1.0));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limits_are_those_of_http1() {
    let limits = Limits { max_body_bytes: 2_000, ..Limits::default() };
    let office = Office::open_with(Options { limits, ..Options::default() }).await;
    let (client, author) = (client(), office.author());
    let long = ask(&client, author, &format!("{{ viewer {{ id }} }} # {}", "x".repeat(2_000)));
    assert_eq!(long.send().await.unwrap().status(), 413);
    let wide = ask(&client, author, "{ viewer { id } }").header("x-wide", "x".repeat(70_000)).send().await;
    assert!(
        wide.is_err() || wide.is_ok_and(|answer| answer.status() == 431),
        "headers of 64 KiB are the most"
    );
    assert_eq!(ask(&client, author, "{ viewer { id } }").send().await.unwrap().status(), 200, "it serves on");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_drains_lets_go_of_its_connections() {
    let limits = Limits { drain: Duration::from_secs(3600), ..Limits::default() };
    let mut office = Office::open_with(Options { limits, has_metrics: true, ..Options::default() }).await;
    let (client, author) = (client(), office.author().clone());
    assert_eq!(ask(&client, &author, "{ viewer { id } }").send().await.unwrap().status(), 200);
    assert_eq!(office.metrics().await.get("memoranda_connections"), Some(1.0));
    office.stop();
    // The client hears that no further request will be taken there, and ends it.
    office.counts("memoranda_connections", 0.0).await;
    assert_eq!(
        ask(&client, &author, "{ viewer { id } }").send().await.unwrap().status(),
        200,
        "by another one"
    );
    office.close().await;
}
