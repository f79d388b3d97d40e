//! graphql-transport-ws, exactly by the protocol:
//! <https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>

use api::http::Limits;
use chrono::TimeDelta;
use memoranda_tests::{Heard, Office, Options, Socket, refusal};
use serde_json::{Value, json};
use std::time::Duration;

const VIEWER: &str = "{ viewer { username } }";

fn message(heard: Heard) -> Value {
    match heard {
        Heard::Message(message) => message,
        Heard::Closed(code) => panic!("closed with {code}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn queries_and_mutations_are_answered_and_completed() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let mut socket = office.recipient().connect().await;
    socket.subscribe("q", VIEWER, json!({})).await;
    assert_eq!(
        socket.answer("q").await,
        json!({ "data": { "viewer": { "username": "recipient" } } })
    );
    assert_eq!(message(socket.next().await), json!({ "type": "complete", "id": "q" }));
    // The id can be used again after its operation has ended.
    let review = "mutation ($id: ID!) { reviewMemo(input: { memoId: $id }) { memo { stage } } }";
    socket.subscribe("q", review, json!({ "id": memo.id })).await;
    assert_eq!(socket.answer("q").await["data"]["reviewMemo"]["memo"]["stage"], "REVIEWED");
    assert_eq!(message(socket.next().await), json!({ "type": "complete", "id": "q" }));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_run_is_an_error_of_its_operation_and_nothing_else() {
    let office = Office::open().await;
    let mut socket = office.author().connect().await;
    let deep = format!("{{ nodes(ids: {}{}) {{ id }} }}", "[".repeat(20_000), "]".repeat(20_000));
    for document in [
        "{ nonsense }",
        "{ viewer {",
        deep.as_str(),
        "subscription { a: memoEvents { id } b: memoEvents { id } }",
    ] {
        socket.subscribe("bad", document, json!({})).await;
        let answer = message(socket.next().await);
        assert_eq!(
            (&answer["type"], &answer["id"]),
            (&json!("error"), &json!("bad")),
            "{answer:#}"
        );
        assert_eq!(answer["payload"][0]["extensions"]["code"], "BAD_USER_INPUT");
    }
    socket.subscribe("good", VIEWER, json!({})).await;
    assert_eq!(socket.answer("good").await["data"]["viewer"]["username"], "author");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_anonymous_subscription_is_refused() {
    let office = Office::open().await;
    let mut socket = office.anonymous().connect().await;
    socket.subscribe("1", "subscription { memoEvents { id } }", json!({})).await;
    let answer = message(socket.next().await);
    assert_eq!(answer["type"], "error");
    assert_eq!(answer["payload"][0]["extensions"]["code"], "UNAUTHENTICATED");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pings_are_answered_at_any_time() {
    let office = Office::open().await;
    let mut socket = Socket::open(&office.address).await;
    socket.send(json!({ "type": "ping", "payload": { "a": 1 } })).await;
    assert_eq!(message(socket.next().await), json!({ "type": "pong" }));
    socket.send(json!({ "type": "pong" })).await;
    socket.send(json!({ "type": "connection_init" })).await;
    assert_eq!(message(socket.next().await), json!({ "type": "connection_ack" }));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_completed_operation_says_no_more() {
    let office = Office::open().await;
    let memos = [office.memo().create().await, office.memo().create().await];
    let mut socket = office.author().connect().await;
    socket.subscribe("1", "subscription { memoEvents { id } }", json!({})).await;
    socket.send(json!({ "type": "complete", "id": "1" })).await;
    socket.send(json!({ "type": "complete", "id": "unknown" })).await;
    socket.send(json!({ "type": "ping" })).await;
    assert_eq!(
        message(socket.next().await),
        json!({ "type": "pong" }),
        "what was sent before has been read"
    );
    office.recipient().review(&memos[0].id).await;
    socket.subscribe("2", VIEWER, json!({})).await;
    assert_eq!(socket.answer("2").await["data"]["viewer"]["username"], "author");
    assert_eq!(message(socket.next().await), json!({ "type": "complete", "id": "2" }));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_breach_of_the_protocol_has_its_code() {
    let limits = Limits { websocket_init_timeout: Duration::from_millis(300), ..Limits::default() };
    let office = Office::open_with(Options { limits, ..Options::default() }).await;
    let open = || Socket::open(&office.address);

    for text in [
        "nonsense",
        "{}",
        "[]",
        "{\"type\":\"nonsense\"}",
        "{\"type\":\"subscribe\",\"id\":7}",
        "{\"type\":\"complete\"}",
    ] {
        let mut socket = open().await;
        socket.send_text(text).await;
        assert_eq!(socket.next().await, Heard::Closed(4400), "{text}");
    }
    let mut socket = open().await;
    socket.send_bytes(b"{}").await;
    assert_eq!(socket.next().await, Heard::Closed(4400));

    let mut socket = open().await;
    socket.subscribe("1", VIEWER, json!({})).await;
    assert_eq!(socket.next().await, Heard::Closed(4401));

    for token in [json!("Bearer nonsense"), json!("nonsense"), json!(7)] {
        let mut socket = open().await;
        socket
            .send(json!({ "type": "connection_init", "payload": { "Authorization": token } }))
            .await;
        assert_eq!(socket.next().await, Heard::Closed(4403), "{token}");
    }

    let mut socket = Socket::open_with(&office.address, &[]).await.unwrap();
    assert_eq!(socket.next().await, Heard::Closed(4406));

    let mut socket = open().await;
    assert_eq!(socket.next().await, Heard::Closed(4408));

    let mut socket = office.author().connect().await;
    let listen = "subscription { memoEvents { id } }";
    socket.subscribe("1", listen, json!({})).await;
    socket.subscribe("1", listen, json!({})).await;
    assert_eq!(socket.next().await, Heard::Closed(4409));

    let mut socket = office.author().connect().await;
    socket.send(json!({ "type": "connection_init" })).await;
    assert_eq!(socket.next().await, Heard::Closed(4429));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_holds_so_many_operations_and_no_more() {
    let office = Office::open_with(Options {
        limits: Limits { max_subscriptions: 2, ..Limits::default() },
        ..Options::default()
    })
    .await;
    let mut socket = office.author().connect().await;
    for id in ["1", "2", "3"] {
        socket.subscribe(id, "subscription { memoEvents { id } }", json!({})).await;
    }
    let refused = message(socket.next().await);
    assert_eq!((&refused["type"], &refused["id"]), (&json!("error"), &json!("3")), "{refused:#}");
    assert!(
        refused["payload"][0]["message"].as_str().unwrap().contains("at most 2"),
        "{refused:#}"
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_ends_with_its_token_and_with_its_person() {
    let office = Office::open().await;
    let author = office.author();
    let token = office.keys.issue(author.id, office.services.now(), TimeDelta::seconds(1)).unwrap();
    let short = office.actor_with_token(author.id, "short", Some(token));
    let mut socket = short.connect().await;
    socket.subscribe("1", "subscription { memoEvents { id } }", json!({})).await;
    assert_eq!(socket.next().await, Heard::Closed(4403));
    let mut events = short.listen("subscription { memoEvents { id } }", json!({})).await;
    assert_eq!(events.next().await.unwrap().0, "complete");

    let mut socket = author.connect().await;
    office.sql("UPDATE users SET active = FALSE WHERE username = 'author'").await;
    socket.subscribe("1", VIEWER, json!({})).await;
    assert_eq!(socket.next().await, Heard::Closed(4403));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_pages_script_cannot_connect_unless_allowed() {
    let limits =
        Limits { allowed_origins: vec!["https://crm.example.org".to_owned()], ..Limits::default() };
    let office = Office::open_with(Options { limits, ..Options::default() }).await;
    let protocol = ("sec-websocket-protocol", "graphql-transport-ws");
    for (origin, expected) in [
        ("https://evil.example", Some(403)),
        ("null", Some(403)),
        ("http://127.0.0.1", Some(403)),
        ("https://crm.example.org", None),
        (office.address.as_str(), None),
    ] {
        let opened = Socket::open_with(&office.address, &[protocol, ("origin", origin)]).await;
        assert_eq!(opened.err(), expected, "{origin}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_listens_so_often_and_no_more() {
    let limits = Limits { max_streams_per_person: 2, ..Limits::default() };
    let office = Office::open_with(Options { limits, ..Options::default() }).await;
    let listen = "subscription { memoEvents { kind } }";
    let first = office.author().connect().await;
    let _second = office.author().listen(listen, json!({})).await;
    let init = json!({ "type": "connection_init",
        "payload": { "authorization": format!("Bearer {}", office.author().token()) } });
    let third = async || {
        let mut socket = Socket::open(&office.address).await;
        socket.send(init.clone()).await;
        socket.next().await
    };
    assert_eq!(third().await, Heard::Closed(1013));
    let request = reqwest::Client::new().post(format!("{}/graphql", office.address));
    let request =
        request.bearer_auth(office.author().token()).header("accept", "text/event-stream");
    let refused = request.json(&json!({ "query": listen })).send().await.unwrap();
    assert_eq!(refused.headers()["retry-after"], "5");
    let (status, code, message) = refusal(refused).await;
    assert_eq!((status, code.as_str()), (429, "RATE_LIMITED"));
    assert!(message.contains("at most 2 WebSockets and event streams"), "{message}");
    office.recipient().connect().await;
    assert!(
        office.author().data(VIEWER, json!({})).await["viewer"].is_object(),
        "asking is not listening"
    );
    drop(first);
    // The permit is free as soon as the server has noticed that its client is gone.
    while third().await == Heard::Closed(1013) {}
    office.close().await;
}
