//! `GET /metrics`

use super::{Shutdown, serve};
use crate::{metrics::Metrics, settings::ClientLimits};
use axum::{
    Router,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::get,
};
use service::Services;
use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;

/// The format: [OpenMetrics](https://prometheus.io/docs/specs/om/open_metrics_spec/), which
/// Prometheus also reads.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Most connections to the metrics port: a few collectors, and a person who looks.
const MAX_CONNECTIONS: usize = 50;

/// The routes of the metrics port.
pub(crate) fn router(metrics: Metrics, services: Services) -> Router {
    Router::new().route("/metrics", get(page)).with_state((metrics, services))
}

/// Serves metrics until the returned guard is dropped. The server drops it last, so that its own
/// shutdown can be observed.
pub(crate) fn start(listener: TcpListener, routes: Router) -> AbortOnDropHandle<()> {
    let limits = ClientLimits { max_connections: MAX_CONNECTIONS, ..ClientLimits::default() };
    AbortOnDropHandle::new(tokio::spawn(async move {
        let never = Shutdown::default();
        serve(listener, routes, limits, Metrics::default(), never.end()).await;
    }))
}

async fn page(State((metrics, services)): State<(Metrics, Services)>) -> Response {
    match metrics.text(&services).await {
        Ok(text) => ([(CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "metrics cannot be encoded");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
