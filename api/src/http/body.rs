//! Reads a body, with limits on its length and on its time.

use super::{Limits, refusal::Refusal, request_id::RequestId};
use axum::{
    body::{Body, Bytes, HttpBody},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use futures_util::future::poll_fn;
use std::{pin::Pin, time::Duration};
use tokio::time::{Instant, timeout, timeout_at};

/// How long, at most, the server reads and discards the rest of a refused body. Many clients read
/// an answer only after they have sent everything. If the server closes earlier, such a client may
/// see a broken connection and no answer.
const LINGER: Duration = Duration::from_secs(5);
/// How many bytes of it, at most.
const LINGER_BYTES: usize = 64 * 1_048_576;

/// The whole body.
///
/// # Errors
/// It is too long, arrives too slowly, or breaks off.
pub(super) async fn read(body: &mut Body, limits: &Limits) -> Result<Bytes, Refusal> {
    let max = limits.max_body_bytes;
    let too_long = || {
        Refusal::bad_input(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("The body is too long: at most {max} bytes are allowed."),
        )
    };
    if body.size_hint().lower() > max as u64 {
        return Err(too_long());
    }
    let clients = &limits.clients;
    let until = Instant::now() + clients.body_timeout;
    let mut read = Vec::new();
    loop {
        let until = until.min(Instant::now() + clients.body_idle_timeout);
        let piece = match timeout_at(until, next(body)).await {
            Ok(Some(Ok(piece))) => piece,
            Ok(Some(Err(_))) => {
                return Err(Refusal::bad_input(StatusCode::BAD_REQUEST, "The body breaks off."));
            }
            Ok(None) => return Ok(read.into()),
            Err(_) => {
                return Err(Refusal::bad_input(
                    StatusCode::REQUEST_TIMEOUT,
                    format!(
                        "The body arrives too slowly: at most {} s are allowed for all of it, and \
                         {} s for a pause.",
                        clients.body_timeout.as_secs(),
                        clients.body_idle_timeout.as_secs()
                    ),
                ));
            }
        };
        if read.len() + piece.len() > max {
            return Err(too_long());
        }
        read.extend_from_slice(&piece);
    }
}

/// The next piece of a body; `None` at its end.
pub(super) async fn next(body: &mut Body) -> Option<Result<Bytes, axum::Error>> {
    loop {
        match poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await? {
            // Trailers are not used.
            Ok(frame) => {
                if let Ok(bytes) = frame.into_data() {
                    return Some(Ok(bytes));
                }
            }
            Err(error) => return Some(Err(error)),
        }
    }
}

/// The answer to a refused request. The server does not want the rest of the body, and discards
/// what is on its way.
pub(super) fn refuse(
    refusal: Refusal,
    rest: Body,
    headers: &HeaderMap,
    request_id: &RequestId,
) -> Response {
    let is_slow = refusal.is_of_slowness();
    let mut response = refusal.into_response(request_id);
    if rest.is_end_stream() {
        return response;
    }
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    // A client that asks before it sends has sent nothing yet, and reading would tell it to
    // continue.
    if !is_slow && !headers.contains_key(header::EXPECT) {
        tokio::spawn(timeout(LINGER, throw_away(rest)));
    }
    response
}

async fn throw_away(mut rest: Body) {
    let mut left = LINGER_BYTES;
    while let Some(Ok(piece)) = next(&mut rest).await {
        match left.checked_sub(piece.len()) {
            Some(fewer) => left = fewer,
            None => return,
        }
    }
}
