use super::readiness;
use crate::process::start_server_on_disk_of;
use memoranda_tests::{Actor, Office, is_postgres};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// Creates a memo of some length, and returns the answer.
async fn create(author: &Actor, name: &str) -> Value {
    let document = "mutation ($input: CreateMemoInput!) { createMemo(input: $input) { memo { id } \
        userErrors { code } } }";
    let input = json!({ "name": name, "description": "long ".repeat(600),
        "recipientId": author.user_id() });
    author.send(document, json!({ "input": input })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_no_write_is_acknowledged_that_is_not_stored() {
    if is_postgres() {
        // The server has its own disk.
        return;
    }
    let office = Office::open().await;
    let Some((mut server, address, disk)) = start_server_on_disk_of(&office, 9_000).await else {
        return office.close().await;
    };
    let mut author = office.author().clone();
    author.address.clone_from(&address);
    assert_eq!(readiness(&address).await, StatusCode::OK);

    let filler = disk.join("filler");
    std::fs::write(&filler, vec![0; 7_700_000]).unwrap();
    let mut answers = Vec::new();
    for n in 0..60 {
        answers.push(create(&author, &format!("Memo {n} while the disk fills")).await);
    }
    let failed = answers.iter().filter(|answer| answer["errors"].is_array()).count();
    assert!(failed > 0, "the disk is full");
    // Small data may still fit where a memo does not, and each request uses some of the space.
    let mut ready_on_a_full_disk = readiness(&address).await;
    for n in 0..200 {
        if ready_on_a_full_disk == StatusCode::SERVICE_UNAVAILABLE {
            break;
        }
        answers.push(create(&author, &format!("Memo {n} on a full disk")).await);
        ready_on_a_full_disk = readiness(&address).await;
    }

    std::fs::remove_file(&filler).unwrap();
    let ready_again = readiness(&address).await;
    let on_a_full_disk = answers.len();
    for n in 0..10 {
        answers.push(create(&author, &format!("Memo {n} on a disk with space")).await);
    }
    for answer in &answers {
        if let Some(id) = answer["data"]["createMemo"]["memo"]["id"].as_str() {
            assert_eq!(author.type_of(id).await, "Memo", "what is acknowledged is stored");
        }
    }
    assert_eq!(
        (ready_on_a_full_disk, ready_again),
        (StatusCode::SERVICE_UNAVAILABLE, StatusCode::OK)
    );
    for answer in &answers[on_a_full_disk..] {
        assert!(answer["errors"].is_null(), "it writes again: {answer:#}");
    }
    server.kill().await.unwrap();
    office.close().await;
}
