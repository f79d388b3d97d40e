//! Clients that make the server wait, or want too much at a time: each is disconnected, and the
//! others are served.

use api::http::{ClientLimits, Limits};
use memoranda_tests::{Office, Options, difference, is_postgres};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const SOON: Duration = Duration::from_millis(150);
const NEVER: Duration = Duration::from_secs(3_600);

/// Limits that no client exceeds.
fn patient() -> ClientLimits {
    ClientLimits {
        header_timeout: NEVER,
        body_timeout: NEVER,
        body_idle_timeout: NEVER,
        idle_timeout: NEVER,
        write_timeout: NEVER,
        ..ClientLimits::default()
    }
}

async fn office(clients: ClientLimits) -> Office {
    Office::open_with(Options {
        limits: Limits { clients, ..Limits::default() },
        ..Options::default()
    })
    .await
}

async fn connect(office: &Office) -> TcpStream {
    TcpStream::connect(office.address.trim_start_matches("http://")).await.unwrap()
}

/// Everything until the server closes the connection.
async fn rest(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    // A reset also ends it.
    let _ = stream.read_to_end(&mut bytes).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn is_served(office: &Office) {
    let answer = office.author().data("{ viewer { username } }", json!({})).await;
    assert_eq!(answer["viewer"]["username"], "author");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_says_nothing_is_closed() {
    let office = office(ClientLimits { header_timeout: SOON, ..patient() }).await;
    assert_eq!(rest(connect(&office).await).await, "");
    is_served(&office).await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_comes_letter_by_letter_is_cut_be_it_the_first_or_a_later_one() {
    let office = office(ClientLimits { header_timeout: SOON, ..patient() }).await;
    for before in ["", "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"] {
        let mut stream = connect(&office).await;
        stream.write_all(before.as_bytes()).await.unwrap();
        stream.write_all(b"GET /healthz HTTP/1.1\r\nx: ").await.unwrap();
        while stream.write_all(b"y").await.is_ok() {
            tokio::time::sleep(SOON / 10).await;
        }
    }
    is_served(&office).await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_without_a_request_is_closed_and_one_that_listens_is_not() {
    let office =
        office(ClientLimits { idle_timeout: SOON, header_timeout: SOON, ..patient() }).await;
    let memo = office.memo().create().await;
    let listens = "subscription { memoEvents { kind memo { id } } }";
    let mut socket = office.author().connect().await;
    let mut events = office.author().listen(listens, json!({})).await;
    // These came later, but they also expired.
    for _ in 0..2 {
        let mut stream = connect(&office).await;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let answer = rest(stream).await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("ok\n"), "{answer}");
    }
    socket.subscribe("1", "{ viewer { username } }", json!({})).await;
    assert_eq!(socket.answer("1").await["data"]["viewer"]["username"], "author");
    office.recipient().review(&memo.id).await;
    assert_eq!(events.answer().await["data"]["memoEvents"]["memo"]["id"], json!(memo.id));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_connect_does_not_keep_a_connection_open() {
    let office = office(ClientLimits { idle_timeout: SOON, ..patient() }).await;
    for target in ["/graphql", "example.org:443"] {
        let mut stream = connect(&office).await;
        let head = format!("CONNECT {target} HTTP/1.1\r\nhost: x\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let answer = rest(stream).await;
        assert!(answer.starts_with("HTTP/1.1 4"), "{target} got {answer}");
    }
    is_served(&office).await;
    office.close().await;
}

const HEAD: &str = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: \
    application/json\r\ncontent-length: 1000\r\n\r\n{";

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_pauses_or_drips_is_refused() {
    let office1 = office(ClientLimits { body_idle_timeout: SOON, ..patient() }).await;
    let mut stream = connect(&office1).await;
    stream.write_all(HEAD.as_bytes()).await.unwrap();
    let answer = rest(stream).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("The body arrives too slowly: at most 3600 s"), "{answer}");
    is_served(&office1).await;
    office1.close().await;

    let office2 = office(ClientLimits { body_timeout: SOON, ..patient() }).await;
    let mut stream = connect(&office2).await;
    stream.write_all(HEAD.as_bytes()).await.unwrap();
    while stream.write_all(b" ").await.is_ok() {
        tokio::time::sleep(SOON / 10).await;
    }
    is_served(&office2).await;
    office2.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_takes_nothing_gives_its_place_back() {
    let clients = ClientLimits { write_timeout: SOON, max_connections: 1, ..patient() };
    let office = office(clients).await;
    let mut greedy = connect(&office).await;
    // More than the system's buffers hold.
    let asks = "GET /graphiql/graphiql.js HTTP/1.1\r\nhost: x\r\n\r\n".repeat(50);
    greedy.write_all(asks.as_bytes()).await.unwrap();
    // As long as it has the only permit, the server refuses everybody else.
    loop {
        let mut stream = connect(&office).await;
        let _ = stream
            .write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            .await;
        if rest(stream).await.starts_with("HTTP/1.1 200") {
            break;
        }
        tokio::time::sleep(SOON / 10).await;
    }
    drop(greedy);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_long_a_head_is_refused() {
    let office = office(ClientLimits { max_header_bytes: 8_192, ..patient() }).await;
    let mut stream = connect(&office).await;
    let head = format!("GET /healthz HTTP/1.1\r\nhost: x\r\nlong: {}\r\n\r\n", "x".repeat(20_000));
    let _ = stream.write_all(head.as_bytes()).await;
    let answer = rest(stream).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    is_served(&office).await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_too_many_connections_is_told_to_come_later() {
    let office = office(ClientLimits { max_connections_per_address: 2, ..patient() }).await;
    let first = connect(&office).await;
    let mut second = connect(&office).await;
    let answer = rest(connect(&office).await).await;
    assert!(
        answer.starts_with("HTTP/1.1 503") && answer.contains("retry-after: 5\r\n"),
        "{answer}"
    );
    assert!(
        answer.ends_with("\r\n\r\nThere are too many connections. Try again later.\n"),
        "{answer}"
    );
    second
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .await
        .unwrap();
    assert!(rest(second).await.ends_with("ok\n"));
    drop(first);
    // Their permits are free once the server has noticed.
    while office.author().try_send("{ __typename }", json!({})).await.is_err() {
        tokio::task::yield_now().await;
    }
    is_served(&office).await;
    office.close().await;
}

/// Makes deletions wait until the returned guard is dropped.
async fn hold(office: &Office) -> service::database::WriteTransaction {
    let held = office.services.database.begin().await.unwrap();
    if is_postgres() {
        held.inner().execute_unprepared("SELECT 1 FROM memos FOR UPDATE").await.unwrap();
    }
    held
}

async fn post(office: &Office, query: &str) -> reqwest::Response {
    let request = reqwest::Client::new().post(format!("{}/graphql", office.address));
    let request = request.bearer_auth(office.author().token());
    request.json(&json!({ "query": query })).send().await.unwrap()
}

fn deletion(memo: &str) -> String {
    format!("mutation {{ deleteMemo(input: {{ memoId: \"{memo}\" }}) {{ deletedMemoId }} }}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_takes_too_long_is_ended_and_nothing_of_it_happens() {
    let limits = Limits { request_timeout: SOON, ..Limits::default() };
    let office = Office::open_with(Options { limits, ..Options::default() }).await;
    let memo = office.memo().create().await;
    let before = office.row_counts().await;
    let held = hold(&office).await;
    let response = post(&office, &deletion(&memo.id)).await;
    assert_eq!(response.status(), 504);
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["errors"][0]["extensions"]["code"], "TIMEOUT", "{body:#}");
    assert!(body.get("data").is_none(), "{body:#}");
    drop(held);
    assert_eq!(difference(&before, &office.row_counts().await), [].into());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_operations_at_a_time_are_refused_over_http_and_websocket() {
    let limits = Limits { max_running: 1, ..Limits::default() };
    let office = Office::open_with(Options { limits, ..Options::default() }).await;
    let memo = office.memo().create().await;
    let mut socket = office.author().connect().await;
    let held = hold(&office).await;
    let (author, id) = (office.author().clone(), memo.id.clone());
    let running = tokio::spawn(async move { author.delete(&id).await });
    // It runs as soon as its task is scheduled.
    let response = loop {
        let response = post(&office, "{ __typename }").await;
        if response.status() != 200 {
            break response;
        }
    };
    assert_eq!(
        (response.status().as_u16(), &response.headers()["retry-after"]),
        (503, &"1".parse().unwrap())
    );
    let body: Value = response.json().await.unwrap();
    let error = &body["errors"][0];
    assert_eq!(error["extensions"]["code"], "OVERLOADED", "{body:#}");
    assert!(error["message"].as_str().unwrap().contains("at most 1 operations run"), "{body:#}");
    socket.subscribe("1", "{ __typename }", json!({})).await;
    let memoranda_tests::Heard::Message(message) = socket.next().await else { panic!("closed") };
    assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!("1")), "{message:#}");
    assert_eq!(message["payload"][0]["extensions"]["code"], "OVERLOADED");
    drop(held);
    assert_eq!(running.await.unwrap()["deletedMemoId"], json!(memo.id));
    is_served(&office).await;
    office.close().await;
}
