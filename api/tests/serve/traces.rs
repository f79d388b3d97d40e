//! What a collector of traces receives. Nobody waits for a collector.

use crate::{
    program::Folder,
    server::{Server, json_of},
};
use axum::{Router, body::Bytes, extract::State, routing::post};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::any_value::Value as AnyValue,
    trace::v1::{Span, span::SpanKind, status::StatusCode},
};
use prost::Message;
use reqwest::Client;
use serde_json::json;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// A collector: what it was sent.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<Bytes>>>);

impl Collector {
    /// Begins to collect; where.
    async fn open(&self) -> String {
        let take = |State(collector): State<Self>, bytes: Bytes| async move {
            collector.0.lock().unwrap().push(bytes);
        };
        let routes = Router::new().route("/v1/traces", post(take)).with_state(self.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        format!("http://{address}")
    }

    fn spans(&self) -> Vec<Span> {
        let sent = self.0.lock().unwrap();
        let requests =
            sent.iter().map(|bytes| ExportTraceServiceRequest::decode(bytes.clone()).unwrap());
        let of_resource = requests.flat_map(|request| request.resource_spans);
        of_resource
            .flat_map(|resource| resource.scope_spans)
            .flat_map(|scope| scope.spans)
            .collect()
    }

    fn says(&self, text: &str) -> bool {
        self.0.lock().unwrap().iter().any(|bytes| String::from_utf8_lossy(bytes).contains(text))
    }
}

fn attribute(span: &Span, name: &str) -> Option<String> {
    let found = span.attributes.iter().find(|attribute| attribute.key == name)?;
    match found.value.as_ref()?.value.as_ref()? {
        AnyValue::StringValue(text) => Some(text.clone()),
        AnyValue::IntValue(number) => Some(number.to_string()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_and_its_statements_belong_to_the_callers_trace_and_tell_no_secrets() {
    let folder = Folder::healthy();
    let collector = Collector::default();
    let endpoint = collector.open().await;
    let server = Server::start(&folder, &[("MEMORANDA_OTLP_ENDPOINT", &endpoint)]).await;
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let query =
        "mutation SignIn($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }";
    let variables = json!({ "input": { "username": "Zanzibar", "password": "Zanzibar-as-well" } });
    let body = json!({ "query": query, "variables": variables, "operationName": "SignIn" });
    let request =
        server.post(&body).header("traceparent", format!("00-{trace}-b7ad6b7169203331-00"));
    let answer = json_of(request.header("x-request-id", "of-this-test")).await;
    assert_ne!(answer["data"]["signIn"]["userErrors"], json!([]), "{answer}");
    let malformed =
        server.post(&json!({ "query": "{ viewer { id } Zanzibar: viewer { username } }" }));
    json_of(malformed.header("traceparent", "00-zzz-1-01")).await;
    let log = server.stop().await;

    let spans = collector.spans();
    let of_trace: Vec<&Span> = spans.iter().filter(|span| hex(&span.trace_id) == trace).collect();
    let named = |name: &str| {
        let found = of_trace.iter().find(|span| span.name == name);
        *found.unwrap_or_else(|| panic!("no {name} in {spans:#?}"))
    };
    let request = named("POST /graphql");
    assert_eq!(hex(&request.parent_span_id), "b7ad6b7169203331");
    assert_eq!(request.kind(), SpanKind::Server);
    for (name, value) in [
        ("http.request.method", "POST"),
        ("http.route", "/graphql"),
        ("http.response.status_code", "200"),
        ("memoranda.request_id", "of-this-test"),
    ] {
        assert_eq!(attribute(request, name).as_deref(), Some(value), "{request:#?}");
    }
    let operation = named("mutation SignIn");
    assert_eq!(operation.parent_span_id, request.span_id);
    assert_eq!(attribute(operation, "graphql.operation.type").as_deref(), Some("mutation"));
    assert_eq!(attribute(operation, "memoranda.outcome").as_deref(), Some("OK"));
    assert!(operation.status.as_ref().is_none_or(|status| status.code() == StatusCode::Unset));
    let statement = named("SELECT");
    assert_eq!(statement.parent_span_id, operation.span_id);
    assert!(attribute(statement, "db.query.text").unwrap().contains("users"));
    assert!(
        spans.iter().any(|span| span.name == "query" && hex(&span.trace_id) != trace),
        "{spans:#?}"
    );
    assert!(!collector.says("Zanzibar"), "{spans:#?}");
    assert!(collector.says("memoranda"), "the service has a name");
    assert!(log.iter().any(|line| line.contains(trace)), "the log names the trace: {log:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_cannot_have_its_traces_exported() {
    let folder = Folder::healthy();
    let collector = Collector::default();
    let endpoint = collector.open().await;
    let settings =
        [("MEMORANDA_OTLP_ENDPOINT", endpoint.as_str()), ("MEMORANDA_OTLP_SAMPLE_RATIO", "0")];
    let server = Server::start(&folder, &settings).await;
    let request = server.post(&json!({ "query": "{ viewer { id } }" }));
    let traced =
        request.header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    assert!(json_of(traced).await["data"].is_object());
    server.stop().await;
    assert!(collector.spans().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_gone_or_never_answers_costs_no_request_and_no_orderly_end() {
    // It accepts connections and sends nothing.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    for address in [silent.local_addr().unwrap(), gone] {
        let folder = Folder::healthy();
        let endpoint = format!("http://{address}");
        let server = Server::start(&folder, &[("MEMORANDA_OTLP_ENDPOINT", &endpoint)]).await;
        let client = Client::new();
        for _ in 0..50 {
            assert_eq!(
                client.get(format!("{}/readyz", server.address)).send().await.unwrap().status(),
                200
            );
        }
        let log = server.stop().await;
        assert!(
            log.iter().any(|line| line.contains("not exported") || line.contains("ExportError")),
            "{log:#?}"
        );
    }
}

fn hex(bytes: &[u8]) -> String {
    hex::encode(bytes)
}
