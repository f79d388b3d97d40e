//! For load balancers and supervisors.

use super::App;
use axum::{extract::State, http::StatusCode};
use std::sync::Arc;

/// The process answers.
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// The server goes on, its database answers and can store changes, and its migrations are current.
pub(super) async fn readyz(State(app): State<Arc<App>>) -> (StatusCode, &'static str) {
    if app.end.is_draining() {
        return (StatusCode::SERVICE_UNAVAILABLE, "not ready: the server is about to stop\n");
    }
    match app.services.database.pending_migrations().await {
        Ok(pending) if pending.is_empty() => match app.services.database.try_to_write().await {
            Ok(()) => (StatusCode::OK, "ready\n"),
            Err(error) => {
                tracing::error!(%error, "not ready: the database stores no changes");
                (StatusCode::SERVICE_UNAVAILABLE, "not ready: the database stores no changes\n")
            }
        },
        Ok(pending) => {
            tracing::warn!(
                pending = pending.join(" "),
                "not ready: migrations are pending; run `memoranda migrate`"
            );
            (StatusCode::SERVICE_UNAVAILABLE, "not ready: migrations are pending\n")
        }
        Err(error) => {
            tracing::error!(%error, "not ready: the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready: the database does not answer\n")
        }
    }
}
