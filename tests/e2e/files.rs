//! Uploads: which are stored, which are refused, and that incomplete ones leave nothing.

use api::http::Limits;
use memoranda_tests::{Actor, Office, Options, difference};
use reqwest::{Body, Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use std::{path::Path, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

pub const TEXT: Option<&str> = Some("text/plain");

/// Sends a file with that token. `name` is in the form of the address.
pub async fn put(
    person: &Actor,
    token: Option<&str>,
    name: &str,
    media_type: Option<&str>,
    content: impl Into<Body>,
) -> Response {
    let address = format!("{}/files?name={name}", person.address);
    let mut request = Client::new().request(Method::PUT, address).body(content);
    if let Some(media_type) = media_type {
        request = request.header("content-type", media_type);
    }
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    request.send().await.unwrap()
}

/// Uploads a text that is accepted, and returns the server's answer.
pub async fn uploaded(person: &Actor, name: &str, content: &str) -> Value {
    let response = put(person, Some(person.token()), name, TEXT, content.to_owned()).await;
    assert_eq!(response.status(), StatusCode::CREATED);
    response.json().await.unwrap()
}

/// Everything in the file store except its marker, including files that are hidden from users.
pub fn objects(office: &Office) -> Vec<String> {
    fn walk(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if !path.ends_with(service::blobs::MARKER) {
                // A content's location is its hash, and an id that makes it unique.
                let name = path.file_name().unwrap().to_str().unwrap();
                let hash = name.split_once('-').map_or(name, |(hash, _)| hash);
                found.push(if hash.len() == 64 { hash } else { name }.to_owned());
            }
        }
    }
    let mut found = Vec::new();
    walk(&office.database().folder.join("files"), &mut found);
    found.sort();
    found
}

/// An office whose server has these limits.
pub async fn office_with(limits: Limits) -> Office {
    Office::open_with(Options { limits, ..Options::default() }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_stored_as_it_came_and_says_where_it_is() {
    let office = Office::open().await;
    let author = office.author();
    let response = put(
        author,
        Some(author.token()),
        "plan.txt",
        Some("Text/Plain; charset=utf-8"),
        "the plan",
    )
    .await;
    assert_eq!(response.status(), StatusCode::CREATED);
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    let file: Value = response.json().await.unwrap();
    assert_eq!(file["name"], "plan.txt");
    assert_eq!(file["size"], 8);
    assert_eq!(file["mediaType"], "text/plain");
    assert_eq!(file["url"], json!(location));
    assert_eq!(file["url"], json!(format!("/files/{}", file["id"].as_str().unwrap())));
    assert_eq!(objects(&office), [file["sha256"].as_str().unwrap()]);
    let query = "query ($id: ID!) { node(id: $id) { ... on File { id name size mediaType sha256 \
        url uploadedBy { username } } } }";
    let mut shown = author.data(query, json!({ "id": file["id"] })).await["node"].take();
    assert_eq!(shown["uploadedBy"].take()["username"], "author");
    assert_eq!(shown["size"].take().as_f64(), Some(8.0));
    let mut expected = file.clone();
    assert_eq!(expected.as_object_mut().unwrap().remove("replayed"), Some(json!(false)));
    (expected["size"], expected["uploadedBy"]) = (Value::Null, Value::Null);
    assert_eq!(shown, expected);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_without_bytes_or_type_is_a_file() {
    let office = Office::open().await;
    let author = office.author();
    let response = put(author, Some(author.token()), "empty", None, "").await;
    assert_eq!(response.status(), StatusCode::CREATED);
    let file: Value = response.json().await.unwrap();
    assert_eq!(
        (&file["size"], &file["mediaType"]),
        (&json!(0), &json!("application/octet-stream"))
    );
    assert_eq!(file["sha256"], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_several_parts_arrives_whole() {
    let office = Office::open().await;
    let author = office.author();
    let content: Vec<u8> = (0..11_000_000_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
    let response = put(author, Some(author.token()), "large.bin", None, content.clone()).await;
    let file: Value = response.json().await.unwrap();
    assert_eq!(objects(&office), [file["sha256"].as_str().unwrap()]);
    let read = Client::new()
        .get(format!("{}{}", office.address, file["url"].as_str().unwrap()))
        .bearer_auth(author.token())
        .send()
        .await
        .unwrap();
    assert!(read.bytes().await.unwrap() == content, "it comes back as it went");
    office.close().await;
}

/// Begins an upload by hand.
async fn begin(office: &Office, headers: &str, beginning: &str) -> TcpStream {
    let address = office.address.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "PUT /files?name=x HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer \
         {}\r\n{headers}\r\n\r\n{beginning}",
        office.author().token()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_leaves_nothing() {
    let office = Office::open().await;
    let before = office.row_counts().await;
    for (headers, beginning) in [
        ("content-length: 1000", "the beginning"),
        ("content-length: 1000", ""),
        ("transfer-encoding: chunked", "d\r\nthe beginning\r\n"),
        ("transfer-encoding: chunked", "d\r\nthe begin"),
    ] {
        let mut stream = begin(&office, headers, beginning).await;
        stream.shutdown().await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400 "), "{headers}: {answer}");
    }
    wait_until(|| objects(&office).is_empty()).await;
    // Long enough that a part of it is written before the connection breaks.
    let stream = begin(&office, "content-length: 7000000", &"x".repeat(6_000_000)).await;
    wait_until(|| !objects(&office).is_empty()).await;
    drop(stream);
    wait_until(|| objects(&office).is_empty()).await;
    assert_eq!(office.row_counts().await, before);
    office.close().await;
}

/// Waits for something that the server is about to do.
async fn wait_until(done: impl Fn() -> bool) {
    while !done() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_stops_sending_is_told_so_and_the_connection_ends() {
    let limits = Limits { upload_idle_timeout: Duration::from_millis(50), ..Limits::default() };
    let office = office_with(limits).await;
    let mut stream = begin(&office, "content-length: 1000", "the beginning").await;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("connection: close") && answer.contains("BAD_USER_INPUT"), "{answer}");
    assert_eq!(objects(&office), [""; 0]);
    assert_eq!(office.row_counts().await["blobs"], 0);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_before_sending_is_refused_before_sending() {
    let office = office_with(Limits { max_upload_bytes: 999, ..Limits::default() }).await;
    let mut stream = begin(&office, "content-length: 1000\r\nexpect: 100-continue", "").await;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_bytes_are_stored_once_and_have_two_names() {
    let office = Office::open().await;
    let before = office.row_counts().await;
    let one = uploaded(office.author(), "one.txt", "the same").await;
    let two = uploaded(office.recipient(), "two.txt", "the same").await;
    assert_eq!(one["sha256"], two["sha256"]);
    assert_ne!(one["id"], two["id"]);
    assert_eq!(objects(&office), [one["sha256"].as_str().unwrap()]);
    let changed = difference(&before, &office.row_counts().await);
    assert_eq!(changed, [("blobs".to_owned(), 1), ("files".to_owned(), 2)].into());
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_bytes_at_the_same_time_are_stored_once() {
    let office = Office::open().await;
    let mut sha256s = Vec::new();
    for round in 0..10 {
        let content = format!("the same in round {round}");
        let (one, two) = tokio::join!(
            uploaded(office.author(), "one.txt", &content),
            uploaded(office.recipient(), "two.txt", &content)
        );
        assert_eq!(one["sha256"], two["sha256"]);
        sha256s.push(one["sha256"].as_str().unwrap().to_owned());
    }
    sha256s.sort();
    assert_eq!(objects(&office), sha256s);
    let counts = office.row_counts().await;
    assert_eq!((counts["blobs"], counts["files"]), (10, 20));
    office.close().await;
}
