//! Reading a body: no longer than allowed, and no slower.

use super::{Limits, refusal::Refusal, request_id::RequestId};
use axum::{
    body::{Body, Bytes, HttpBody},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use futures_util::future::poll_fn;
use std::{pin::Pin, time::Duration};
use tokio::time::{Instant, timeout, timeout_at};

/// For how long, at most, the rest of a refused body is read and thrown away: many clients read an
/// answer only when they have sent everything. One that is cut off before that may find a broken
/// connection and no answer.
const LINGER: Duration = Duration::from_secs(5);
/// How much of it is, at most.
const LINGER_BYTES: usize = 64 * 1_048_576;

/// The whole body.
///
/// # Errors
/// It is too long, too slow, or breaks off.
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
                        "The body comes too slowly: at most {} s are allowed for all of it, and {} \
                         s for a pause.",
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
            // Trailers say nothing here.
            Ok(frame) => {
                if let Ok(bytes) = frame.into_data() {
                    return Some(Ok(bytes));
                }
            }
            Err(error) => return Some(Err(error)),
        }
    }
}

/// The answer to a request that is refused. The rest of its body is not wanted, and what is on its
/// way is thrown away.
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
    // Who asks before sending has nothing on the way, and reading would tell them to go on.
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
