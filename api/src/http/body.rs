//! Reading a body: no longer than allowed, and no slower.

use super::{Limits, refusal::Refusal};
use axum::{
    body::{Body, Bytes, HttpBody},
    http::StatusCode,
};
use futures_util::StreamExt;
use tokio::time::{Instant, timeout_at};

/// The whole body.
///
/// # Errors
/// It is too long, too slow, or breaks off.
pub(super) async fn read(body: Body, limits: &Limits) -> Result<Bytes, Refusal> {
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
    let mut pieces = body.into_data_stream();
    let mut read = Vec::new();
    loop {
        let until = until.min(Instant::now() + clients.body_idle_timeout);
        let piece = match timeout_at(until, pieces.next()).await {
            Ok(Some(Ok(piece))) => piece,
            Ok(Some(Err(_))) => {
                return Err(Refusal::bad_input(StatusCode::BAD_REQUEST, "The body breaks off."));
            }
            Ok(None) => return Ok(read.into()),
            Err(_) => {
                return Err(Refusal::bad_input(
                    StatusCode::REQUEST_TIMEOUT,
                    format!(
                        "The body comes too slowly: at most {} s are allowed for all of it, and {} s for a pause.",
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
