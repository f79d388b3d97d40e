//! The desk: a page for people, and for client developers to copy from. `api/desk/build` creates
//! the files.

use super::asset::{self, Asset};
use crate::{http::App, trusted_documents::TrustedDocuments};
use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
    routing::get,
};
use std::sync::Arc;

/// Where the desk is. Each of its views has an address below.
pub(super) const PATH: &str = "/desk";

static PAGE: Asset = Asset::new(
    "index.html",
    "text/html; charset=utf-8",
    include_bytes!("../../../desk/dist/index.html"),
);

static FILES: [Asset; 3] = [
    Asset::new(
        "desk.js",
        "text/javascript; charset=utf-8",
        include_bytes!("../../../desk/dist/desk.js"),
    ),
    Asset::new(
        "desk.css",
        "text/css; charset=utf-8",
        include_bytes!("../../../desk/dist/desk.css"),
    ),
    Asset::new(
        "licenses.txt",
        "text/plain; charset=utf-8",
        include_bytes!("../../../desk/dist/licenses.txt"),
    ),
];

/// The documents that the desk sends, by their ids.
const DOCUMENTS: &str = include_str!("../../../desk/dist/documents.json");

/// Allows only this server's own files and endpoint. For browsers, a WebSocket at the page's own
/// address is `'self'` too.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; \
    form-action 'none'";

/// The routes of the desk.
pub(in crate::http) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(PATH, get(page))
        .route("/desk/", get(page))
        .route("/desk/{*view}", get(page))
        .route("/desk/assets/{file}", get(file))
}

/// The documents that the desk sends.
pub(in crate::http) fn documents() -> TrustedDocuments {
    match TrustedDocuments::parse(DOCUMENTS) {
        Ok(documents) => documents,
        // The manifest is part of the program, and a test reads it in the same way.
        Err(problem) => unreachable!("the desk's own manifest is not valid: {problem}"),
    }
}

async fn page(headers: HeaderMap) -> Response {
    let policy = [(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY)];
    (policy, PAGE.answer(&headers)).into_response()
}

async fn file(Path(name): Path<String>, headers: HeaderMap) -> Response {
    asset::answer(&FILES, &name, &headers)
}

#[cfg(test)]
mod tests {
    use super::documents;
    use crate::{document::DocumentPipeline, graphql as schema, settings::Limits};

    #[test]
    fn every_document_of_the_desk_fits_the_schema() {
        let limits = Limits::default();
        let sdl = schema::sdl_of(&schema::build(&limits));
        let pipeline =
            DocumentPipeline::new(&sdl, schema::CUSTOM_SCALARS, limits.document).unwrap();
        for (id, text) in documents().iter() {
            assert_eq!(pipeline.check(text), Ok(()), "{id}: {text}");
        }
    }
}
