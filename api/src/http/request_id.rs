//! A request id for every request: in the log, in the header `x-request-id`, and in every error.

use super::{App, clients::ClientAddress};
use crate::telemetry;
use axum::{
    Json,
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, Method, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use std::{any::Any, panic::AssertUnwindSafe, sync::Arc, time::Duration};
use tokio::time::Instant;
use tracing::{
    Instrument,
    field::{self, display},
};

/// The header that carries the id, in requests and answers.
pub(crate) const HEADER: &str = "x-request-id";

/// Longest id that is accepted from the client, in bytes.
const MAX_LENGTH: usize = 64;

/// Paths that are requested every few seconds. They are logged only if something is wrong.
const PROBES: [&str; 2] = ["/healthz", "/readyz"];

/// Marks an answer whose operations are already in the log.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Logged;

/// The id of a request.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) String);

/// Gives the request an id, or keeps a proxy's id if it is short and harmless. Runs the request in
/// a span, answers if it panics, and logs its end.
pub(super) async fn trace(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Response {
    let given = request
        .headers()
        .get(HEADER)
        .and_then(|value| value.to_str().ok())
        .filter(|id| is_harmless(id));
    let id = given.map_or_else(|| app.services.new_id().to_string(), str::to_owned);
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = method_of(request.method());
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = matched.as_ref().map_or("(none)", MatchedPath::as_str);
    let address = request.extensions().get::<ClientAddress>().copied();
    let traced = telemetry::request(method, route, request.headers(), &id);
    let span = traced.in_scope(|| {
        tracing::info_span!(
            "request",
            id,
            method,
            path = request.uri().path(),
            trace = field::Empty
        )
    });
    if let Some(trace) = telemetry::trace_id(&traced) {
        span.record("trace", trace);
    }
    let arrived = Instant::now();
    let answered = AssertUnwindSafe(next.run(request))
        .catch_unwind()
        .instrument(span.clone())
        .instrument(traced.clone())
        .await;
    let mut response =
        answered.unwrap_or_else(|panic| span.in_scope(|| answer_to_panic(panic.as_ref(), &id)));
    let (took, status) = (arrived.elapsed(), response.status());
    telemetry::answered(&traced, status);
    app.metrics.request(method, route, status.as_u16(), took);
    let is_probe = PROBES.contains(&route) && status.is_success();
    let is_logged = response.extensions_mut().remove::<Logged>().is_some();
    span.in_scope(|| {
        let (status, ms) = (status.as_u16(), milliseconds(took));
        let address = address.map(|address| display(address.0));
        if is_probe || is_logged {
            tracing::debug!(status, ms, address, "answered");
        } else {
            tracing::info!(status, ms, address, "answered");
        }
    });
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

/// The method. Clients can invent others.
fn method_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::CONNECT => "CONNECT",
        _ => "OTHER",
    }
}

fn is_harmless(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= MAX_LENGTH
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// A panic is a defect: the log says what happened, the client only learns that it happened.
fn answer_to_panic(panic: &(dyn Any + Send), request_id: &str) -> Response {
    let what = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    tracing::error!(what, "a request panicked");
    let body = serde_json::json!({
        "errors": [{ "message": crate::graphql::INTERNAL_MESSAGE,
            "extensions": { "code": "INTERNAL", "requestId": request_id } }]
    });
    (StatusCode::INTERNAL_SERVER_ERROR, Json(body)).into_response()
}

/// For the log, tenths are precise enough.
pub(super) fn milliseconds(took: Duration) -> f64 {
    (took.as_secs_f64() * 10_000.0).round() / 10.0
}
