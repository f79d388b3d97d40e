//! Uploads in progress: they count for the limit of the storage, must not be too slow, and each
//! person may have only a few.

use crate::files::{TEXT, office_with, put, uploaded};
use api::http::Limits;
use memoranda_tests::{Actor, Office, refusal};
use std::{path::Path, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const ROOM: u64 = 2_000_000;
const SOON: Duration = Duration::from_millis(300);

fn limits() -> Limits {
    Limits {
        max_storage_bytes: Some(ROOM),
        max_upload_bytes: 1_500_000,
        max_uploads_per_person: 4,
        ..Limits::default()
    }
}

/// Begins to send a file, with a length or in chunks.
async fn begin(person: &Actor, length: Option<usize>) -> TcpStream {
    let mut stream =
        TcpStream::connect(person.address.trim_start_matches("http://")).await.unwrap();
    let length = match length {
        Some(length) => format!("content-length: {length}"),
        None => "transfer-encoding: chunked".to_owned(),
    };
    let head = format!(
        "PUT /files?name=x HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: \
         text/plain\r\n{length}\r\n\r\n",
        person.token()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

fn chunk(bytes: usize) -> Vec<u8> {
    format!("{bytes:x}\r\n{}\r\n", "x".repeat(bytes)).into_bytes()
}

/// Whether an answer has arrived.
async fn is_answered(stream: &TcpStream) -> bool {
    tokio::time::timeout(Duration::ZERO, stream.peek(&mut [0])).await.is_ok()
}

async fn rest(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    // A reset also ends it.
    let _ = stream.read_to_end(&mut bytes).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The number of bytes in the store, including incomplete files.
fn on_disk(office: &Office) -> u64 {
    fn walk(folder: &Path) -> u64 {
        let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        entries
            .map(|entry| match entry.path() {
                path if path.is_dir() => walk(&path),
                // It may already be gone.
                path => std::fs::metadata(path).map_or(0, |found| found.len()),
            })
            .sum()
    }
    walk(&office.database().folder.join("files"))
}

#[tokio::test(flavor = "multi_thread")]
async fn files_under_way_never_take_more_room_than_there_is() {
    // However slow this test is, none of its uploads is too slow.
    let patient = Duration::from_secs(3_600);
    let office =
        office_with(Limits { upload_idle_timeout: patient, min_upload_rate: 0, ..limits() }).await;
    let (author, attackers) = (office.author(), [office.stranger(), office.recipient()]);
    let mut streams = Vec::new();
    for attacker in attackers {
        for _ in 0..4 {
            streams.push(begin(attacker, None).await);
        }
    }
    for _ in 0..8 {
        for stream in &mut streams {
            // The refused ones may be closed.
            let _ = stream.write_all(&chunk(65_536)).await;
        }
        assert!(on_disk(&office) <= ROOM, "{} bytes", on_disk(&office));
    }
    // Half of the uploads have their half megabyte, and the others are refused. A small file fits.
    uploaded(author, "small.txt", "an honest file").await;
    // A file that cannot fit is refused before any of it is sent.
    let answer = rest(begin(author, Some(1_400_000)).await).await;
    assert!(answer.starts_with("HTTP/1.1 507") && answer.contains("STORAGE_FULL"), "{answer}");
    assert!(on_disk(&office) <= ROOM, "{} bytes", on_disk(&office));
    drop(streams);
    // Their space is free again.
    loop {
        let whole =
            put(author, Some(author.token()), "whole.txt", TEXT, "y".repeat(1_400_000)).await;
        if whole.status() == 201 {
            break;
        }
        assert_eq!(refusal(whole).await.1, "STORAGE_FULL");
    }
    assert_eq!(office.row_counts().await["files"], 2);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sends_a_few_files_at_a_time_and_others_are_served() {
    // However slow this test is, none of its uploads is too slow.
    let patient = Duration::from_secs(3_600);
    let office =
        office_with(Limits { upload_idle_timeout: patient, min_upload_rate: 0, ..limits() }).await;
    let (author, stranger) = (office.author(), office.stranger());
    let mut streams = Vec::new();
    for _ in 0..4 {
        streams.push(begin(stranger, Some(10)).await);
    }
    let refused = loop {
        let response = put(stranger, Some(stranger.token()), "x", TEXT, "x").await;
        // The heads of the others may not have been read yet, so this one may have taken the place
        // of one of them.
        if response.status() != 201 {
            break response;
        }
        for stream in &mut streams {
            if is_answered(stream).await {
                *stream = begin(stranger, Some(10)).await;
            }
        }
    };
    assert_eq!(refused.headers()["retry-after"], "5");
    let (status, code, message) = refusal(refused).await;
    assert_eq!((status, code.as_str()), (429, "RATE_LIMITED"));
    assert!(message.contains("at most 4 of a person at a time"), "{message}");
    uploaded(author, "plan.txt", "the plan").await;
    for stream in &mut streams {
        stream.write_all(b"0123456789").await.unwrap();
    }
    for mut stream in streams {
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 201");
    }
    uploaded(stranger, "again.txt", "again").await;
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_comes_byte_by_byte_is_cut() {
    let limits = Limits { upload_idle_timeout: SOON, min_upload_rate: 100_000, ..limits() };
    let office = office_with(limits).await;
    let (author, stranger) = (office.author(), office.stranger());
    let before = office.row_counts().await;
    let dripping = async {
        let mut stream = begin(stranger, None).await;
        // No single pause is too long.
        while stream.write_all(&chunk(1)).await.is_ok() {
            let mut first = [0; 1];
            let answered = tokio::time::timeout(SOON / 10, stream.peek(&mut first)).await;
            if answered.is_ok() {
                break;
            }
        }
        rest(stream).await
    };
    let ((), answer) = tokio::join!(
        async {
            uploaded(author, "plan.txt", &"p".repeat(1_000_000)).await;
        },
        dripping
    );
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("too slowly"), "{answer}");
    assert!(answer.contains("at least 100000 bytes per second"), "{answer}");
    assert_eq!(office.row_counts().await["files"], before["files"] + 1);
    office.close().await;
}
