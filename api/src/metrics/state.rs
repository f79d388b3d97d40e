//! What is not counted as it happens but asked for when metrics are fetched: the database's pool and the outbox.

use super::labels;
use prometheus_client::{
    metrics::{family::Family, gauge::Gauge},
    registry::Registry,
};
use service::{
    Services,
    mail::{self, Waiting},
};
use std::time::Duration;

/// How long the database may take. Whoever fetches metrics wants them above all when it does not answer.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug, Clone, Default)]
pub(super) struct State {
    up: Gauge,
    connections: Family<labels::Connections, Gauge>,
    most_connections: Gauge,
    waiting_mails: Gauge,
    longest_wait: Gauge,
}

impl State {
    pub(super) fn register(&self, registry: &mut Registry) {
        let Self { up, connections, most_connections, waiting_mails, longest_wait } = self.clone();
        registry.register("database_up", "Whether the database answered just now", up);
        let help = "Connections to the database: busy, idle";
        registry.register("database_connections", help, connections);
        registry.register("database_connections_max", "Most connections to the database", most_connections);
        let help =
            "Mails of the outbox that are not sent yet; the same number for every server of a database";
        registry.register("outbox_mails", help, waiting_mails);
        let help = "How long the oldest of them has waited";
        registry.register("outbox_oldest_seconds", help, longest_wait);
    }

    /// Asks.
    pub(super) async fn refresh(&self, services: &Services) {
        let pool = services.database.pool();
        for (state, number) in [("busy", pool.busy), ("idle", pool.idle)] {
            self.connections.get_or_create(&labels::Connections { state }).set(number.into());
        }
        self.most_connections.set(pool.most.into());
        let problem = match tokio::time::timeout(PATIENCE, mail::waiting(services)).await {
            Ok(Ok(Waiting { mails, since })) => {
                self.up.set(1);
                self.waiting_mails.set(mails);
                let waited = since.map_or(0, |since| (services.now() - since).num_seconds().max(0));
                self.longest_wait.set(waited);
                return;
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("the database does not answer within {PATIENCE:?}"),
        };
        self.up.set(0);
        tracing::warn!(problem, "the outbox could not be counted");
    }
}
