//! The page for people: where it is, what protects it, and its documents.

use api::http::{Limits, TrustedDocuments};
use memoranda_tests::{Office, Options};
use reqwest::{Client, Response, redirect::Policy};
use serde_json::{Value, json};
use std::sync::Arc;

async fn get(office: &Office, path: &str, known: &str) -> Response {
    let client = Client::builder().redirect(Policy::none()).build().unwrap();
    let request = client.get(format!("{}{path}", office.address)).header("if-none-match", known);
    request.send().await.unwrap()
}

fn header<'r>(response: &'r Response, name: &str) -> &'r str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

async fn post(office: &Office, body: &Value) -> Value {
    let request = Client::new().post(format!("{}/graphql", office.address)).json(body);
    request.bearer_auth(office.author().token()).send().await.unwrap().json().await.unwrap()
}

async fn with_desk(limits: Limits) -> Office {
    let limits = Limits { desk: true, ..limits };
    Office::open_with(Options { limits, ..Options::default() }).await
}

/// The id of the document of the desk with that operation.
fn document(operation: &str) -> String {
    let manifest: Value =
        serde_json::from_str(include_str!("../../api/desk/dist/documents.json")).unwrap();
    let documents = manifest.as_object().unwrap();
    let found = documents.iter().find(|(_, text)| text.as_str().unwrap().contains(operation));
    found.unwrap().0.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_at_each_of_its_addresses_and_its_files_are_asked_for_once() {
    let office = with_desk(Limits::default()).await;
    assert_eq!(header(&get(&office, "/", "").await, "location"), "/desk");
    for path in ["/desk", "/desk/", "/desk/inbox", "/desk/inbox/memo_x"] {
        let page = get(&office, path, "").await;
        assert_eq!(header(&page, "content-type"), "text/html; charset=utf-8", "{path}");
        let policy = header(&page, "content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"));
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        assert!(page.text().await.unwrap().contains("/desk/assets/desk.js"), "{path}");
    }
    for (file, media_type) in
        [("desk.js", "text/javascript"), ("desk.css", "text/css"), ("licenses.txt", "text/plain")]
    {
        let path = format!("/desk/assets/{file}");
        let first = get(&office, &path, "").await;
        assert!(header(&first, "content-type").starts_with(media_type), "{path}");
        assert_eq!(header(&first, "cache-control"), "no-cache");
        let etag = header(&first, "etag").to_owned();
        for known in [etag.clone(), format!("\"other\", W/{etag}")] {
            let again = get(&office, &path, &known).await;
            assert_eq!((again.status().as_u16(), header(&again, "etag")), (304, etag.as_str()));
        }
        assert_eq!(get(&office, &path, "\"other\"").await.status(), 200);
    }
    assert_eq!(get(&office, "/desk/assets/none", "").await.status(), 404);
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_the_desk_has_no_trace_of_it() {
    let office = Office::open().await;
    assert_eq!(header(&get(&office, "/", "").await, "location"), "/graphql");
    for path in ["/desk", "/desk/inbox", "/desk/assets/desk.js"] {
        assert_eq!(get(&office, path, "").await.status(), 404, "{path}");
    }
    let body = json!({ "documentId": document("query UnreadCount") });
    let answer = post(&office, &body).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer:#}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documents_of_the_desk_run_also_where_the_operator_trusts_others() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, json!({ "named": "{ viewer { id } }" }).to_string()).unwrap();
    let trusted = Some(Arc::new(TrustedDocuments::read(file.path()).unwrap()));
    let known = json!({ "documentId": document("query UnreadCount") });
    for trusted_documents in [None, trusted] {
        let is_restricted = trusted_documents.is_some();
        let office = with_desk(Limits { trusted_documents, ..Limits::default() }).await;
        let answer = post(&office, &known).await;
        assert_eq!(answer["data"]["unreadMemoCount"], 0, "{answer:#}");
        let mut socket = office.author().connect().await;
        // The library graphql-ws sends no message without a text.
        let with_text = json!({ "documentId": known["documentId"], "query": "" });
        socket.send(json!({ "type": "subscribe", "id": "1", "payload": with_text })).await;
        assert_eq!(socket.answer("1").await["data"]["unreadMemoCount"], 0);

        let unknown = post(&office, &json!({ "documentId": "sha256:0" })).await;
        let code = &unknown["errors"][0]["extensions"]["code"];
        assert_eq!(code, "PERSISTED_QUERY_NOT_IN_LIST", "{unknown:#}");
        let sent = post(&office, &json!({ "query": "{ viewer { username } }" })).await;
        assert_eq!(sent["errors"].is_array(), is_restricted, "{sent:#}");
        office.close().await;
    }
}
