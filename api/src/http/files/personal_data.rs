//! `GET /personal-data/{id}`

use super::{download::CONTENT_SECURITY_POLICY, sign_in};
use crate::{
    graphql::{Kind, PERSONAL_DATA_TYPE},
    http::{App, clients::ClientAddress, refusal::Refusal, request_id::RequestId},
};
use axum::{
    Extension,
    body::Body,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use service::{Viewer, personal_data};
use std::sync::Arc;

/// What is stored about a person, as lines of JSON. It is read while it is sent.
pub(super) async fn get(
    State(app): State<Arc<App>>,
    Extension(request_id): Extension<RequestId>,
    Extension(client): Extension<ClientAddress>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    let id = id.map(|Path(id)| id).unwrap_or_default();
    let answered = async {
        let signed_in = sign_in(&app, client, &headers).await?;
        answer(&app, Viewer::from(signed_in.person.as_ref()), id).await
    };
    answered.await.unwrap_or_else(|refusal: Refusal| refusal.into_response(&request_id))
}

async fn answer(app: &App, viewer: Viewer, id: String) -> Result<Response, Refusal> {
    let nobody =
        || Refusal::not_found("There is no person with this id whose data you can read. Check it.");
    let id = Kind::User.parse("id", &id.into()).map_err(|_| nobody())?;
    let person = personal_data::find(&app.services, viewer, id).await?.ok_or_else(nobody)?;
    let lines = personal_data::read(&app.services, viewer, person.id);
    let name = format!("attachment; filename=\"{}.ndjson\"", *Kind::User.id(person.id));
    let headers = [
        (header::CONTENT_TYPE, PERSONAL_DATA_TYPE.to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
        (header::VARY, "authorization".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY.to_owned()),
    ];
    Ok((headers, Body::from_stream(lines)).into_response())
}
