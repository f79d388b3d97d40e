//! Traces for operators by [OTLP](https://opentelemetry.io/docs/specs/otlp/), if a collector is
//! configured: a span for each request, operation and statement, under the names of the [semantic
//! conventions](https://opentelemetry.io/docs/specs/semconv/). They hold only what the log may
//! hold: never a document, a variable, a token or a text.
//!
//! The spans of traces have their own target, which the log does not show. So neither repeats the
//! other.

mod context;
mod export;

pub(crate) use context::inject;
pub(crate) use export::{Telemetry, try_out};

use axum::http::{HeaderMap, StatusCode};
use opentelemetry::{
    Context, KeyValue, global,
    trace::{Span as _, SpanBuilder, SpanKind, Status, TraceContextExt, Tracer},
};
use std::{sync::atomic::Ordering, time::Duration};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use uuid::Uuid;

/// The target of traced spans.
pub(crate) const TARGET: &str = "memoranda::trace";
/// Longest wait for a collector.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether spans are exported. Asking `tracing` instead (`enabled!`) would make the filters of
/// layers skip the next line of the log.
pub(crate) fn is_on() -> bool {
    export::IS_ON.load(Ordering::Relaxed)
}

/// The span of a request. It belongs to the trace that the client names.
pub(crate) fn request(
    method: &'static str,
    route: &str,
    headers: &HeaderMap,
    request_id: &str,
) -> Span {
    if !is_on() {
        return Span::none();
    }
    let name = format!("{method} {route}");
    let span =
        tracing::info_span!(target: TARGET, "request", otel.name = name, otel.kind = "server");
    if let Some(parent) = context::extract(headers) {
        // It fails only if the span has already begun.
        let _ = span.set_parent(parent);
    }
    span.set_attribute("http.request.method", method);
    span.set_attribute("http.route", route.to_owned());
    span.set_attribute("memoranda.request_id", request_id.to_owned());
    span
}

/// Records the status of the answer.
pub(crate) fn answered(request: &Span, status: StatusCode) {
    if request.is_none() {
        return;
    }
    request.set_attribute("http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        request.set_status(Status::error(""));
    }
}

/// The id of a span's trace, for the log.
pub(crate) fn trace_id(span: &Span) -> Option<String> {
    if span.is_none() {
        return None;
    }
    let context = span.context();
    let of_span = context.span().span_context().clone();
    of_span.is_sampled().then(|| of_span.trace_id().to_string())
}

/// The span of an operation.
pub(crate) fn operation(kind: &'static str, name: Option<&str>) -> Span {
    if !is_on() {
        return Span::none();
    }
    let title = name.map_or_else(|| kind.to_owned(), |name| format!("{kind} {name}"));
    let span = tracing::info_span!(target: TARGET, "operation", otel.name = title);
    span.set_attribute("graphql.operation.type", kind);
    if let Some(name) = name {
        span.set_attribute("graphql.operation.name", name.to_owned());
    }
    span
}

/// Records how an operation ended: its codes and its person.
pub(crate) fn ended(operation: &Span, codes: &[String], person: Option<Uuid>) {
    if operation.is_none() {
        return;
    }
    operation.set_attribute("memoranda.outcome", codes.join(" "));
    if let Some(person) = person {
        operation.set_attribute("enduser.id", person.to_string());
    }
    if codes.iter().any(|code| code == "INTERNAL" || code == "OUTCOME_UNKNOWN") {
        operation.set_status(Status::error(""));
    }
}

/// Records a statement that has just run, in the current span. Its text holds placeholders, not
/// values.
pub(crate) fn statement(sql: &str, took: Duration, failed: bool) {
    let context = Context::current();
    if !context.span().span_context().is_sampled() {
        return;
    }
    let end = opentelemetry::time::now();
    let begin = end.checked_sub(took).unwrap_or(end);
    let verb = sql.split_whitespace().next().unwrap_or("statement").to_owned();
    let builder = SpanBuilder::from_name(verb)
        .with_kind(SpanKind::Client)
        .with_start_time(begin)
        .with_attributes([KeyValue::new("db.query.text", sql.to_owned())]);
    let mut span = global::tracer("memoranda").build_with_context(builder, &context);
    if failed {
        span.set_status(Status::error(""));
    }
    span.end_with_timestamp(end);
}
