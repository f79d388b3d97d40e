//! Server-sent events, by the protocol of
//! [graphql-sse](https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md), in its distinct
//! connections mode: a connection for each operation.

use super::run::Answered;
use async_graphql::Response as Answer;
use axum::{
    http::{HeaderName, HeaderValue, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{Stream, StreamExt, stream};
use std::{convert::Infallible, time::Duration};

/// How often a comment is sent when nothing else is, so that no proxy closes the connection as
/// dead.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// The answers as events, and the end after the last one. The permit of an answer is given back
/// when the next answer is requested.
pub(super) fn stream(answers: impl Stream<Item = Answered> + Send + 'static) -> Response {
    let mut held = None;
    let events = answers
        .map(move |(answer, permit)| {
            drop(std::mem::replace(&mut held, permit));
            Event::default().event("next").data(serde_json::to_string(&answer).unwrap_or_default())
        })
        .chain(stream::once(async { Event::default().event("complete").data("") }))
        .map(Ok::<_, Infallible>);
    let mut response =
        Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Some proxies buffer an answer before they pass it on, unless a header forbids it.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}

/// One answer and the end.
pub(super) fn one(answer: Answer) -> Response {
    stream(stream::once(async { (answer, None) }))
}
