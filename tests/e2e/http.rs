//! HTTP around GraphQL: content types, methods, limits, request ids, health, faults.

use api::http::Limits;
use memoranda_tests::{Heard, Office, Options, difference, refusal};
use migration::{Migrator, MigratorTrait};
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};

async fn send(
    office: &Office,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: String,
) -> Response {
    let mut request = Client::new().request(method, format!("{}{path}", office.address)).body(body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

const JSON: (&str, &str) = ("content-type", "application/json");

fn query(text: &str) -> String {
    json!({ "query": text }).to_string()
}

async fn error_of(response: Response) -> (StatusCode, String, String) {
    let (status, code, message) = refusal(response).await;
    (StatusCode::from_u16(status).unwrap(), code, message)
}

#[tokio::test(flavor = "multi_thread")]
async fn only_json_is_taken_by_post() {
    let office = Office::open().await;
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
    ] {
        let response = send(
            &office,
            Method::POST,
            "/graphql",
            &[("content-type", content_type)],
            query("{ viewer { id } }"),
        )
        .await;
        let (status, code, message) = error_of(response).await;
        assert_eq!(
            (status, code.as_str()),
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, "BAD_USER_INPUT"),
            "{content_type}"
        );
        assert!(message.contains("Content-Type: application/json"));
    }
    let untyped = send(&office, Method::POST, "/graphql", &[], query("{ viewer { id } }")).await;
    assert_eq!(error_of(untyped).await.0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let utf8 = ("content-type", "application/json; charset=utf-8");
    assert_eq!(
        send(&office, Method::POST, "/graphql", &[utf8], query("{ viewer { id } }")).await.status(),
        200
    );
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_no_request_are_refused_without_internals() {
    let office = Office::open().await;
    for body in [
        "",
        "{",
        "[]",
        "null",
        "42",
        "{\"query\": 42}",
        "{\"query\": \"{ viewer { id } }\", \"variables\": 7}",
        "\u{feff}{}",
    ] {
        let (status, code, message) =
            error_of(send(&office, Method::POST, "/graphql", &[JSON], body.to_owned()).await).await;
        assert_eq!((status, code.as_str()), (StatusCode::BAD_REQUEST, "BAD_USER_INPUT"), "{body}");
        assert!(message.contains("must be a JSON object with `query`"), "{message}");
        assert!(!message.contains("async_graphql") && !message.contains("serde"), "{message}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_over_the_limit_is_refused_and_the_limit_named() {
    let limits = Limits { max_body_bytes: 2_000, ..Limits::default() };
    let office = Office::open_with(Options { limits, ..Options::default() }).await;
    let padded = |length: usize| {
        let bare = query("{ viewer { id } }");
        format!("{bare}{}", " ".repeat(length - bare.len()))
    };
    assert_eq!(send(&office, Method::POST, "/graphql", &[JSON], padded(2_000)).await.status(), 200);
    let (status, code, message) =
        error_of(send(&office, Method::POST, "/graphql", &[JSON], padded(2_001)).await).await;
    assert_eq!((status, code.as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "BAD_USER_INPUT"));
    assert!(message.contains("2000 bytes"), "{message}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn queries_go_by_get_and_mutations_do_not() {
    let office = Office::open().await;
    let memo = office.memo().create().await;
    let token = office
        .keys
        .issue(office.author().id, office.services.now(), chrono::TimeDelta::hours(1))
        .unwrap();
    let bearer = format!("Bearer {token}");
    let get = async |parameters: &[(&str, &str)]| {
        let mut url = reqwest::Url::parse(&format!("{}/graphql", office.address)).unwrap();
        url.query_pairs_mut().extend_pairs(parameters);
        Client::new().get(url).header("authorization", &bearer).send().await.unwrap()
    };
    let variables = json!({ "id": memo.id }).to_string();
    let read =
        get(&[("query", "query ($id: ID!) { memo(id: $id) { name } }"), ("variables", &variables)])
            .await;
    assert_eq!(read.json::<Value>().await.unwrap()["data"]["memo"]["name"], "Order new chairs");

    let delete = "query Read { viewer { id } } mutation Delete($id: ID!) { deleteMemo(input: { \
        memoId: $id }) { deletedMemoId } }";
    let refused =
        get(&[("query", delete), ("operationName", "Delete"), ("variables", &variables)]).await;
    assert_eq!(refused.headers()["allow"], "POST");
    assert_eq!(error_of(refused).await.0, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(office.author().type_of(&memo.id).await, "Memo");
    assert_eq!(
        get(&[("query", delete), ("operationName", "Read"), ("variables", &variables)])
            .await
            .status(),
        200
    );
    let viewer = ("query", "{ viewer { id } }");
    for parameters in [
        vec![],
        vec![viewer, ("variables", "{")],
        vec![viewer, ("variables", "7")],
        vec![viewer, ("extensions", "[]")],
        vec![viewer, viewer],
    ] {
        let (status, code, _) = error_of(get(&parameters).await).await;
        assert_eq!(
            (status, code.as_str()),
            (StatusCode::BAD_REQUEST, "BAD_USER_INPUT"),
            "{parameters:?}"
        );
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parameter_that_is_empty_counts_as_absent() {
    let office = Office::open().await;
    let get = async |parameters: &str| {
        let path = format!("/graphql?query={{__typename}}&{parameters}");
        send(&office, Method::GET, &path, &[], String::new()).await
    };
    let post = async |body: Value| {
        let body = body.to_string();
        send(&office, Method::POST, "/graphql", &[JSON], body).await
    };
    let answered = json!({ "data": { "__typename": "Query" } });
    for parameters in [
        "operationName=",
        "variables=",
        "extensions=",
        "operationName=&variables=&extensions=",
        "variables=null&extensions={}",
    ] {
        let response = get(parameters).await;
        assert_eq!(response.status(), 200, "{parameters}");
        assert_eq!(response.json::<Value>().await.unwrap(), answered, "{parameters}");
    }
    let response = post(json!({ "query": "{ __typename }", "operationName": "" })).await;
    assert_eq!(response.json::<Value>().await.unwrap(), answered);
    // A browser gets the page, which shows the query of the address and does not run it.
    let html = [("accept", "text/html,application/xhtml+xml,*/*;q=0.8")];
    for path in ["/graphql", "/graphql?extensions=", "/graphql?query=%7B__typename%7D"] {
        let page = send(&office, Method::GET, path, &html, String::new()).await;
        assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8", "{path}");
    }
    let several = "query A { __typename } query B { __typename }";
    let response = post(json!({ "query": several, "operationName": "" })).await;
    let error = response.json::<Value>().await.unwrap()["errors"][0]["message"].take();
    assert!(error.as_str().unwrap().contains("name one of them"), "{error}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_stands_twice_in_the_variables_is_refused() {
    let limits = Limits { max_batch: 2, ..Limits::default() };
    let office = Office::open_with(Options { limits, ..Options::default() }).await;
    let memo = office.memo().create().await;
    let before = office.row_counts().await;
    let bearer = format!("Bearer {}", office.author().token());
    let headers = [JSON, ("authorization", bearer.as_str())];
    let id = &memo.id;
    let query = "mutation ($i: DeleteMemoInput!) { deleteMemo(input: $i) { deletedMemoId } }";
    let given = format!("{{ \"i\": {{ \"memoId\": \"{id}\" }} }}");
    let once = format!("{{ \"query\": \"{query}\", \"variables\": {given} }}");
    let twice = once.replace("{ \"memoId\"", "{ \"memoId\": \"memo_x\", \"memoId\"");
    let above = once.replace("{ \"i\"", "{ \"i\": null, \"i\"");
    let batch = format!("[{once}, {twice}]");
    let extensions = once.replacen('{', "{ \"extensions\": { \"a\": 1, \"a\": 2 },", 1);
    for (body, key) in [(&twice, "memoId"), (&above, "i"), (&extensions, "a"), (&batch, "memoId")] {
        let response = send(&office, Method::POST, "/graphql", &headers, body.clone()).await;
        let (status, code, message) = error_of(response).await;
        assert_eq!((status, code.as_str()), (StatusCode::BAD_REQUEST, "BAD_USER_INPUT"), "{body}");
        let expected = format!("an object has the key \"{key}\" twice");
        assert!(message.contains(&expected), "{message}");
    }
    let mut url = reqwest::Url::parse(&format!("{}/graphql", office.address)).unwrap();
    let read = "query ($id: ID!) { memo(id: $id) { id } }";
    let variables = format!("{{ \"id\": \"memo_x\", \"id\": \"{id}\" }}");
    url.query_pairs_mut().extend_pairs([("query", read), ("variables", &variables)]);
    let (status, code, _) = error_of(Client::new().get(url).send().await.unwrap()).await;
    assert_eq!((status, code.as_str()), (StatusCode::BAD_REQUEST, "BAD_USER_INPUT"));
    let mut socket = office.author().connect().await;
    let subscribe = format!("{{ \"type\": \"subscribe\", \"id\": \"1\", \"payload\": {twice} }}");
    socket.send_text(&subscribe).await;
    assert_eq!(socket.next().await, Heard::Closed(4400));
    assert_eq!(difference(&before, &office.row_counts().await), [].into());

    let deleted = send(&office, Method::POST, "/graphql", &headers, once).await;
    let deleted = deleted.json::<Value>().await.unwrap();
    assert_eq!(deleted["data"]["deleteMemo"]["deletedMemoId"], json!(id), "{deleted:#}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_to_get_are_stored_nowhere() {
    let office = Office::open().await;
    for (path, accept, status) in [
        ("/graphql?query={__typename}", "application/json", 200),
        ("/graphql?query={viewer{id}}", "application/graphql-response+json", 200),
        ("/graphql?query={nonsense}", "application/graphql-response+json", 400),
        ("/graphql?query={__typename}", "text/event-stream", 200),
        ("/graphql?query={__typename}", "image/png", 406),
        ("/graphql?query=mutation{__typename}", "application/json", 405),
        ("/graphql?variables={", "application/json", 400),
        ("/graphql", "application/json", 400),
    ] {
        let response = send(&office, Method::GET, path, &[("accept", accept)], String::new()).await;
        assert_eq!(response.status(), status, "{path} as {accept}");
        assert_eq!(response.headers()["cache-control"], "private, no-store", "{path} as {accept}");
    }
    let html = [("accept", "text/html")];
    let page = send(&office, Method::GET, "/graphql", &html, String::new()).await;
    assert_eq!(page.headers()["cache-control"], "no-cache", "the page is the same for everybody");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_harmless_request_id_is_kept_and_another_replaced() {
    let office = Office::open().await;
    let answer = async |id: &str| {
        let response = send(
            &office,
            Method::POST,
            "/graphql",
            &[JSON, ("x-request-id", id)],
            query("{ nonsense }"),
        )
        .await;
        let shown = response.headers()["x-request-id"].to_str().unwrap().to_owned();
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["errors"][0]["extensions"]["requestId"], json!(shown));
        shown
    };
    assert_eq!(answer("proxy-17.a_B").await, "proxy-17.a_B");
    for bad in ["with space", "<script>", &"x".repeat(65)] {
        assert_ne!(answer(bad).await, bad);
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn health_readiness_page_and_files_are_served() {
    let office = Office::open().await;
    let get = async |path: &str, accept: &str| {
        send(&office, Method::GET, path, &[("accept", accept)], String::new()).await
    };
    assert_eq!(get("/healthz", "*/*").await.status(), 200);
    assert_eq!(get("/readyz", "*/*").await.status(), 200);
    let page = get("/graphql", "text/html,application/xhtml+xml").await;
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    assert!(
        page.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .starts_with("default-src 'none'")
    );
    assert!(page.text().await.unwrap().contains("/graphiql/graphiql.js"));
    for (file, media_type) in [
        ("graphiql.js", "text/javascript"),
        ("graphiql.css", "text/css"),
        ("licenses.txt", "text/plain"),
    ] {
        let response = get(&format!("/graphiql/{file}"), "*/*").await;
        assert_eq!(response.status(), 200, "{file}");
        assert!(response.headers()["content-type"].to_str().unwrap().starts_with(media_type));
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    }
    assert_eq!(get("/graphiql/..%2f..%2fCargo.toml", "*/*").await.status(), 404);
    assert_eq!(get("/nowhere", "*/*").await.status(), 404);

    Migrator::down(office.services.database.connection(), Some(1)).await.unwrap();
    let unready = get("/readyz", "*/*").await;
    assert_eq!(unready.status(), 503);
    assert!(unready.text().await.unwrap().contains("migrations are pending"));
    assert_eq!(get("/healthz", "*/*").await.status(), 200);
    office.close_unusable().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_inside_is_answered_with_a_request_id_and_nothing_else() {
    let office = Office::open().await;
    office.sql("DROP TABLE mails").await;
    office.sql("DROP TABLE notifications").await;
    let (code, message) =
        office.author().error("{ notifications { nodes { id } } }", json!({})).await;
    assert_eq!(code, "INTERNAL");
    assert!(message.starts_with("Something went wrong on the server."), "{message}");
    for leak in ["notifications", "relation", "table", "SQL"] {
        assert!(!message.contains(leak), "{message}");
    }
    office.close_unusable().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_while_signing_in_and_a_panic_are_answered_as_faults_with_the_request_id() {
    let office = Office::open().await;
    let token = office
        .keys
        .issue(office.author().id, office.services.now(), chrono::TimeDelta::hours(1))
        .unwrap();
    let bearer = format!("Bearer {token}");
    let ask = async || {
        let headers = [JSON, ("authorization", bearer.as_str())];
        error_of(
            send(&office, Method::POST, "/graphql", &headers, query("{ viewer { id } }")).await,
        )
        .await
    };
    office.observe(Some(Box::new(|_| panic!("a secret of the database"))));
    let after_panic = ask().await;
    office.observe(None);
    let headers = [JSON, ("authorization", bearer.as_str())];
    let again =
        send(&office, Method::POST, "/graphql", &headers, query("{ viewer { username } }")).await;
    assert_eq!(
        again.json::<Value>().await.unwrap()["data"]["viewer"]["username"],
        "author",
        "it serves on"
    );
    office.sql("ALTER TABLE users RENAME COLUMN active TO was_active").await;
    for (status, code, message) in [after_panic, ask().await] {
        assert_eq!((status, code.as_str()), (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL"));
        assert!(message.starts_with("Something went wrong on the server."), "{message}");
        assert!(!message.contains("secret") && !message.contains("active"), "{message}");
    }
    office.close_unusable().await;
}
