//! Metrics that are read when they are fetched: the database's pool and the outbox.

use super::labels;
use chrono::{DateTime, Utc};
use prometheus_client::{
    metrics::{family::Family, gauge::Gauge},
    registry::Registry,
};
use service::{
    Services, ledger,
    mail::{self, Waiting},
    observed_time,
};
use std::time::Duration;

/// How long the database may take. Metrics matter most when the database does not answer.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug, Clone, Default)]
pub(super) struct State {
    up: Gauge,
    connections: Family<labels::Connections, Gauge>,
    most_connections: Gauge,
    waiting_mails: Gauge,
    longest_wait: Gauge,
    unseen: Gauge,
    ledger_waiting: Gauge,
    ledger_lag: Gauge,
    ledger_missing: Gauge,
    standby_used: Gauge,
    standby_lag: Gauge,
}

impl State {
    pub(super) fn register(&self, registry: &mut Registry) {
        let Self { up, connections, most_connections, waiting_mails, longest_wait, unseen, .. } =
            self.clone();
        registry.register("database_up", "Whether the database answered this request", up);
        let help = "Connections to the database: busy, idle";
        registry.register("database_connections", help, connections);
        registry.register(
            "database_connections_max",
            "Maximum number of connections to the database",
            most_connections,
        );
        let help = "Unsent mails in the outbox; all servers of a database report the same number";
        registry.register("outbox_mails", help, waiting_mails);
        let help = "How long the oldest unsent mail has waited";
        registry.register("outbox_oldest_seconds", help, longest_wait);
        let help = "How far the clock is ahead of the time that servers have seen. Earlier \
            deletions are erased that much later";
        registry.register("clock_unseen_seconds", help, unseen);
        let Self { standby_used, standby_lag, .. } = self.clone();
        registry.register(
            "standby_used",
            "Whether the standby answers reads; 0 without read-database-url",
            standby_used,
        );
        registry.register(
            "standby_lag_bytes",
            "By how many bytes of the log the standby was behind when a read last waited for it",
            standby_lag,
        );
        let Self { ledger_waiting, ledger_lag, ledger_missing, .. } = self.clone();
        registry.register(
            "ledger_waiting",
            "Deletions, restores and purges that are not yet in the ledger",
            ledger_waiting,
        );
        let help = "How long the oldest of them has waited";
        registry.register("ledger_lag_seconds", help, ledger_lag);
        let help = "What the ledger knows and the database lacks, because the database is older";
        registry.register("ledger_missing", help, ledger_missing);
    }

    /// Reads them.
    pub(super) async fn refresh(&self, services: &Services) {
        let pool = services.database.pool();
        for (state, number) in [("busy", pool.busy), ("idle", pool.idle)] {
            self.connections.get_or_create(&labels::Connections { state }).set(number.into());
        }
        self.most_connections.set(pool.most.into());
        if let Some(standby) = services.database.standby() {
            self.standby_used.set(standby.is_used.into());
            self.standby_lag.set(standby.lag.try_into().unwrap_or(i64::MAX));
        }
        let asked = async {
            Ok::<_, service::Error>((
                mail::waiting(services).await?,
                observed_time::unseen(&services.database).await?,
                ledger::status(&services.database).await?,
            ))
        };
        let problem = match tokio::time::timeout(PATIENCE, asked).await {
            Ok(Ok((Waiting { mails, since }, unseen, ledger))) => {
                let waited = |since: Option<DateTime<Utc>>| {
                    since.map_or(0, |since| (services.now() - since).num_seconds().max(0))
                };
                self.ledger_waiting.set(ledger.map_or(0, |ledger| ledger.waiting));
                self.ledger_missing.set(ledger.map_or(0, |ledger| ledger.missing));
                self.ledger_lag.set(waited(ledger.and_then(|ledger| ledger.waiting_since)));
                self.unseen.set(unseen.num_seconds());
                self.up.set(1);
                self.waiting_mails.set(mails);
                self.longest_wait.set(waited(since));
                return;
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("the database does not answer within {PATIENCE:?}"),
        };
        self.up.set(0);
        tracing::warn!(problem, "the metrics in the database could not be read");
    }
}
