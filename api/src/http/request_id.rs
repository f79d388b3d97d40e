//! A request id for every request: in the log, in the header `x-request-id`, in every error.

use super::App;
use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderValue, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use std::{any::Any, panic::AssertUnwindSafe, sync::Arc};
use tracing::Instrument;

/// The header that carries it, both ways.
pub(crate) const HEADER: &str = "x-request-id";

/// Longest id that is taken over from the client, in bytes.
const MAX_LENGTH: usize = 64;

/// The id of a request.
#[derive(Debug, Clone)]
pub(crate) struct RequestId(pub(crate) String);

/// Gives the request an id (or keeps a proxy's, if it is short and harmless), runs it in a span, answers if it panics, and logs its end.
pub(super) async fn trace(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let given =
        request.headers().get(HEADER).and_then(|value| value.to_str().ok()).filter(|id| is_harmless(id));
    let id = given.map_or_else(|| app.services.new_id().to_string(), str::to_owned);
    request.extensions_mut().insert(RequestId(id.clone()));
    let span = tracing::info_span!("request", id, method = %request.method(), path = request.uri().path());
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().instrument(span.clone()).await;
    let mut response =
        answered.unwrap_or_else(|panic| span.in_scope(|| answer_to_panic(panic.as_ref(), &id)));
    span.in_scope(|| tracing::info!(status = response.status().as_u16(), "answered"));
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

fn is_harmless(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= MAX_LENGTH
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// A panic is a defect: the log says what, the client that it happened.
fn answer_to_panic(panic: &(dyn Any + Send), request_id: &str) -> Response {
    let what = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    tracing::error!(what, "a request panicked");
    let body = serde_json::json!({
        "errors": [{ "message": crate::graphql::INTERNAL_MESSAGE, "extensions": { "code": "INTERNAL", "requestId": request_id } }]
    });
    (StatusCode::INTERNAL_SERVER_ERROR, Json(body)).into_response()
}
