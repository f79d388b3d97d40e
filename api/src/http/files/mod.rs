//! Files outside GraphQL, since JSON is unsuitable for bytes: `PUT /files?name=…` stores a file,
//! `GET /files/{id}` reads one. `GET /personal-data/{id}` reads what is stored about a person.

mod download;
mod personal_data;
mod preconditions;
mod range;
mod upload;
mod uploads;

pub(super) use uploads::Uploads;

use super::{App, clients::ClientAddress, refusal::Refusal, request_id::RequestId};
use crate::auth::SignedIn;
use axum::{
    Extension,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
    routing::{self, MethodRouter},
};
use std::sync::Arc;
use uuid::Uuid;

/// `/files`
pub(super) fn upload() -> MethodRouter<Arc<App>> {
    routing::put(upload::put).fallback(async |Extension(request_id): Extension<RequestId>| {
        refuse_method("PUT", "Send a file to this address by PUT.", &request_id)
    })
}

/// `/files/{id}`
pub(super) fn download() -> MethodRouter<Arc<App>> {
    routing::get(download::get).fallback(async |Extension(request_id): Extension<RequestId>| {
        refuse_method("GET, HEAD", "Read a file by GET or HEAD. It cannot be changed.", &request_id)
    })
}

/// `/personal-data/{id}`
pub(super) fn personal_data() -> MethodRouter<Arc<App>> {
    routing::get(personal_data::get).fallback(
        async |Extension(request_id): Extension<RequestId>| {
            refuse_method("GET, HEAD", "Read a person's data by GET or HEAD.", &request_id)
        },
    )
}

fn refuse_method(allow: &'static str, message: &str, request_id: &RequestId) -> Response {
    Refusal::method(allow, message).into_response(request_id)
}

/// The person who asks. Counts the request as an operation of that person and of that address.
///
/// # Errors
/// The token is missing or invalid, or there were too many requests.
async fn sign_in(
    app: &App,
    client: ClientAddress,
    headers: &HeaderMap,
) -> Result<SignedIn, Refusal> {
    let now = app.services.now();
    app.rates.operation_from(client.0, now)?;
    let header = headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes);
    let signed_in =
        app.sign_in.sign_in(&app.services, header).await?.ok_or_else(Refusal::unauthenticated)?;
    app.rates.operation_of(signed_in.person.id, now)?;
    Ok(signed_in)
}

/// The person to whom a link to that file was given. Counts the request like [`sign_in`].
///
/// # Errors
/// The link is not valid, or there were too many requests.
async fn sign_in_by_link(
    app: &App,
    client: ClientAddress,
    link: &str,
    file: Uuid,
) -> Result<SignedIn, Refusal> {
    let now = app.services.now();
    app.rates.operation_from(client.0, now)?;
    let signed_in = app.sign_in.sign_in_by_link(&app.services, link, file).await?;
    app.rates.operation_of(signed_in.person.id, now)?;
    Ok(signed_in)
}

/// The text of a header; `None` if it is missing, repeated or not text.
fn only_one(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let only = values.next().filter(|_| values.next().is_none())?;
    only.to_str().ok()
}
