//! GraphiQL, which the binary contains, and the schema as text.

use super::App;
use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use std::sync::Arc;

/// The GraphiQL page.
const PAGE: &str = include_str!("../../graphiql/dist/index.html");

/// Name, media type and content of each other file. `api/graphiql/build` creates them.
const FILES: [(&str, &str, &[u8]); 3] = [
    (
        "graphiql.js",
        "text/javascript; charset=utf-8",
        include_bytes!("../../graphiql/dist/graphiql.js"),
    ),
    ("graphiql.css", "text/css; charset=utf-8", include_bytes!("../../graphiql/dist/graphiql.css")),
    (
        "licenses.txt",
        "text/plain; charset=utf-8",
        include_bytes!("../../graphiql/dist/licenses.txt"),
    ),
];

/// Allows only this server's own files and endpoint: the page works without the internet and cannot
/// be made to reach it. The hash is that of the one style that GraphiQL adds by itself. This style
/// keeps the page from scrolling behind an open dialog.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; \
    style-src 'self' 'sha256-nzTgYzXYDNe6BAHiiI7NNlfK8n/auuOAhh2t92YvuXo='; img-src 'self' data:; \
    connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The page.
pub(super) fn graphiql() -> Response {
    (
        [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
            (header::CACHE_CONTROL, "no-cache"),
            (header::VARY, "accept"),
        ],
        PAGE,
    )
        .into_response()
}

/// A file of the page.
pub(super) async fn file(Path(name): Path<String>) -> Response {
    match FILES.iter().find(|(file, ..)| *file == name) {
        Some((_, media_type, content)) => {
            ([(header::CONTENT_TYPE, *media_type), (header::CACHE_CONTROL, "no-cache")], *content)
                .into_response()
        }
        None => (StatusCode::NOT_FOUND, "There is no such file.\n").into_response(),
    }
}

/// Redirects from the server's root to GraphiQL.
pub(super) async fn to_graphiql() -> Redirect {
    Redirect::temporary("/graphql")
}

/// The schema, unless introspection is turned off.
pub(super) async fn schema(State(app): State<Arc<App>>) -> Response {
    if !app.limits.document.introspection {
        return (StatusCode::NOT_FOUND, "This server does not publish its schema.\n")
            .into_response();
    }
    ([(header::CONTENT_TYPE, "application/graphql; charset=utf-8")], app.sdl.clone())
        .into_response()
}
