//! The pages that the binary contains, where they begin, and the schema as text.

mod asset;
pub(super) mod desk;
pub(super) mod graphiql;

use super::App;
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use std::sync::Arc;

/// Redirects from the server's root to the desk, or to GraphiQL where the desk is off.
pub(super) async fn first(State(app): State<Arc<App>>) -> Redirect {
    Redirect::temporary(if app.limits.desk { desk::PATH } else { "/graphql" })
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
