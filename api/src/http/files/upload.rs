//! `PUT /files?name=…`

use super::{MediaType, sign_in};
use crate::{
    graphql::{Kind, file_url},
    http::{App, Limits, clients::ClientAddress, refusal::Refusal, request_id::RequestId},
};
use axum::{
    Extension, Json,
    body::{Body, BodyDataStream},
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::{StreamExt, TryStreamExt};
use percent_encoding::percent_decode_str;
use service::{
    Error,
    files::{self, FileOfUpload, StorageFull, Upload},
};
use std::{sync::Arc, time::Duration};
use tracing::Instrument;

/// For how long, at most, the rest of a refused file is read and thrown away: many clients read an answer only when they have sent everything.
const LINGER: Duration = Duration::from_secs(5);

/// A file that may be sent.
struct Announced {
    file: FileOfUpload,
    /// How many bytes, if the client has said so.
    length: Option<u64>,
}

/// Stores a file. Its bytes pass through and are never all in memory.
pub(super) async fn put(
    State(app): State<Arc<App>>,
    Extension(request_id): Extension<RequestId>,
    Extension(client): Extension<ClientAddress>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let mut body = body.into_data_stream();
    let announced = match announced(&app, client, &headers, &query.unwrap_or_default()).await {
        Ok(announced) => announced,
        Err(refusal) => {
            // Who asks before sending has nothing on the way, and reading would tell them to go on.
            let rest = (!headers.contains_key(header::EXPECT)).then_some(body);
            return refuse(refusal, rest, &request_id);
        }
    };
    // A task of its own: whatever becomes of the connection, it ends by storing the file or by removing what there is of it.
    let receiving = async move {
        let received = receive(&app, announced, &mut body).await;
        (received, body)
    };
    match tokio::spawn(receiving.in_current_span()).await {
        Ok((Ok(response), _)) => response,
        Ok((Err(refusal), body)) => refuse(refusal, Some(body), &request_id),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(error) => Refusal::from(Error::Inconsistent(error.to_string())).into_response(&request_id),
        },
    }
}

/// What the request says of the file that comes with it.
async fn announced(
    app: &App,
    client: ClientAddress,
    headers: &HeaderMap,
    query: &str,
) -> Result<Announced, Refusal> {
    let uploaded_by = sign_in(app, client, headers).await?.person.id;
    app.rates.mutations_of(uploaded_by, 1, app.services.now())?;
    let name = name(query)?;
    let media_type = media_type(headers, &app.limits)?.0;
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if length.is_some_and(|length: u64| length > app.limits.max_upload_bytes) {
        return Err(too_long(&app.limits));
    }
    Ok(Announced { file: FileOfUpload { name, media_type, uploaded_by }, length })
}

/// The parameter `name`, as forms and `URLSearchParams` write it.
fn name(query: &str) -> Result<String, Refusal> {
    let bad = |message: String| Refusal::bad_input(StatusCode::BAD_REQUEST, message);
    let mut given = query
        .split('&')
        .map(|parameter| parameter.split_once('=').unwrap_or((parameter, "")))
        .filter_map(|(key, value)| (key == "name").then_some(value));
    let (Some(name), None) = (given.next(), given.next()) else {
        return Err(bad("Name the file once, in the address: PUT /files?name=plan.pdf".to_owned()));
    };
    let name = name.replace('+', " ");
    let name = percent_decode_str(&name)
        .decode_utf8()
        .map_err(|_| bad("The name must be UTF-8, percent-encoded.".to_owned()))?;
    files::name(&name).map_err(|problem| bad(format!("The file's name {problem}.")))
}

fn media_type(headers: &HeaderMap, limits: &Limits) -> Result<MediaType, Refusal> {
    let refuse = |message: String| Err(Refusal::bad_input(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    if headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        return refuse("Send the file's own bytes, without Content-Encoding.".to_owned());
    }
    let Some(media_type) = MediaType::of(headers) else {
        return refuse("The Content-Type is no media type: give one such as application/pdf.".to_owned());
    };
    if media_type.0 == "multipart/form-data" {
        return refuse("Send the file's own bytes as the body, and not a form.".to_owned());
    }
    if !media_type.is_among(&limits.upload_media_types) {
        let allowed = limits.upload_media_types.join(", ");
        return refuse(format!(
            "Files of the type {} are not taken here; these are: {allowed}.",
            media_type.0
        ));
    }
    Ok(media_type)
}

fn too_long(limits: &Limits) -> Refusal {
    let max = limits.max_upload_bytes;
    let message = format!("The file is too long: at most {max} bytes are allowed.");
    Refusal::bad_input(StatusCode::PAYLOAD_TOO_LARGE, message)
}

async fn receive(app: &App, announced: Announced, body: &mut BodyDataStream) -> Result<Response, Refusal> {
    let mut upload = Upload::begin(&app.services);
    if let Err(refusal) = fill(&mut upload, &app.limits, announced.length, body).await {
        upload.discard(&app.services).await;
        return Err(refusal);
    }
    let stored = upload.finish(&app.services, &announced.file, app.limits.max_storage_bytes).await?;
    let file = stored.map_err(|StorageFull| {
        Refusal::storage_full(
            "There is no room left for this file. Delete something, or ask the operator for more storage.",
        )
    })?;
    let id = Kind::File.id(file.id).0;
    let url = file_url(file.id);
    let body = serde_json::json!({
        "id": id, "name": file.name, "size": file.size, "mediaType": file.media_type, "sha256": file.blob_sha256, "url": url
    });
    Ok((StatusCode::CREATED, [(header::LOCATION, url)], Json(body)).into_response())
}

/// Takes the bytes as they arrive.
async fn fill(
    upload: &mut Upload,
    limits: &Limits,
    length: Option<u64>,
    body: &mut BodyDataStream,
) -> Result<(), Refusal> {
    loop {
        let bytes = match tokio::time::timeout(limits.upload_idle_timeout, body.next()).await {
            Ok(Some(Ok(bytes))) => bytes,
            Ok(Some(Err(_))) => return Err(broken()),
            Ok(None) if length.is_some_and(|length| length != upload.size()) => return Err(broken()),
            Ok(None) => return Ok(()),
            Err(_) => {
                let seconds = limits.upload_idle_timeout.as_secs();
                let message = format!("No byte came for {seconds} seconds. Send the file again.");
                return Err(Refusal::bad_input(StatusCode::REQUEST_TIMEOUT, message));
            }
        };
        if upload.size().saturating_add(bytes.len() as u64) > limits.max_upload_bytes {
            return Err(too_long(limits));
        }
        upload.write(&bytes).await?;
    }
}

fn broken() -> Refusal {
    Refusal::bad_input(StatusCode::BAD_REQUEST, "The file broke off before its end. Send it again.")
}

/// Refuses the file, of which the rest, if any is on its way, is not wanted.
fn refuse(refusal: Refusal, rest: Option<BodyDataStream>, request_id: &RequestId) -> Response {
    let mut response = refusal.into_response(request_id);
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    if let Some(rest) = rest.filter(|_| response.status() != StatusCode::REQUEST_TIMEOUT) {
        tokio::spawn(tokio::time::timeout(LINGER, rest.map_ok(drop).try_for_each(async |()| Ok(()))));
    }
    response
}
