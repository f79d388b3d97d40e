//! `PUT /files?name=…`

use super::{only_one, sign_in, uploads::UnderWay};
use crate::{
    graphql::{Kind, file_url, sentences},
    http::{
        App, Limits,
        body::{next, refuse},
        clients::ClientAddress,
        idempotency,
        pace::Pace,
        refusal::Refusal,
        request_id::RequestId,
    },
    media_type::MediaType,
};
use axum::{
    Extension, Json,
    body::Body,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use percent_encoding::percent_decode_str;
use service::{
    Error, Viewer,
    files::{self, FileOfUpload, Upload, UploadError, UploadKey},
    idempotency::{CreateError, Created, is_used},
};
use std::sync::Arc;
use tokio::time::{Instant, timeout_at};
use tracing::Instrument;

/// A file that may be stored.
struct Announced {
    file: FileOfUpload,
    /// Its size in bytes, if the client announced it.
    length: Option<u64>,
    under_way: UnderWay,
    /// Whether the person has used the idempotency key. Then nothing is stored again.
    repeated: bool,
}

/// Stores a file. Its bytes are never all in memory.
pub(super) async fn put(
    State(app): State<Arc<App>>,
    Extension(request_id): Extension<RequestId>,
    Extension(client): Extension<ClientAddress>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    mut body: Body,
) -> Response {
    let announced = match announced(&app, client, &headers, &query.unwrap_or_default()).await {
        Ok(announced) => announced,
        Err(refusal) => return refuse(refusal, body, &headers, &request_id),
    };
    // A task of its own: even if the connection breaks, it ends by storing the file or by removing
    // its bytes.
    let receiving = async move {
        let received = receive(&app, announced, &mut body).await;
        (received, body)
    };
    match tokio::spawn(receiving.in_current_span()).await {
        Ok((Ok(response), _)) => response,
        // By now the body is on its way, whether the client has asked before or not.
        Ok((Err(refusal), body)) => refuse(refusal, body, &HeaderMap::new(), &request_id),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(error) => {
                Refusal::from(Error::Inconsistent(error.to_string())).into_response(&request_id)
            }
        },
    }
}

/// What the request says about its file.
async fn announced(
    app: &App,
    client: ClientAddress,
    headers: &HeaderMap,
    query: &str,
) -> Result<Announced, Refusal> {
    let key = idempotency::key(headers)?;
    let viewer = Viewer::from(&*sign_in(app, client, headers).await?.person);
    let uploaded_by = viewer.id;
    app.rates.mutations_of(uploaded_by, 1, app.services.now())?;
    let name = name(query)?;
    let media_type = media_type(headers, &app.limits)?.0;
    let length =
        headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if length.is_some_and(|length: u64| length > app.limits.max_upload_bytes) {
        return Err(too_long(&app.limits));
    }
    let mut under_way = app.uploads.begin(uploaded_by)?;
    let repeated = match &key {
        Some(key) => is_used(&app.services, uploaded_by, key).await?,
        None => false,
    };
    if let Some(length) = length.filter(|_| !repeated) {
        under_way.room.reserve(&app.services, length).await?;
    }
    let key = key.map(|key| UploadKey { viewer, key });
    let file = FileOfUpload { name, media_type, uploaded_by, key };
    Ok(Announced { file, length, under_way, repeated })
}

/// The parameter `name`, in the encoding of forms and `URLSearchParams`.
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

/// The media type in the headers, or the type for arbitrary bytes if they name none; `None` if it
/// is malformed.
fn sent_type(headers: &HeaderMap) -> Option<MediaType> {
    if !headers.contains_key(header::CONTENT_TYPE) {
        return Some(MediaType("application/octet-stream".to_owned()));
    }
    MediaType::parse(only_one(headers, header::CONTENT_TYPE)?)
}

fn media_type(headers: &HeaderMap, limits: &Limits) -> Result<MediaType, Refusal> {
    let refuse =
        |message: String| Err(Refusal::bad_input(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    if headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        return refuse("Send the file's own bytes, without Content-Encoding.".to_owned());
    }
    let Some(media_type) = sent_type(headers) else {
        return refuse(
            "The Content-Type is no media type: give one such as application/pdf.".to_owned(),
        );
    };
    if media_type.0 == "multipart/form-data" {
        return refuse("Send the file's own bytes as the body, not a form.".to_owned());
    }
    if !media_type.is_among(&limits.upload_media_types) {
        let allowed = limits.upload_media_types.join(", ");
        return refuse(format!(
            "Files of the type {} are not accepted; these types are: {allowed}.",
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

impl From<UploadError> for Refusal {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::StorageFull => Self::storage_full(
                "There is no room left for this file. Delete something, or ask the operator for \
                 more storage.",
            ),
            UploadError::Failed(error) => error.into(),
        }
    }
}

impl From<CreateError<UploadError>> for Refusal {
    fn from(error: CreateError<UploadError>) -> Self {
        match error {
            CreateError::KeyReused => Self::idempotency_mismatch(sentences::IDEMPOTENCY_MISMATCH),
            CreateError::Gone => Self::idempotency_gone(sentences::IDEMPOTENCY_GONE),
            CreateError::Operation(error) => error.into(),
        }
    }
}

async fn receive(app: &App, announced: Announced, body: &mut Body) -> Result<Response, Refusal> {
    let Announced { file, length, mut under_way, repeated } = announced;
    let mut upload = match repeated {
        true => Upload::repeated(),
        false => Upload::begin(&app.services, &app.file_store).await?,
    };
    if let Err(refusal) = fill(app, &mut upload, &mut under_way, length, body).await {
        upload.discard().await;
        return Err(refusal);
    }
    let stored = upload.finish(&app.services, &file, app.limits.max_storage_bytes).await;
    // Stores its bytes, or removes them.
    drop(under_way);
    let Created { thing: file, replayed } = stored?;
    let id = Kind::File.id(file.id).0;
    let url = file_url(file.id);
    let body = serde_json::json!({
        "id": id, "name": file.name, "size": file.size, "mediaType": file.media_type,
            "sha256": file.blob_sha256, "url": url, "replayed": replayed
    });
    Ok((StatusCode::CREATED, [(header::LOCATION, url)], Json(body)).into_response())
}

/// Reads the bytes as they arrive.
async fn fill(
    app: &App,
    upload: &mut Upload,
    under_way: &mut UnderWay,
    length: Option<u64>,
    body: &mut Body,
) -> Result<(), Refusal> {
    let limits = &app.limits;
    let mut pace = Pace::new(limits.upload_idle_timeout, limits.min_upload_rate);
    loop {
        let until = pace.wait(Instant::now());
        let bytes = match timeout_at(until, next(body)).await {
            Ok(Some(Ok(bytes))) => bytes,
            Ok(Some(Err(_))) => return Err(broken()),
            Ok(None) if length.is_some_and(|length| length != upload.size()) => {
                return Err(broken());
            }
            Ok(None) => return Ok(()),
            Err(_) => return Err(too_slow(limits)),
        };
        pace.advance(bytes.len(), Instant::now());
        let size = upload.size().saturating_add(bytes.len() as u64);
        if size > limits.max_upload_bytes {
            return Err(too_long(limits));
        }
        if !upload.is_repeated() {
            under_way.room.cover(&app.services, size).await?;
        }
        upload.write(&bytes).await?;
    }
}

fn too_slow(limits: &Limits) -> Refusal {
    let (seconds, rate) = (limits.upload_idle_timeout.as_secs(), limits.min_upload_rate);
    let message = format!(
        "The file arrives too slowly: a pause may last {seconds} s, and the average must be at \
         least {rate} bytes per second. Send it again."
    );
    Refusal::bad_input(StatusCode::REQUEST_TIMEOUT, message)
}

fn broken() -> Refusal {
    Refusal::bad_input(StatusCode::BAD_REQUEST, "The file broke off before its end. Send it again.")
}
