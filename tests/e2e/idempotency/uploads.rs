//! Uploads with the header `Idempotency-Key`.

use crate::files::{TEXT, objects, office_with};
use api::http::Limits;
use chrono::TimeDelta;
use memoranda_tests::{Actor, Office};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::task::JoinSet;

/// Sends a file with that key. Returns the status and the answer.
async fn put(person: &Actor, key: &str, name: &str, content: &str) -> (StatusCode, Value) {
    put_typed(person, key, name, content, TEXT.unwrap()).await
}

async fn put_typed(
    person: &Actor,
    key: &str,
    name: &str,
    content: &str,
    media_type: &str,
) -> (StatusCode, Value) {
    let request = reqwest::Client::new()
        .put(format!("{}/files?name={name}", person.address))
        .bearer_auth(person.token())
        .header("Idempotency-Key", key)
        .header("content-type", media_type)
        .body(content.to_owned());
    let response = request.send().await.unwrap();
    (response.status(), response.json().await.unwrap())
}

fn code(answer: &Value) -> &Value {
    &answer["errors"][0]["extensions"]["code"]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_upload_stores_nothing_again() {
    let office = Office::open().await;
    let author = office.author();
    let (status, file) = put(author, "key", "plan.txt", "the plan").await;
    assert_eq!((status, &file["replayed"]), (StatusCode::CREATED, &json!(false)), "{file:#}");
    let before = (office.row_counts().await, objects(&office));
    let mut expected = file.clone();
    expected["replayed"] = json!(true);
    for key in ["key", "\"key\""] {
        let repeated = put(author, key, "plan.txt", "the plan").await;
        assert_eq!(repeated, (StatusCode::CREATED, expected.clone()));
    }
    for (name, content, media_type) in [
        ("plan.txt", "another plan", "text/plain"),
        ("other.txt", "the plan", "text/plain"),
        ("plan.txt", "the plan", "text/csv"),
    ] {
        let (status, answer) = put_typed(author, "key", name, content, media_type).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer:#}");
        assert_eq!(code(&answer), "IDEMPOTENCY_MISMATCH");
    }
    assert_eq!((office.row_counts().await, objects(&office)), before);

    // Keys are the same as those of mutations.
    let create = "mutation { createTask(input: { name: \"A\", idempotencyKey: \"key\" }) { \
        userErrors { code } } }";
    let refused = author.data(create, json!({})).await;
    assert_eq!(refused["createTask"]["userErrors"][0]["code"], "IDEMPOTENCY_MISMATCH");
    let (status, others) = put(office.recipient(), "key", "plan.txt", "the plan").await;
    assert_eq!((status, &others["replayed"]), (StatusCode::CREATED, &json!(false)));
    assert_ne!(others["id"], file["id"]);
    let (status, answer) = put(author, &"a".repeat(129), "plan.txt", "the plan").await;
    assert_eq!((status, code(&answer)), (StatusCode::BAD_REQUEST, &json!("BAD_USER_INPUT")));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_equal_uploads_at_once_make_one_file() {
    let office = Office::open().await;
    let mut running = JoinSet::new();
    for _ in 0..10 {
        let author = office.author().clone();
        running.spawn(async move { put(&author, "key", "plan.txt", "the plan").await });
    }
    let answers = running.join_all().await;
    assert_eq!(office.row_counts().await["files"], 1);
    assert_eq!(objects(&office).len(), 1);
    let new = answers.iter().filter(|(_, file)| file["replayed"] == false).count();
    assert_eq!(new, 1, "{answers:#?}");
    for (status, file) in &answers {
        assert_eq!((*status, &file["id"]), (StatusCode::CREATED, &answers[0].1["id"]), "{file:#}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_upload_needs_no_room() {
    let content = "the plan";
    let max_storage_bytes = Some(content.len() as u64);
    let office = office_with(Limits { max_storage_bytes, ..Limits::default() }).await;
    let author = office.author();
    let (_, file) = put(author, "key", "plan.txt", content).await;
    let (status, answer) = put(author, "other", "plan.txt", content).await;
    assert_eq!((status, code(&answer)), (StatusCode::INSUFFICIENT_STORAGE, &json!("STORAGE_FULL")));
    let (status, repeated) = put(author, "key", "plan.txt", content).await;
    assert_eq!((status, &repeated["id"]), (StatusCode::CREATED, &file["id"]), "{repeated:#}");

    // The refused key is free, as soon as there is room.
    office.purger.observe().await.unwrap();
    office.clock.advance(TimeDelta::hours(2));
    assert_eq!(office.purger.uploads(TimeDelta::hours(1)).await.unwrap().files, 1);
    office.purger.deletions().await.unwrap();
    let (status, answer) = put(author, "key", "plan.txt", content).await;
    assert_eq!((status, code(&answer)), (StatusCode::GONE, &json!("IDEMPOTENCY_GONE")));
    let (status, file) = put(author, "other", "plan.txt", content).await;
    assert_eq!((status, &file["replayed"]), (StatusCode::CREATED, &json!(false)), "{file:#}");

    office.clock.advance(TimeDelta::hours(24));
    office.purger.uploads(TimeDelta::hours(1)).await.unwrap();
    office.purger.deletions().await.unwrap();
    let (status, file) = put(author, "key", "other.txt", "new").await;
    assert_eq!((status, &file["replayed"]), (StatusCode::CREATED, &json!(false)), "{file:#}");
    office.close().await;
}
