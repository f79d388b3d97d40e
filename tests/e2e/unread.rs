//! Clients that send requests but do not read the answers. Their answers are given up, they cost
//! little memory, and others are served in the meantime.

use crate::{attacks::resident, process::start_server};
use api::http::{ClientLimits, Limits};
use axum::http::Request;
use bytes::Bytes;
use futures_util::future::join_all;
use h2::{RecvStream, client::SendRequest};
use memoranda_tests::{Actor, Heard, Office, Options, TestMemo};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinHandle,
    time::timeout,
};

const SOON: Duration = Duration::from_millis(300);
/// How long a client may read nothing. Honest clients sometimes wait for a processor.
const PATIENCE: Duration = Duration::from_secs(1);
/// Longest wait for an event that must happen. A test that waits longer fails.
const LIMIT: Duration = Duration::from_secs(120);

/// A memo with a long text.
async fn long_memo(office: &Office) -> TestMemo {
    let memo = office.memo().create().await;
    office.sql(&format!("UPDATE memos SET description = '{}'", "x".repeat(100_000))).await;
    memo
}

/// Requests 100 kB that many times.
fn document(memo: &TestMemo, times: usize) -> String {
    let fields: String = (0..times).map(|n| format!("a{n}: description ")).collect();
    format!("{{ memo(id: \"{}\") {{ {fields} }} }}", memo.id)
}

fn limits() -> Limits {
    Limits {
        // An address may have a quarter of these.
        max_running: 40,
        max_answer_bytes: 8_500_000,
        max_unsent_bytes_per_connection: 8_500_000,
        clients: ClientLimits {
            write_timeout: PATIENCE,
            min_read_rate: 500_000,
            ..ClientLimits::default()
        },
        ..Limits::default()
    }
}

async fn is_served(honest: &Actor) {
    let answer = honest.data("{ viewer { username } memos { totalCount } }", json!({})).await;
    assert_eq!(answer["viewer"]["username"], "author");
}

/// An HTTP/2 client that reads nothing of any answer.
async fn closed_window(address: &str) -> (SendRequest<Bytes>, JoinHandle<()>) {
    let stream = TcpStream::connect(address.trim_start_matches("http://")).await.unwrap();
    let mut client = h2::client::Builder::new();
    let (client, connection) = client.initial_window_size(0).handshake(stream).await.unwrap();
    let ended = tokio::spawn(async move {
        // It ends, in whatever way the server ends it.
        let _ = connection.await;
    });
    (client, ended)
}

/// Sends a request, and reads only the status.
async fn ask(client: &SendRequest<Bytes>, person: &Actor, query: &str) -> (u16, RecvStream) {
    let mut client = client.clone().ready().await.unwrap();
    let request = Request::post(format!("{}/graphql", person.address))
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {}", person.token()))
        .body(())
        .unwrap();
    let (answer, mut body) = client.send_request(request, false).unwrap();
    body.send_data(json!({ "query": query }).to_string().into(), true).unwrap();
    let answer = answer.await.unwrap();
    (answer.status().as_u16(), answer.into_body())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_http2_client_that_opens_no_window_is_cut_and_its_permits_come_back() {
    let office = Office::open_with(Options { limits: limits(), ..Options::default() }).await;
    let (memo, author) = (long_memo(&office).await, office.author());
    let query = document(&memo, 20);
    // The address has ten permits, which would be used up.
    for _ in 0..3 {
        let (client, ended) = closed_window(&office.address).await;
        let answers = join_all((0..8).map(|_| ask(&client, author, &query))).await;
        let status = |wanted| answers.iter().filter(|(status, _)| *status == wanted).count();
        assert_eq!(status(200) + status(503), 8, "served, or asked to try again");
        assert!(status(200) > 0);
        is_served(author).await;
        drop(client);
        timeout(LIMIT, ended).await.expect("the connection is closed").unwrap();
        for (_, mut body) in answers.into_iter().filter(|(status, _)| *status == 200) {
            let mut read = 0;
            while let Some(Ok(bytes)) = body.data().await {
                read += bytes.len();
            }
            assert_eq!(read, 0, "nothing was sent");
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_is_not_read_ends_alone_at_first() {
    let mut limits = limits();
    // The other answer is read in the meantime.
    limits.clients.write_timeout = 5 * PATIENCE;
    let office = Office::open_with(Options { limits, ..Options::default() }).await;
    let (memo, author) = (long_memo(&office).await, office.author());
    let stream = TcpStream::connect(office.address.trim_start_matches("http://")).await.unwrap();
    // Each answer has its own window, and the connection has room for both.
    let mut client = h2::client::Builder::new();
    let (client, connection) =
        client.initial_connection_window_size(1_000_000).handshake(stream).await.unwrap();
    let ended = tokio::spawn(async move {
        // It ends, in whatever way the server ends it.
        let _ = connection.await;
    });
    // More than the default window of a client.
    let (status, unread) = ask(&client, author, &document(&memo, 20)).await;
    assert_eq!(status, 200);
    let (status, mut read) = ask(&client, author, "{ viewer { username } }").await;
    assert_eq!(status, 200);
    let answer: Value = serde_json::from_slice(&read.data().await.unwrap().unwrap()).unwrap();
    assert_eq!(answer["data"]["viewer"]["username"], "author");
    drop(client);
    timeout(LIMIT, ended).await.expect("the connection is closed").unwrap();
    drop(unread);
    is_served(author).await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_reads_drop_by_drop_is_cut_and_a_fast_one_gets_the_same_answer() {
    let office = Office::open_with(Options { limits: limits(), ..Options::default() }).await;
    let (memo, author) = (long_memo(&office).await, office.author());
    let query = document(&memo, 80);
    let body = json!({ "query": query }).to_string();
    let mut stream =
        TcpStream::connect(office.address.trim_start_matches("http://")).await.unwrap();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nauthorization: \
         Bearer {}\r\ncontent-length: {}\r\n\r\n{body}",
        author.token(),
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let (mut read, mut piece) = (0, [0; 4_096]);
    let dripping = async {
        while let Ok(bytes @ 1..) = stream.read(&mut piece).await {
            read += bytes;
            tokio::time::sleep(SOON / 10).await;
        }
    };
    let honest = async {
        for _ in 0..3 {
            let whole = author.data(&query, json!({})).await;
            assert_eq!(whole["memo"].as_object().unwrap().len(), 80);
        }
    };
    timeout(LIMIT, async { tokio::join!(dripping, honest) }).await.expect("it is cut");
    assert!(read < 8_000_000, "it got all {read} bytes");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_websocket_that_is_not_read_is_closed() {
    let options = Options { limits: limits(), has_metrics: true, ..Options::default() };
    let office = Office::open_with(options).await;
    let memo = long_memo(&office).await;
    let author = &office.author().without_idle_connections();
    is_served(author).await;
    let mut socket = author.connect().await;
    for n in 0..8 {
        socket.subscribe(&n.to_string(), &document(&memo, 20), json!({})).await;
    }
    // It reads nothing, so the server ends it.
    let closed = async {
        loop {
            is_served(author).await;
            if office.metrics().await.get("memoranda_connections") == Some(0.0) {
                break;
            }
        }
    };
    timeout(LIMIT, closed).await.expect("the connection is closed");
    let (mut answers, mut refusals) = (0, 0);
    loop {
        match socket.next().await {
            Heard::Message(message) if message["type"] == "error" => {
                assert_eq!(message["payload"][0]["extensions"]["code"], "OVERLOADED");
                refusals += 1;
            }
            Heard::Message(message) => answers += usize::from(message["type"] == "next"),
            Heard::Closed(_) => break,
        }
    }
    assert!(answers + refusals < 8, "{answers} and {refusals}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_nobody_reads_cost_little_memory() {
    const MOST: u64 = 160 * 1_048_576;
    let office = Office::open().await;
    let memo = long_memo(&office).await;
    let (process, address) = start_server(&office).await;
    let id = process.id().unwrap();
    let (mut attacker, mut honest) = (office.recipient().clone(), office.author().clone());
    attacker.address.clone_from(&address);
    honest.address = address;
    let query = document(&memo, 80);
    for _ in 0..3 {
        honest.data(&query, json!({})).await;
    }
    let before = resident(id);
    let (client, _open) = closed_window(&attacker.address).await;
    let answers = join_all((0..60).map(|_| ask(&client, &attacker, &query))).await;
    assert!(answers.iter().all(|(status, _)| [200, 503].contains(status)));
    assert!(answers.iter().any(|(status, _)| *status == 503), "not all is kept");
    is_served(&honest).await;
    let mut socket = attacker.connect().await;
    for n in 0..60 {
        socket.subscribe(&n.to_string(), &query, json!({})).await;
        is_served(&honest).await;
    }
    let held = resident(id);
    assert!(
        held <= before + MOST,
        "from {} to {} MB while nobody reads",
        before / 1_048_576,
        held / 1_048_576
    );
    drop(process);
    office.close().await;
}
