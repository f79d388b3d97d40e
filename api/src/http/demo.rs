//! The people of a demonstration, for the buttons of GraphiQL.

use super::{App, clients::ClientAddress};
use crate::auth::DemoPerson;
use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderMap, header, uri::Authority},
};
use std::{net::IpAddr, sync::Arc};

/// The people with their tokens, for browsers on this machine. Empty for all others, and for a
/// server that is no demonstration.
pub(super) async fn people(
    State(app): State<Arc<App>>,
    Extension(client): Extension<ClientAddress>,
    headers: HeaderMap,
) -> Json<Vec<DemoPerson>> {
    let is_here = client.0.is_loopback() && names_this_machine(&headers);
    Json(if is_here { app.sign_in.demo_people().to_vec() } else { Vec::new() })
}

/// Whether the request names this machine as its host. A page elsewhere whose name resolves to this
/// machine's address does not (DNS rebinding).
fn names_this_machine(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let authority = host.and_then(|host| host.parse::<Authority>().ok());
    authority.is_some_and(|authority| {
        let host = authority.host();
        let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    })
}
