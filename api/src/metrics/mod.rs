//! The metrics of a server. [Prometheus](https://prometheus.io/docs/practices/naming/) fetches them
//! from `/metrics` on a separate port.
//!
//! ```text
//! http/access.rs, jobs.rs, resolvers … ──count──▶ Metrics ──metrics_page.rs──▶ /metrics
//!                             state.rs, process.rs ──asked when fetched──┘
//! ```

mod labels;
mod names;
#[cfg(target_os = "linux")]
mod process;
mod state;

use entity::DeletionVerdict;
use names::Names;
use prometheus_client::{
    encoding::text::encode,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram, info::Info},
    registry::Registry,
};
use service::{
    Services,
    memo_deletion::{Outcome, selection::SelectionOutcome},
};
use state::State;
use std::{fmt, sync::Arc, time::Duration};

/// Upper bounds of durations in seconds: from a read in memory to the default limit of a request.
const DURATIONS: [f64; 12] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

fn durations() -> Histogram {
    Histogram::new(DURATIONS)
}

/// The metrics of one server. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Metrics(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    registry: Registry,
    counted: Counted,
    names: Names,
    state: State,
}

#[derive(Debug)]
struct Counted {
    requests: Family<labels::Request, Counter>,
    request_durations: Family<labels::Route, Histogram>,
    operations: Family<labels::Operation, Counter>,
    operation_durations: Family<labels::Name, Histogram>,
    running: Gauge,
    subscriptions: Family<labels::Transport, Gauge>,
    connections: Gauge,
    turned_away: Counter,
    previews: Family<labels::Verdict, Counter>,
    deletions: Family<labels::Deletion, Counter>,
    statements: Histogram,
    jobs: Family<labels::Job, Counter>,
}

/// The labels of an operation.
pub(crate) struct OperationSample<'a> {
    /// `query`, `mutation`, `subscription`; `none` if the operation could not be read.
    pub(crate) kind: &'static str,
    /// Its name in the document, if it has one.
    pub(crate) name: Option<&'a str>,
    /// Whether the client was signed in.
    pub(crate) signed_in: bool,
    /// `OK`, the code of its first error, or `ABANDONED` if the client did not wait.
    pub(crate) outcome: &'a str,
    /// How long it took; `None` if the client decides how long it lasts.
    pub(crate) took: Option<Duration>,
}

/// How a job's work ended.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Work {
    Done,
    Failed,
    Panicked,
}

/// Counts a thing that lasts, until it is dropped.
#[derive(Debug)]
pub(crate) struct GaugeGuard(Gauge);

impl GaugeGuard {
    fn of(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for GaugeGuard {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let (counted, state) = (Counted::new(), State::default());
        let mut registry = Registry::default();
        #[cfg(target_os = "linux")]
        registry.register_collector(Box::new(process::Process));
        let ours = registry.sub_registry_with_prefix("memoranda");
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        ours.register("build", "The version that runs", version);
        counted.register(ours);
        state.register(ours);
        Self(Arc::new(Shared { registry, counted, names: Names::default(), state }))
    }
}

impl Metrics {
    /// All metrics as text.
    pub(crate) async fn text(&self, services: &Services) -> Result<String, fmt::Error> {
        self.0.state.refresh(services).await;
        let mut text = String::new();
        encode(&mut text, &self.0.registry)?;
        Ok(text)
    }

    /// Counts an answer to a request.
    pub(crate) fn request(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        let route = route.to_owned();
        let labels = labels::Route { route: route.clone() };
        self.0.counted.request_durations.get_or_create(&labels).observe(took.as_secs_f64());
        self.0.counted.requests.get_or_create(&labels::Request { method, route, status }).inc();
    }

    /// Counts an operation that has ended.
    pub(crate) fn operation(&self, ran: &OperationSample<'_>) {
        let kind = ran.kind;
        let operation = self.0.names.counted_as(ran.name, ran.signed_in);
        if let Some(took) = ran.took {
            let labels = labels::Name { kind, operation: operation.clone() };
            self.0.counted.operation_durations.get_or_create(&labels).observe(took.as_secs_f64());
        }
        let labels = labels::Operation { kind, operation, outcome: ran.outcome.to_owned() };
        self.0.counted.operations.get_or_create(&labels).inc();
    }

    /// Counts a running operation, until the returned guard is dropped.
    pub(crate) fn running(&self) -> GaugeGuard {
        GaugeGuard::of(&self.0.counted.running)
    }

    /// Counts an open subscription, until the returned guard is dropped.
    pub(crate) fn subscribed(&self, transport: &'static str) -> GaugeGuard {
        GaugeGuard::of(
            &self.0.counted.subscriptions.get_or_create(&labels::Transport { transport }),
        )
    }

    /// Counts a connected client, until the returned guard is dropped.
    pub(crate) fn connected(&self) -> GaugeGuard {
        GaugeGuard::of(&self.0.counted.connections)
    }

    /// Counts a client that was refused because there are too many.
    pub(crate) fn turned_away(&self) {
        self.0.counted.turned_away.inc();
    }

    /// Counts a preview of a deletion.
    pub(crate) fn preview(&self, verdict: DeletionVerdict) {
        self.0.counted.previews.get_or_create(&labels::Verdict { verdict: verdict.as_str() }).inc();
    }

    /// Counts a requested deletion.
    pub(crate) fn deletion(&self, outcome: &Outcome) {
        self.count_deletion(outcome.verdict(), outcome.as_str());
    }

    /// Counts the deletions of a selection that was refused as a whole.
    pub(crate) fn refused_selection(&self, outcome: &SelectionOutcome) {
        for refused in outcome.refused() {
            let verdict = refused.preview.map(|preview| preview.decision.verdict());
            self.count_deletion(verdict, refused.codes.first().copied().unwrap_or("REFUSED"));
        }
    }

    fn count_deletion(&self, verdict: Option<DeletionVerdict>, outcome: &'static str) {
        let verdict = verdict.map_or("NONE", DeletionVerdict::as_str);
        self.0.counted.deletions.get_or_create(&labels::Deletion { verdict, outcome }).inc();
    }

    /// Counts a statement.
    pub(crate) fn statement(&self, took: Duration) {
        self.0.counted.statements.observe(took.as_secs_f64());
    }

    /// Counts a run of a job.
    pub(crate) fn job(&self, job: &'static str, work: Work) {
        let outcome = match work {
            Work::Done => "OK",
            Work::Failed => "FAILED",
            Work::Panicked => "PANICKED",
        };
        self.0.counted.jobs.get_or_create(&labels::Job { job, outcome }).inc();
    }
}

impl Counted {
    fn new() -> Self {
        Self {
            requests: Family::default(),
            request_durations: Family::new_with_constructor(durations),
            operations: Family::default(),
            operation_durations: Family::new_with_constructor(durations),
            running: Gauge::default(),
            subscriptions: Family::default(),
            connections: Gauge::default(),
            turned_away: Counter::default(),
            previews: Family::default(),
            deletions: Family::default(),
            statements: durations(),
            jobs: Family::default(),
        }
    }

    fn register(&self, registry: &mut Registry) {
        registry.register("http_requests", "Requests answered", self.requests.clone());
        let help = "Time until the answer to a request began";
        registry.register("http_request_duration_seconds", help, self.request_durations.clone());
        let help = "Operations by kind, name and outcome: OK, the code of the first error, or \
            ABANDONED by the client";
        registry.register("operations", help, self.operations.clone());
        let help = "Duration of queries and mutations";
        registry.register("operation_duration_seconds", help, self.operation_durations.clone());
        registry.register(
            "operations_running",
            "Queries and mutations that are running",
            self.running.clone(),
        );
        registry.register("subscriptions", "Open subscriptions", self.subscriptions.clone());
        registry.register("connections", "Connections of clients", self.connections.clone());
        let help = "Client connections that were refused because there were too many";
        registry.register("connections_turned_away", help, self.turned_away.clone());
        registry.register(
            "deletion_previews",
            "Previews of deletions by verdict",
            self.previews.clone(),
        );
        let help = "Requested deletions by verdict and outcome: DELETED, REPLAYED or the reason \
            why not";
        registry.register("deletions", help, self.deletions.clone());
        let help = "Duration of database statements";
        registry.register("database_statement_duration_seconds", help, self.statements.clone());
        registry.register("job_runs", "Runs of the server's background jobs", self.jobs.clone());
    }
}
