//! Health checks for load balancers and supervisors.

use super::App;
use axum::{extract::State, http::StatusCode};
use service::{Error, blobs::verify};
use std::{sync::Arc, time::Duration};

/// How long the check of the file store may take. Health checks must answer quickly.
const PATIENCE: Duration = Duration::from_secs(1);

/// The process answers.
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// The server is not stopping, its database answers and can store changes, its migrations are
/// current, and its files are in the right place. A file store that does not answer does not count:
/// otherwise all servers would be out at once, and memos work without files.
pub(super) async fn readyz(State(app): State<Arc<App>>) -> (StatusCode, &'static str) {
    if app.end.draining.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "not ready: the server is about to stop\n");
    }
    match app.services.database.pending_migrations().await {
        // Migrations of a newer version do not count: both versions serve until the newer one has
        // replaced this one.
        Ok(pending) if pending.is_empty() => match app.services.database.try_to_write().await {
            Ok(()) => files(&app).await,
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

async fn files(app: &App) -> (StatusCode, &'static str) {
    match tokio::time::timeout(PATIENCE, verify(&app.services, &app.file_store)).await {
        Ok(Err(Error::FileStoreLost(problem))) => {
            tracing::error!(problem, "not ready: the file store is another one");
            return (
                StatusCode::SERVICE_UNAVAILABLE,
                "not ready: the file store is not the right one\n",
            );
        }
        Ok(Err(error)) => tracing::warn!(%error, "the file store cannot be used"),
        Err(_) => tracing::warn!("the file store does not answer within {PATIENCE:?}"),
        Ok(Ok(())) => {}
    }
    (StatusCode::OK, "ready\n")
}
