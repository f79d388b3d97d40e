//! Server-sent events by the protocol of graphql-sse, in its distinct connections mode.

use memoranda_tests::{Office, event_id};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_is_a_stream_of_answers() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let document = "subscription ($memo: ID, $after: ID) { memoEvents(after: $after, memoId: \
        $memo) { kind memo { stage } } }";
    let mut events = office
        .author()
        .listen(document, json!({ "memo": memo.id, "after": event_id(office.author(), 0) }))
        .await;
    office.recipient().review(&memo.id).await;
    let expected = json!({ "data": { "memoEvents": { "kind": "STAGE_CHANGED",
        "memo": { "stage": "REVIEWED" } } } });
    assert_eq!(events.answer().await, expected);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_is_one_event_and_the_end() {
    let office = Office::open().await;
    let mut events = office.author().listen("{ viewer { username } }", json!({})).await;
    assert_eq!(events.answer().await, json!({ "data": { "viewer": { "username": "author" } } }));
    assert_eq!(events.next().await, Some(("complete".to_owned(), String::new())));
    assert_eq!(events.next().await, None);

    let mut events = office.author().listen("{ nonsense }", json!({})).await;
    let answer = events.answer().await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    assert_eq!(events.next().await, Some(("complete".to_owned(), String::new())));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_goes_by_get_for_the_browsers_own_event_source_and_not_as_json() {
    let office = Office::open().await;
    let url = format!("{}/graphql", office.address);
    let client = reqwest::Client::new();
    let listen = "subscription { memoEvents { id } }";
    let request = client.get(with_query(&url, listen)).header("Accept", "text/event-stream");
    let response = request.bearer_auth(office.author().token()).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["cache-control"], "private, no-store");
    drop(response);

    let request =
        client.post(&url).bearer_auth(office.author().token()).json(&json!({ "query": listen }));
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 400);
    let refused: Value = response.json().await.unwrap();
    let message = refused["errors"][0]["message"].as_str().unwrap();
    assert!(
        message.contains("text/event-stream") && message.contains("graphql-transport-ws"),
        "{message}"
    );

    let mutation = "mutation { deleteMemo(input: { memoId: \"memo_x\" }) { replayed } }";
    let request = client.get(with_query(&url, mutation)).header("Accept", "text/event-stream");
    let response = request.bearer_auth(office.author().token()).send().await.unwrap();
    assert_eq!(response.status(), 405);
    office.close().await;
}

fn with_query(url: &str, document: &str) -> reqwest::Url {
    reqwest::Url::parse_with_params(url, [("query", document)]).unwrap()
}
