//! GraphQL over WebSocket, exactly by the subprotocol graphql-transport-ws.

mod connection;
mod message;

use super::{
    App, clients::ClientAddress, permits::Unsent, refusal::Refusal, request_id::RequestId,
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
    if !is_same_origin(headers, &app.limits.allowed_origins) {
        let message = "This page's origin is not allowed to open a WebSocket here. The operator \
            can allow it (allowed-origins).";
        return Refusal::bad_input(StatusCode::FORBIDDEN, message).into_response(&request_id);
    }
    let authorization = headers.get(header::AUTHORIZATION).map(|value| value.as_bytes().to_vec());
    let (max, span) = (app.limits.max_body_bytes, Span::current());
    upgrade.protocols([PROTOCOL]).max_message_size(max).max_frame_size(max).on_upgrade(
        move |socket| {
            // The work of the connection belongs to the request that opened it.
            let connected =
                Connection::new(app, address, connection, authorization, client, request_id);
            connected.serve(socket).instrument(span)
        },
    )
}

/// Whether a request comes from no page, from one of the server's own pages, or from an allowed
/// origin.
pub(super) fn is_same_origin(headers: &HeaderMap, allowed: &[String]) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let own = origin.split_once("://").is_some_and(|(_, of)| of.eq_ignore_ascii_case(host));
    own || allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin))
}
