//! GraphQL over WebSocket, exactly by the subprotocol graphql-transport-ws.

mod connection;
mod message;

use super::{
    App, clients::ClientAddress, origins, permits::Unsent, refusal::Refusal, request_id::RequestId,
};
use crate::auth::client::Client;
use axum::{
    extract::WebSocketUpgrade,
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use connection::Connection;
use std::sync::Arc;
use tracing::{Instrument, Span};

/// The subprotocol.
const PROTOCOL: &str = "graphql-transport-ws";

/// How many bytes are read from a client at a time. Each connection keeps a buffer of this size as
/// long as it is open. Longer messages enlarge it.
const READ_BYTES: usize = 2 * 1024;

/// Opens the connection. Scripts of other pages may not: browsers send the page's origin.
pub(super) fn open(
    app: Arc<App>,
    upgrade: WebSocketUpgrade,
    headers: &HeaderMap,
    address: ClientAddress,
    connection: Unsent,
    client: Client,
    request_id: RequestId,
) -> Response {
    if !origins::is_trusted(headers, &app.limits.allowed_origins) {
        let message = "This page's origin is not allowed to open a WebSocket here. The operator \
            can allow it (allowed-origins).";
        return Refusal::bad_input(StatusCode::FORBIDDEN, message).into_response(&request_id);
    }
    let authorization = headers.get(header::AUTHORIZATION).map(|value| value.as_bytes().to_vec());
    let (max, span) = (app.limits.max_body_bytes, Span::current());
    upgrade
        .protocols([PROTOCOL])
        .read_buffer_size(READ_BYTES)
        .max_message_size(max)
        .max_frame_size(max)
        .on_upgrade(move |socket| {
            // The work of the connection belongs to the request that opened it.
            let connected =
                Connection::new(app, address, connection, authorization, client, request_id);
            connected.serve(socket).instrument(span)
        })
}
