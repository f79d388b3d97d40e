//! GraphiQL, for browsers that open `/graphql`. `api/graphiql/build` creates the files.

use super::asset::{self, Asset};
use axum::{
    extract::Path,
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};

static PAGE: Asset = Asset::new(
    "index.html",
    "text/html; charset=utf-8",
    include_bytes!("../../../graphiql/dist/index.html"),
);

static FILES: [Asset; 3] = [
    Asset::new(
        "graphiql.js",
        "text/javascript; charset=utf-8",
        include_bytes!("../../../graphiql/dist/graphiql.js"),
    ),
    Asset::new(
        "graphiql.css",
        "text/css; charset=utf-8",
        include_bytes!("../../../graphiql/dist/graphiql.css"),
    ),
    Asset::new(
        "licenses.txt",
        "text/plain; charset=utf-8",
        include_bytes!("../../../graphiql/dist/licenses.txt"),
    ),
];

/// Allows only this server's own files and endpoint: the page works without the internet and cannot
/// be made to reach it. The hash is that of the one style that GraphiQL adds by itself. This style
/// keeps the page from scrolling behind an open dialog.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; \
    style-src 'self' 'sha256-nzTgYzXYDNe6BAHiiI7NNlfK8n/auuOAhh2t92YvuXo='; img-src 'self' data:; \
    connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The page.
pub(in crate::http) fn page(headers: &HeaderMap) -> Response {
    let policy =
        [(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY), (header::VARY, "accept")];
    (policy, PAGE.answer(headers)).into_response()
}

/// A file of the page.
pub(in crate::http) async fn file(Path(name): Path<String>, headers: HeaderMap) -> Response {
    asset::answer(&FILES, &name, &headers)
}
