//! Requests that the standards want to be refused, and answers that reach refused clients.

use memoranda_tests::Office;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

async fn is_served(office: &Office) {
    let answer = office.author().data("{ viewer { username } }", json!({})).await;
    assert_eq!(answer["viewer"]["username"], "author");
}

/// Sends all of it, then reads the whole answer.
async fn exchange(office: &Office, parts: &[&[u8]]) -> String {
    let mut stream =
        TcpStream::connect(office.address.trim_start_matches("http://")).await.unwrap();
    for part in parts {
        stream.write_all(part).await.expect("the server takes what it refuses");
    }
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("the connection ends, and does not break");
    String::from_utf8(answer).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sends_too_long_a_body_reads_the_refusal() {
    let office = Office::open().await;
    let body = "x".repeat(4_000_000);
    let chunk = format!("{:x}\r\n{body}\r\n", body.len());
    let head = |media_type: &str, length: &str| {
        format!(
            "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: {media_type}\r\n{length}\r\n\r\n"
        )
    };
    let length = format!("content-length: {}", body.len());
    let (by_length, in_chunks) =
        (head("application/json", &length), head("application/json", "transfer-encoding: chunked"));
    let other = head("text/plain", &length);
    for _ in 0..10 {
        for (head, body, status) in
            [(&by_length, &body, 413), (&in_chunks, &chunk, 413), (&other, &body, 415)]
        {
            let mut parts = vec![head.as_bytes(), body.as_bytes()];
            if body == &chunk {
                parts.push(b"0\r\n\r\n");
            }
            let (answer, ()) = tokio::join!(exchange(&office, &parts), is_served(&office));
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
            let (head, body) = answer.split_once("\r\n\r\n").unwrap();
            assert!(head.contains("connection: close"), "{head}");
            let body: Value = serde_json::from_str(body).unwrap();
            assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{body:#}");
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_names_its_host_once() {
    let office = Office::open().await;
    for (version, hosts, status) in [
        ("1.1", "", 400),
        ("1.1", "host: a\r\nhost: b\r\n", 400),
        ("1.1", "host: a\r\nHost: a\r\n", 400),
        ("1.1", "host: a/b\r\n", 400),
        ("1.1", "host: user@example.org\r\n", 400),
        ("1.1", "host: example.org:8080\r\n", 200),
        ("1.1", "host:\r\n", 200),
        ("1.0", "", 200),
        ("1.0", "host: a\r\nhost: b\r\n", 400),
    ] {
        for target in ["/healthz", "http://example.org/healthz"] {
            let request =
                format!("GET {target} HTTP/{version}\r\n{hosts}connection: close\r\n\r\n");
            let answer = exchange(&office, &[request.as_bytes()]).await;
            assert!(answer.contains(&format!(" {status} ")), "{version} {hosts:?} got {answer}");
            assert_eq!(status == 400, answer.contains("BAD_USER_INPUT"), "{answer}");
            assert!(answer.contains("x-request-id: "), "{answer}");
        }
        is_served(&office).await;
    }
    office.close().await;
}
