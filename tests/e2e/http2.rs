//! HTTP/2, without TLS, as proxies use it with a server: the same answers, many at a time on one
//! connection.

use crate::accounts::{PASSWORD, give_password};
use api::http::Limits;
use futures_util::{StreamExt, future::join_all};
use memoranda_tests::{Actor, Office, Options};
use reqwest::{Client, RequestBuilder, Version};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Settings by their numbers
/// ([RFC 9113, 6.5.2](https://www.rfc-editor.org/rfc/rfc9113#section-6.5.2)).
const MAX_CONCURRENT_STREAMS: u16 = 3;
/// Whether a WebSocket can be opened on a stream
/// ([RFC 8441, 3](https://www.rfc-editor.org/rfc/rfc8441#section-3)).
const ENABLE_CONNECT_PROTOCOL: u16 = 8;

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
    let put = client
        .put(format!("{}/files?name=plan.txt", office.address))
        .bearer_auth(recipient.token());
    let put =
        put.header("content-type", "text/plain").body("walls, floor, light").send().await.unwrap();
    assert_eq!((put.version(), put.status().as_u16()), (Version::HTTP_2, 201));
    let review = format!(
        "mutation {{ reviewMemo(input: {{ memoId: \"{}\" }}) {{ memo {{ stage }} }} }}",
        memo.id
    );
    let reviewed: Value =
        ask(&client, recipient, &review).send().await.unwrap().json().await.unwrap();
    assert_eq!(reviewed["data"]["reviewMemo"]["memo"]["stage"], "REVIEWED");
    let event = events.next().await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&event).contains("STAGE_CHANGED"), "{event:?}");
    assert_eq!(office.metrics().await.get("memoranda_connections"), Some(1.0));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn http2_has_the_limits_of_http1() {
    let limits = Limits { max_body_bytes: 2_000, ..Limits::default() };
    let office = Office::open_with(Options { limits, ..Options::default() }).await;
    let (client, author) = (client(), office.author());
    let long = ask(&client, author, &format!("{{ viewer {{ id }} }} # {}", "x".repeat(2_000)));
    assert_eq!(long.send().await.unwrap().status(), 413);
    let wide =
        ask(&client, author, "{ viewer { id } }").header("x-wide", "x".repeat(70_000)).send().await;
    assert!(
        wide.is_err() || wide.is_ok_and(|answer| answer.status() == 431),
        "headers of 64 KiB are the most"
    );
    assert_eq!(
        ask(&client, author, "{ viewer { id } }").send().await.unwrap().status(),
        200,
        "it serves on"
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_drains_lets_go_of_its_connections() {
    let limits = Limits { drain: Duration::from_secs(3600), ..Limits::default() };
    let mut office =
        Office::open_with(Options { limits, has_metrics: true, ..Options::default() }).await;
    let (client, author) = (client(), office.author().clone());
    assert_eq!(ask(&client, &author, "{ viewer { id } }").send().await.unwrap().status(), 200);
    assert_eq!(office.metrics().await.get("memoranda_connections"), Some(1.0));
    office.stop();
    // The client learns that the connection accepts no further request, and ends it.
    office.counts("memoranda_connections", 0.0).await;
    assert_eq!(
        ask(&client, &author, "{ viewer { id } }").send().await.unwrap().status(),
        200,
        "by another one"
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_servers_own_page_keeps_its_session() {
    let office = Office::open().await;
    give_password(&office, office.author()).await;
    let client = client();
    let ask = async |origin: &str, cookie: &str, query: &str| {
        let request = client.post(format!("{}/graphql", office.address)).header("origin", origin);
        let variables = json!({ "password": PASSWORD });
        let request = request.json(&json!({ "query": query, "variables": variables }));
        let answer = request.header("cookie", cookie).send().await.unwrap();
        assert_eq!(answer.version(), Version::HTTP_2);
        let set = answer.headers().get("set-cookie").map(|set| set.to_str().unwrap().to_owned());
        (set, answer.json::<Value>().await.unwrap())
    };
    let pair = |set: Option<String>| set.unwrap().split(';').next().unwrap().to_owned();
    let sign_in = "mutation ($password: String!) {
        signIn(input: { username: \"author\", password: $password }) { userErrors { code } } }";
    let refresh = "mutation { refreshSession(input: {}) {
        user { username } userErrors { code } } }";
    let (set, _) = ask(&office.address, "", sign_in).await;
    let cookie = pair(set);
    assert!(cookie.starts_with("memoranda-refresh="), "the server is on this machine: {cookie}");
    let (set, answer) = ask(&office.address, &cookie, refresh).await;
    let expected = json!({ "user": { "username": "author" }, "userErrors": [] });
    assert_eq!(answer["data"]["refreshSession"], expected, "{answer:#}");
    let next = pair(set);
    assert_ne!(next, cookie);
    let (set, answer) = ask("https://evil.example", &next, refresh).await;
    assert_eq!(answer["data"]["refreshSession"]["user"], json!(null), "{answer:#}");
    assert!(set.unwrap().contains("Max-Age=0"), "another page has no part in the cookie");
    office.close().await;
}

/// The HTTP/2 frames that the server sends first.
async fn settings_of(address: &str) -> Vec<(u16, u32)> {
    let mut stream = TcpStream::connect(address.trim_start_matches("http://")).await.unwrap();
    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.unwrap();
    // The client's empty SETTINGS frame.
    stream.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).await.unwrap();
    let mut head = [0; 9];
    stream.read_exact(&mut head).await.unwrap();
    assert_eq!((head[3], head[4]), (4, 0), "the first frame has the settings");
    let mut body = vec![0; usize::from(head[1]) << 8 | usize::from(head[2])];
    stream.read_exact(&mut body).await.unwrap();
    let number = |bytes: &[u8]| bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte));
    let settings = body
        .chunks_exact(6)
        .map(|setting| (u16::try_from(number(&setting[..2])).unwrap(), number(&setting[2..])));
    settings.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn websockets_over_http2_are_not_announced() {
    let office = Office::open().await;
    let settings = settings_of(&office.address).await;
    assert!(settings.contains(&(MAX_CONCURRENT_STREAMS, 100)), "{settings:?}");
    assert!(!settings.iter().any(|(name, _)| *name == ENABLE_CONNECT_PROTOCOL), "{settings:?}");
    office.close().await;
}
