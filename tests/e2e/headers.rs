//! Headers for browsers, the pages that may send requests, and what the server reveals to nobody.

use api::http::{ClientLimits, LOCAL_PAGES, Limits};
use memoranda_tests::{Office, Options, Socket};
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};

async fn send(office: &Office, method: Method, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = Client::new().request(method, format!("{}{path}", office.address));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

fn header<'r>(response: &'r Response, name: &str) -> &'r str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_protects_itself() {
    let office = Office::open().await;
    for path in [
        "/",
        "/graphql",
        "/graphiql/graphiql.js",
        "/schema.graphql",
        "/healthz",
        "/nowhere",
        "/graphiql/none",
    ] {
        let response = send(&office, Method::GET, path, &[("accept", "text/html")]).await;
        assert_eq!(header(&response, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header(&response, "referrer-policy"), "no-referrer", "{path}");
        assert_eq!(header(&response, "x-frame-options"), "DENY", "{path}");
        let policy = header(&response, "content-security-policy");
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe-"), "{path}: {policy}");
        assert!(!header(&response, "x-request-id").is_empty(), "{path}");
        assert_eq!(header(&response, "strict-transport-security"), "", "{path}");
        assert_eq!(header(&response, "access-control-allow-origin"), "", "{path}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_behind_a_trusted_proxy_with_https_browsers_are_bound_to_it() {
    let clients = ClientLimits {
        trusted_proxies: vec!["127.0.0.1".parse::<std::net::IpAddr>().unwrap().into()],
        ..ClientLimits::default()
    };
    let office = Office::open_with(Options {
        limits: Limits { clients, ..Limits::default() },
        ..Options::default()
    })
    .await;
    let bound = async |headers: &[(&str, &str)]| {
        let response = send(&office, Method::GET, "/healthz", headers).await;
        header(&response, "strict-transport-security").to_owned()
    };
    assert_eq!(bound(&[("x-forwarded-proto", "https")]).await, "max-age=31536000");
    assert_eq!(bound(&[("x-forwarded-proto", "http")]).await, "");
    assert_eq!(bound(&[]).await, "");
    office.close().await;
    let office = Office::open().await;
    let response = send(&office, Method::GET, "/healthz", &[("x-forwarded-proto", "https")]).await;
    assert_eq!(header(&response, "strict-transport-security"), "", "nobody is trusted");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_listed_origins_may_ask_and_no_others() {
    let limits =
        Limits { allowed_origins: vec!["https://crm.example.org".to_owned()], ..Limits::default() };
    let office = Office::open_with(Options { limits, ..Options::default() }).await;
    for (origin, expected) in [
        ("https://crm.example.org", "https://crm.example.org"),
        ("https://crm.example.org.evil.example", ""),
        ("http://crm.example.org", ""),
        ("null", ""),
    ] {
        let preflight = [
            ("origin", origin),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "authorization,content-type"),
        ];
        let response = send(&office, Method::OPTIONS, "/graphql", &preflight).await;
        assert_eq!(header(&response, "access-control-allow-origin"), expected, "{origin}");
        let response =
            send(&office, Method::GET, "/graphql?query={__typename}", &[("origin", origin)]).await;
        assert_eq!(header(&response, "access-control-allow-origin"), expected, "{origin}");
        if !expected.is_empty() {
            assert_eq!(header(&response, "access-control-allow-credentials"), "true");
            assert!(header(&response, "access-control-expose-headers").contains("retry-after"));
            assert!(header(&response, "vary").contains("origin"));
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_this_machine_may_ask_at_every_port_if_the_operator_wants_that() {
    let limits =
        Limits { allowed_origins: LOCAL_PAGES.map(str::to_owned).to_vec(), ..Limits::default() };
    let office = Office::open_with(Options { limits, ..Options::default() }).await;
    for (origin, expected) in [
        ("http://localhost:5173", "http://localhost:5173"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("http://localhost.evil.example:80", ""),
        ("https://crm.example.org", ""),
    ] {
        let response =
            send(&office, Method::GET, "/graphql?query={__typename}", &[("origin", origin)]).await;
        assert_eq!(header(&response, "access-control-allow-origin"), expected, "{origin}");
        let socket = Socket::open_with(&office.author().address, &[("origin", origin)]).await;
        assert_eq!(socket.is_ok(), !expected.is_empty(), "{origin}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schema_is_told_unless_the_operator_says_no_and_is_never_suggested() {
    let mut limits = Limits::default();
    limits.document.introspection = false;
    let office = Office::open_with(Options { limits, ..Options::default() }).await;
    for document in [
        "{ __schema { queryType { name } } }",
        "{ a: __type(name: \"Memo\") { name } }",
        "{ ...S } fragment S on Query { ... { __schema { types { name } } } }",
    ] {
        let (code, message) = office.anonymous().error(document, json!({})).await;
        assert_eq!(code, "BAD_USER_INPUT");
        assert!(message.contains("introspection is turned off"), "{message}");
    }
    assert_eq!(
        office.anonymous().data("{ __typename }", json!({})).await,
        json!({ "__typename": "Query" })
    );
    assert_eq!(send(&office, Method::GET, "/schema.graphql", &[]).await.status(), 404);
    for document in [
        "{ viewr { id } }",
        "{ viewer { usernam } }",
        "{ memos(bx: INBOX) { nodes { id } } }",
        "{ memos(box: INBX) { nodes { id } } }",
        "mutation { deleteMemo(input: { memId: \"x\" }) { replayed } }",
        "{ viewer { ... on Usr { id } } }",
        "{ viewer @incude(if: true) { id } }",
    ] {
        let answer = office.author().send(document, json!({})).await.to_string();
        for suggestion in [
            "id you mean",
            "\"viewer\"",
            "\"username\"",
            "INBOX",
            "memoId",
            "\"User\"",
            "\"include\"",
        ] {
            let own = suggestion == "\"User\"" && document.contains("usernam");
            let own = own || suggestion == "memoId" && document.contains("memId");
            assert!(
                own || !answer.replace('\\', "").contains(suggestion),
                "{document} got {answer}"
            );
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_refused_unless_the_operator_allows_some() {
    let body = json!([{ "query": "{ viewer { username } }" }, { "query": "{ nonsense }" },
        { "query": "{ __typename }" }]);
    let post = async |office: &Office, body: &Value| {
        let request = Client::new().post(format!("{}/graphql", office.address)).json(body);
        let response = request.bearer_auth(office.author().token()).send().await.unwrap();
        (response.status().as_u16(), response.json::<Value>().await.unwrap())
    };
    let office = Office::open().await;
    let (status, answer) = post(&office, &body).await;
    assert_eq!(status, 400);
    assert!(
        answer["errors"][0]["message"]
            .as_str()
            .unwrap()
            .contains("batches of operations are not allowed"),
        "{answer:#}"
    );
    office.close().await;

    let office = Office::open_with(Options {
        limits: Limits { max_batch: 3, ..Limits::default() },
        ..Options::default()
    })
    .await;
    let (status, answers) = post(&office, &body).await;
    assert_eq!((status, answers.as_array().unwrap().len()), (200, 3));
    assert_eq!(answers[0]["data"]["viewer"]["username"], "author");
    assert_eq!(answers[1]["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    assert_eq!(answers[2]["data"]["__typename"], "Query");
    for (body, message) in [
        (json!([]), "from 1 to 3 are allowed"),
        (json!(vec![json!({ "query": "{ __typename }" }); 4]), "from 1 to 3 are allowed"),
        (json!([["{ __typename }"]]), "must be a JSON object"),
        (json!([{}]), "`query` is missing"),
    ] {
        let (status, answer) = post(&office, &body).await;
        assert_eq!(status, 400, "{answer:#}");
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains(message), "{answer:#}");
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_in_a_batch_is_refused_in_its_place() {
    let limits = Limits { max_batch: 3, ..Limits::default() };
    let office = Office::open_with(Options { limits, ..Options::default() }).await;
    let create = "mutation { createMemo(input: { name: \"Order new chairs\" }) { memo { name } } }";
    let batch = json!([
        { "query": create },
        { "query": "subscription { memoEvents { kind } }" },
        { "query": "{ memos(box: ALL_VISIBLE) { nodes { name } } }" },
    ]);
    let request = Client::new().post(format!("{}/graphql", office.address)).json(&batch);
    let response = request.bearer_auth(office.author().token()).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let answers: Value = response.json().await.unwrap();
    let memo = json!({ "name": "Order new chairs" });
    assert_eq!(answers[0]["data"], json!({ "createMemo": { "memo": memo } }), "{answers:#}");
    assert_eq!(answers[2]["data"], json!({ "memos": { "nodes": [memo] } }), "{answers:#}");
    assert!(answers[1].get("data").is_none(), "{answers:#}");
    let error = &answers[1]["errors"][0];
    assert_eq!(error["message"], "A subscription cannot be part of a batch.");
    assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT");
    assert!(error["extensions"]["requestId"].is_string(), "{error:#}");
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_and_a_list_that_are_too_long_are_refused() {
    let mut limits = Limits { max_answer_bytes: 2_000, ..Limits::default() };
    limits.document.max_list = 100;
    let office = Office::open_with(Options { limits, ..Options::default() }).await;
    let (code, message) = office.author().error("{ __schema { types { name } } }", json!({})).await;
    assert_eq!(code, "BAD_USER_INPUT");
    assert!(message.contains("at most 2000 bytes are allowed"), "{message}");
    let ask = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let (_, message) = office.author().error(ask, json!({ "ids": vec!["memo_x"; 101] })).await;
    assert!(message.contains("A list has 101 items: at most 100 are allowed"), "{message}");
    office.close().await;
}
