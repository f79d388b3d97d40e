//! The key in the header `Idempotency-Key` of a GraphQL request.

use super::creation::named;
use api::http::Limits;
use memoranda_tests::{Actor, Office, Options, codes};
use reqwest::{StatusCode, header::HeaderValue};
use serde_json::{Value, json};

const CREATE: &str = "mutation ($input: CreateTagInput!) { answer: createTag(input: $input) { \
    tag { id } replayed userErrors { code field message } } }";

/// Sends a body with those keys in headers. Returns the status and the answer.
async fn post(person: &Actor, keys: &[&[u8]], body: &Value) -> (StatusCode, Value) {
    let request = reqwest::Client::new()
        .post(format!("{}/graphql", person.address))
        .bearer_auth(person.token())
        .header("accept", "application/graphql-response+json");
    let request = keys.iter().fold(request, |request, key| {
        request.header("Idempotency-Key", HeaderValue::from_bytes(key).unwrap())
    });
    let response = request.json(body).send().await.unwrap();
    (response.status(), response.json().await.unwrap())
}

/// Creates a tag with that key in the header. Returns the payload.
async fn create(person: &Actor, header: &str, input: &Value) -> Value {
    let body = json!({ "query": CREATE, "variables": { "input": input } });
    let (status, mut answer) = post(person, &[header.as_bytes()], &body).await;
    assert_eq!(status, StatusCode::OK, "{answer:#}");
    answer["data"]["answer"].take()
}

/// The message of the one error of a request that did not run.
async fn refusal(person: &Actor, keys: &[&[u8]], body: &Value) -> String {
    let (status, answer) = post(person, keys, body).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{answer:#}");
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    answer["errors"][0]["message"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_in_the_header_is_a_key_in_the_input() {
    let office = Office::open().await;
    let chief = office.chief();
    let input = json!({ "name": "Urgent" });
    let payload = create(chief, "one", &input).await;
    assert_eq!((codes(&payload), &payload["replayed"]), (vec![], &json!(false)));
    let mut both = input.clone();
    both["idempotencyKey"] = json!("one");
    for (header, input) in [("one", &input), ("\"one\"", &input), ("one", &both)] {
        let repeated = create(chief, header, input).await;
        assert_eq!((&repeated["tag"], &repeated["replayed"]), (&payload["tag"], &json!(true)));
    }
    let in_input = named("createTag").create_nothing(&office, chief, &both).await;
    assert_eq!(in_input["tag"]["id"], payload["tag"]["id"]);

    let another = create(chief, "one", &json!({ "name": "Another" })).await;
    assert_eq!(codes(&another), ["IDEMPOTENCY_MISMATCH"]);
    let refused = create(chief, "two", &both).await;
    assert_eq!(codes(&refused), ["INVALID_INPUT"]);
    assert_eq!(
        refused["userErrors"][0],
        json!({ "code": "INVALID_INPUT", "field": ["input", "idempotencyKey"], "message":
            "The input has the key \"one\", but the header Idempotency-Key has \"two\". Give one \
            of them, or the same key in both." })
    );
    assert_eq!(office.row_counts().await["tags"], 1);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_header_is_for_a_single_mutation() {
    let limits = Limits { max_batch: 2, ..Limits::default() };
    let office = Office::open_with(Options { limits, ..Options::default() }).await;
    let chief = office.chief();
    let before = office.row_counts().await;
    let two = "mutation { a: createTag(input: { name: \"A\" }) { replayed } \
        b: createTag(input: { name: \"B\" }) { replayed } }";
    let one = json!({ "query": CREATE, "variables": { "input": { "name": "A" } } });
    let key: &[&[u8]] = &[b"key"];
    for (body, expected) in [
        (json!({ "query": two }), "the request has several: send each on its own"),
        (json!({ "query": "{ viewer { id } }" }), "is for mutations only: leave it out"),
        (json!([one]), "this is a batch: send each operation on its own"),
    ] {
        let message = refusal(chief, key, &body).await;
        assert!(message.contains(expected), "{message}");
    }
    let long = "a".repeat(129);
    for (keys, expected) in [
        (&[b"one".as_slice(), b"two"] as &[&[u8]], "is given twice"),
        (&[b""], "must not be empty"),
        (&[long.as_bytes()], "must have at most 128 characters"),
        (&[b"\xc3\xbc"], "must be a text of ASCII characters"),
    ] {
        let message = refusal(chief, keys, &one).await;
        assert!(message.contains(expected), "{message}");
    }
    assert_eq!(office.row_counts().await, before, "nothing has run");

    // A mutation that creates nothing may have it, so that a client can send it always.
    let memo = office.memo().create().await;
    let delete = "mutation ($id: ID!) { deleteMemo(input: { memoId: $id }) { deletedMemoId } }";
    let body = json!({ "query": delete, "variables": { "id": memo.id } });
    for _ in 0..2 {
        let (_, answer) = post(office.author(), key, &body).await;
        assert_eq!(answer["data"]["deleteMemo"]["deletedMemoId"], json!(memo.id), "{answer:#}");
    }
    let with_type_name = format!("{} __typename }}", CREATE.trim_end_matches('}'));
    let body = json!({ "query": with_type_name, "variables": { "input": { "name": "A" } } });
    let (_, answer) = post(chief, key, &body).await;
    assert_eq!(answer["data"]["answer"]["replayed"], false, "{answer:#}");
    office.close().await;
}
