//! Documents that clients name instead of sending them.

use api::http::{Limits, TrustedDocuments};
use memoranda_tests::{Heard, Office, Options};
use reqwest::Client;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::Arc;

const ASK: &str = "{ viewer { username } }";

fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

fn persisted(text: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash(text) } })
}

async fn post(office: &Office, body: &Value) -> (u16, Value) {
    let request = Client::new().post(format!("{}/graphql", office.address)).json(body);
    let response = request.bearer_auth(office.author().token()).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn get(office: &Office, parameters: &[(&str, &str)]) -> (u16, Value) {
    let url = reqwest::Url::parse_with_params(&format!("{}/graphql", office.address), parameters)
        .unwrap();
    let request = Client::new().get(url).header("accept", "application/json");
    let response = request.bearer_auth(office.author().token()).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

fn code(answer: &Value) -> &Value {
    &answer["errors"][0]["extensions"]["code"]
}

fn is_author(answer: &Value) -> bool {
    answer["data"]["viewer"]["username"] == "author"
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_came_with_its_hash_is_known_by_it_everywhere() {
    let office = Office::open().await;
    let by_hash = json!({ "extensions": persisted(ASK) });
    let (status, unknown) = post(&office, &by_hash).await;
    assert_eq!((status, code(&unknown)), (200, &json!("PERSISTED_QUERY_NOT_FOUND")), "{unknown:#}");
    assert_eq!(unknown["errors"][0]["message"], "PersistedQueryNotFound");
    assert!(unknown.get("data").is_none());

    let (_, answer) = post(&office, &json!({ "query": ASK, "extensions": persisted(ASK) })).await;
    assert!(is_author(&answer), "{answer:#}");
    assert!(is_author(&post(&office, &by_hash).await.1));
    let extensions = persisted(ASK).to_string();
    assert!(is_author(&get(&office, &[("extensions", &extensions)]).await.1));
    let mut socket = office.author().connect().await;
    socket.send(json!({ "type": "subscribe", "id": "1", "payload": by_hash })).await;
    assert!(is_author(&socket.answer("1").await));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_hash_another_version_and_what_is_no_document_are_refused_and_not_kept() {
    let office = Office::open().await;
    let other = "{ viewer { fullName } }";
    let (_, answer) = post(&office, &json!({ "query": other, "extensions": persisted(ASK) })).await;
    assert!(
        answer["errors"][0]["message"]
            .as_str()
            .unwrap()
            .starts_with("provided sha does not match query")
    );
    let (_, answer) = post(
        &office,
        &json!({ "extensions": { "persistedQuery": { "version": 2, "sha256Hash": hash(ASK) } } }),
    )
    .await;
    assert!(answer["errors"][0]["message"].as_str().unwrap().contains("version"), "{answer:#}");
    for garbled in [json!("x"), json!({ "version": 1 }), json!({ "version": 1, "sha256Hash": 1 })] {
        let (_, answer) =
            post(&office, &json!({ "extensions": { "persistedQuery": garbled } })).await;
        assert_eq!(code(&answer), "BAD_USER_INPUT", "{answer:#}");
    }
    for document in ["{ nonsense }", "{"] {
        post(&office, &json!({ "query": document, "extensions": persisted(document) })).await;
        let (_, answer) = post(&office, &json!({ "extensions": persisted(document) })).await;
        assert_eq!(code(&answer), "PERSISTED_QUERY_NOT_FOUND", "{document}");
    }
    let (_, answer) = post(&office, &json!({ "extensions": persisted(ASK) })).await;
    assert_eq!(code(&answer), "PERSISTED_QUERY_NOT_FOUND");
    // A link cannot run a mutation, not even by its hash.
    let mutation = "mutation { deleteMemo(input: { memoId: \"memo_x\" }) { replayed } }";
    post(&office, &json!({ "query": mutation, "extensions": persisted(mutation) })).await;
    let (status, _) = get(&office, &[("extensions", &persisted(mutation).to_string())]).await;
    assert_eq!(status, 405);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_manifest_an_id_names_nothing() {
    let office = Office::open().await;
    let (_, answer) = post(&office, &json!({ "documentId": "sha256:abc" })).await;
    assert_eq!(code(&answer), "BAD_USER_INPUT", "{answer:#}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_manifest_its_documents_run_and_no_others() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let named = "query Named($no: Boolean = false) { viewer { username id @include(if: $no) } }";
    let manifest = json!({ (hash(ASK)): ASK, "named": named });
    std::fs::write(&file, manifest.to_string()).unwrap();
    let trusted = TrustedDocuments::read(file.path()).unwrap();
    let limits = Limits { trusted_documents: Some(Arc::new(trusted)), ..Limits::default() };
    let office = Office::open_with(Options { limits, ..Options::default() }).await;
    let with_prefix = format!("sha256:{}", hash(ASK));
    for known in [
        json!({ "documentId": hash(ASK) }),
        json!({ "documentId": with_prefix }),
        json!({ "id": "named", "variables": {} }),
        json!({ "extensions": persisted(ASK) }),
    ] {
        let (_, answer) = post(&office, &known).await;
        assert!(is_author(&answer), "{known} got {answer:#}");
    }
    assert!(is_author(&get(&office, &[("documentId", &with_prefix)]).await.1));
    let other = "{ viewer { fullName } }";
    for (unknown, expected) in [
        (json!({ "query": ASK }), "BAD_USER_INPUT"),
        (json!({ "query": other, "extensions": persisted(other) }), "PERSISTED_QUERY_NOT_IN_LIST"),
        (json!({ "extensions": persisted(other) }), "PERSISTED_QUERY_NOT_IN_LIST"),
        (json!({ "documentId": "sha256:0" }), "PERSISTED_QUERY_NOT_IN_LIST"),
    ] {
        let (_, answer) = post(&office, &unknown).await;
        assert_eq!(code(&answer), expected, "{unknown} got {answer:#}");
    }
    let mut socket = office.author().connect().await;
    socket
        .send(json!({ "type": "subscribe", "id": "1", "payload": { "documentId": "named" } }))
        .await;
    assert!(is_author(&socket.answer("1").await));
    assert_eq!(socket.next().await, Heard::Message(json!({ "type": "complete", "id": "1" })));
    socket.subscribe("2", ASK, json!({})).await;
    let Heard::Message(message) = socket.next().await else { panic!("closed") };
    assert_eq!(message["payload"][0]["extensions"]["code"], "BAD_USER_INPUT", "{message:#}");
    office.close().await;
}
