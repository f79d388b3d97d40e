//! `GET /files/{id}`

use super::{
    preconditions::Version,
    range::{Wanted, wanted},
    sign_in, sign_in_by_link,
};
use crate::{
    auth::SignedIn,
    graphql::Kind,
    http::{App, clients::ClientAddress, refusal::Refusal, request_id::RequestId},
};
use axum::{
    Extension,
    body::Body,
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use entity::file;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use service::{Viewer, files};
use std::{sync::Arc, time::SystemTime};
use uuid::Uuid;

/// The characters that a name in a header must escape ([RFC 8187,
/// 3.2.1](https://www.rfc-editor.org/rfc/rfc8187#section-3.2.1)).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Browsers save a file and never open it: nothing in it runs with the rights of this server's
/// address.
pub(super) const CONTENT_SECURITY_POLICY: &str = "sandbox; default-src 'none'";

/// The parameters of the address.
#[derive(Deserialize)]
pub(super) struct DownloadParameters {
    /// The token in a link of `File.downloadUrl`.
    link: Option<String>,
}

/// The bytes of a file, or a part of them. `HEAD` requests also come here.
pub(super) async fn get(
    State(app): State<Arc<App>>,
    Extension(request_id): Extension<RequestId>,
    Extension(client): Extension<ClientAddress>,
    id: Result<Path<String>, PathRejection>,
    parameters: Result<Query<DownloadParameters>, QueryRejection>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let id = id.map(|Path(id)| id).unwrap_or_default();
    let link = parameters.ok().and_then(|Query(parameters)| parameters.link);
    let answered = async {
        let id = Kind::File.parse("id", &id.into()).map_err(|_| no_such_file())?;
        let signed_in = match link {
            // A link is for places that send no headers.
            Some(link) if !headers.contains_key(header::AUTHORIZATION) => {
                sign_in_by_link(&app, client, &link, id).await?
            }
            _ => sign_in(&app, client, &headers).await?,
        };
        answer(&app, &request_id, &signed_in, id, &method, &headers).await
    };
    answered.await.unwrap_or_else(|refusal: Refusal| refusal.into_response(&request_id))
}

async fn answer(
    app: &App,
    request_id: &RequestId,
    signed_in: &SignedIn,
    id: Uuid,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    let file = find(app, Viewer::from(signed_in.person.as_ref()), id).await?;
    let version = Version { etag: format!("\"{}\"", file.blob_sha256), modified: file.created_at };
    if version.is_known(headers) {
        return Ok((StatusCode::NOT_MODIFIED, of_version(&version)).into_response());
    }
    let size = u64::try_from(file.size).unwrap_or_default();
    if method == Method::HEAD {
        files::check(&app.services, &app.file_store, &file).await?;
        let length = [(header::CONTENT_LENGTH, size.to_string())];
        return Ok((of_version(&version), of_file(&file), length).into_response());
    }
    let wanted = match headers.contains_key(header::RANGE) && version.is_continued(headers) {
        true => wanted(super::only_one(headers, header::RANGE), size),
        false => Wanted::Whole,
    };
    let (status, range) = match wanted {
        Wanted::Whole => (StatusCode::OK, 0..size),
        Wanted::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Wanted::NotThere => {
            let message = format!("The file has {size} bytes: ask for a range of these.");
            let refusal = Refusal::bad_input(StatusCode::RANGE_NOT_SATISFIABLE, message);
            let range = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
            return Ok((range, refusal.into_response(request_id)).into_response());
        }
    };
    let bytes = files::read(&app.services, &app.file_store, &file, range.clone()).await?;
    let length = [(header::CONTENT_LENGTH, (range.end - range.start).to_string())];
    let mut response =
        (status, of_version(&version), of_file(&file), length, Body::from_stream(bytes))
            .into_response();
    if status == StatusCode::PARTIAL_CONTENT {
        let shown = format!("bytes {}-{}/{size}", range.start, range.end - 1);
        response
            .headers_mut()
            .extend(HeaderValue::from_str(&shown).map(|shown| (header::CONTENT_RANGE, shown)));
    }
    Ok(response)
}

fn no_such_file() -> Refusal {
    Refusal::not_found("There is no file with this id that you can see. Check the id.")
}

/// The file, if this person may see it.
async fn find(app: &App, viewer: Viewer, id: Uuid) -> Result<file::Model, Refusal> {
    files::by_ids(&app.services, viewer, &[id]).await?.pop().ok_or_else(no_such_file)
}

/// The headers that name the version, and who may cache it.
fn of_version(version: &Version) -> [(HeaderName, String); 4] {
    let modified = httpdate::fmt_http_date(SystemTime::from(version.modified));
    [
        (header::ETAG, version.etag.clone()),
        (header::LAST_MODIFIED, modified),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        (header::VARY, "authorization".to_owned()),
    ]
}

/// The headers that say how to treat the file.
fn of_file(file: &file::Model) -> [(HeaderName, String); 5] {
    [
        (header::CONTENT_TYPE, file.media_type.clone()),
        (header::CONTENT_DISPOSITION, disposition(&file.name)),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY.to_owned()),
    ]
}

/// Offers a file for saving under its name. The header holds the name twice: for clients that
/// support non-ASCII letters, and for others ([RFC 6266](https://www.rfc-editor.org/rfc/rfc6266)).
fn disposition(name: &str) -> String {
    let plain = |c: char| (c == ' ' || c.is_ascii_graphic()) && !matches!(c, '"' | '\\' | '%');
    let fallback: String = name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    format!(
        "attachment; filename=\"{fallback}\"; filename*=UTF-8''{}",
        utf8_percent_encode(name, ENCODED)
    )
}
