//! The running server: its listener, its jobs, its end.

use crate::{
    auth::{DemoPerson, SignIn, SignInSettings, TokenKeys},
    backend::Backend,
    feeds::Feeds,
    http::{self, Limits, Shutdown, metrics_page},
    jobs::Jobs,
    metrics::Metrics,
    settings::Schedule,
    telemetry,
};
use axum::Router;
use service::{
    Services,
    accounts::{self, SessionRegistry},
    database::Signals,
    discussion, events, files, idempotency,
    ledger::{self, Ledger},
    mail::{self, Mailer},
    memo_deletion, memos,
    observed_time::TimeObserver,
    person_erasure,
};
use std::{future::Future, net::SocketAddr, sync::Arc, time::Duration};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Longest wait for the database after the last request and the last job have ended.
const CLOSING: Duration = Duration::from_secs(2);

/// How many memos of other programs are indexed at a time: one portion. A large number of them is
/// indexed slowly, so that people do not notice it. `memoranda migrate` indexes all at once.
const INDEXED_AT_ONCE: usize = 200;

/// How often SQLite's write-ahead log is emptied.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(300);

/// The parts and settings of a server.
#[derive(Debug, Clone)]
pub struct ServerConfig {
    /// Where to listen; port 0 takes a free port.
    pub listen: SocketAddr,
    /// The parts that it works with.
    pub backend: Backend,
    /// How people sign in.
    pub keys: TokenKeys,
    /// All other settings.
    pub sign_in: SignInSettings,
    /// The limits of a request.
    pub limits: Limits,
    /// What it does on a schedule, and how long it keeps data.
    pub schedule: Schedule,
    /// How often the server records the time that it has seen; `None` for never.
    pub observes_time_every: Option<Duration>,
    /// How often memos of other programs are indexed for search; `None` for never.
    pub indexes_every: Option<Duration>,
    /// How mail is delivered; `None` if no mail is sent.
    pub mailer: Option<Mailer>,
    /// Where deletions are also noted; `None` for nowhere.
    pub ledger: Option<Ledger>,
    /// The people of a demonstration; empty for every other server.
    pub demo_people: Vec<DemoPerson>,
}

/// A server that listens but does not answer yet.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    config: ServerConfig,
    feeds: Feeds,
    registry: SessionRegistry,
    metrics: Metrics,
    metrics_listener: Option<TcpListener>,
    ending: Shutdown,
}

impl Server {
    /// Binds the port, and the port for metrics if there is one.
    ///
    /// # Errors
    /// The error of the operating system, for example because the port is taken; or a provider's
    /// keys could never be fetched.
    pub async fn bind(
        mut config: ServerConfig,
        metrics_listener: Option<TcpListener>,
    ) -> std::io::Result<Self> {
        let demo_people = config.demo_people.clone();
        let sign_in = SignIn::new(config.keys.clone(), &config.sign_in, demo_people)
            .map_err(std::io::Error::other)?;
        let listener = TcpListener::bind(config.listen).await?;
        let address = listener.local_addr()?;
        let (feeds, registry, metrics) =
            (Feeds::default(), SessionRegistry::default(), Metrics::default());
        if metrics_listener.is_some() || telemetry::is_on() {
            let metrics = metrics.clone();
            let database = config.backend.services.database.clone();
            config.backend.services.database = database.observed(move |info| {
                metrics.statement(info.elapsed);
                telemetry::statement(&info.statement.sql, info.elapsed, info.failed);
            });
        }
        let ending = Shutdown::default();
        let router = http::router(
            config.backend.clone(),
            sign_in,
            config.limits.clone(),
            feeds.clone(),
            registry.clone(),
            metrics.clone(),
            ending.end(),
        );
        Ok(Self {
            listener,
            address,
            router,
            config,
            feeds,
            registry,
            metrics,
            metrics_listener,
            ending,
        })
    }

    /// The address on which it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `shutdown` completes. Then it drains, accepts no new connections, finishes
    /// running requests within the configured times, and closes the database. `force` ends the
    /// draining.
    ///
    /// # Errors
    /// The error of the operating system.
    pub async fn run(
        self,
        shutdown: impl Future<Output = ()> + Send + 'static,
        force: impl Future<Output = ()> + Send + 'static,
    ) -> std::io::Result<()> {
        let ending = self.ending;
        let end = ending.end();
        let _metrics = self.metrics_listener.map(|listener| {
            let services = self.config.backend.services.clone();
            metrics_page::start(listener, metrics_page::router(self.metrics.clone(), services))
        });
        let jobs = jobs(
            &self.config,
            self.feeds,
            self.registry,
            self.metrics.clone(),
            end.stopping.clone(),
        );
        let clients = self.config.limits.clients.clone();
        let serving = http::serve(self.listener, self.router, clients, self.metrics.clone(), end);
        let mut serving = std::pin::pin!(serving);
        tokio::select! {
            () = &mut serving => return Ok(()),
            () = shutdown => ending.drain(),
        }
        let drain = self.config.limits.drain;
        if !drain.is_zero() {
            tracing::info!(
                seconds = drain.as_secs(),
                "draining: requests are still answered, but /readyz answers 503, so that proxies \
                 send no more clients"
            );
            tokio::select! {
                () = &mut serving => return Ok(()),
                () = tokio::time::sleep(drain) => {}
                () = force => tracing::info!("draining ends early"),
            }
        }
        tracing::info!("stopping: no new connections; running requests will be finished");
        drop(ending);
        let grace = self.config.limits.shutdown_timeout;
        let finished = async {
            serving.await;
            // A job may finish its current work, as a request may: a mail server may take its time.
            jobs.end().await;
        };
        if tokio::time::timeout(grace, finished).await.is_err() {
            tracing::warn!(
                seconds = grace.as_secs(),
                "stopped although some requests or jobs were still running"
            );
        }
        if tokio::time::timeout(CLOSING, close(self.config.backend.services)).await.is_err() {
            tracing::warn!(
                "stopped although the database was still busy; uncommitted changes did not happen"
            );
        }
        tracing::info!("stopped");
        Ok(())
    }
}

/// All background jobs of the server.
fn jobs(
    config: &ServerConfig,
    feeds: Feeds,
    registry: SessionRegistry,
    metrics: Metrics,
    stopped: CancellationToken,
) -> Jobs {
    let mut jobs = Jobs::new(metrics, stopped);
    let Backend { services, file_store, deletion } = config.backend.clone();
    let time = Arc::new(TimeObserver::new(deletion.restorable_for));
    let signals = Signals::default();
    if services.database.standby().is_some() {
        let database = services.database.clone();
        jobs.run("standby", move |stopped| database.clone().watch_standby(stopped));
    }
    let (heard, database) = (signals.clone(), services.database.clone());
    jobs.run("signals", move |stopped| heard.clone().run(database.clone(), stopped));
    let (heard, present) = (signals.clone(), services.clone());
    jobs.run("sign-ins", move |stopped| {
        registry.clone().run(present.clone(), heard.clone(), stopped)
    });
    let present = services.clone();
    let (heard, events) = (signals.clone(), feeds.events);
    jobs.run("events", move |stopped| events.clone().run(present.clone(), heard.clone(), stopped));
    let (present, heard, notifications) = (services.clone(), signals.clone(), feeds.notifications);
    jobs.run("notifications", move |stopped| {
        notifications.clone().run(present.clone(), heard.clone(), stopped)
    });
    if let Some(ledger) = config.ledger.clone() {
        let services = services.clone();
        jobs.run("ledger", move |stopped| {
            ledger::run(ledger.clone(), services.clone(), signals.clone(), stopped)
        });
    }
    if let Some(every) = config.observes_time_every {
        let (services, time) = (services.clone(), time.clone());
        jobs.repeat("clock", every, move || {
            let (services, time) = (services.clone(), time.clone());
            async move { time.observe(&services).await }
        });
    }
    if config.backend.services.database.has_checkpoints() {
        let services = services.clone();
        jobs.repeat("checkpoint", CHECKPOINT_EVERY, move || {
            let services = services.clone();
            async move { services.database.checkpoint().await }
        });
    }
    if let Some(every) = config.indexes_every {
        let services = services.clone();
        jobs.repeat("search index", every, move || {
            let services = services.clone();
            async move { memos::index_stale(&services.database, Some(INDEXED_AT_ONCE)).await }
        });
    }
    if let Some(every) = config.schedule.purge_every {
        let parts = (services.clone(), file_store.clone(), time.clone());
        let events_kept_for = config.schedule.events_kept_for;
        jobs.repeat("purge", every, move || {
            let (services, file_store, time) = parts.clone();
            async move {
                let observed = time.observe(&services).await?;
                accounts::purge(&services, observed).await?;
                idempotency::purge(&services, observed).await?;
                events::purge(&services, observed, events_kept_for).await?;
                mail::purge(&services, observed).await?;
                // The last step, because it waits for the file store.
                memo_deletion::purge(&services, &file_store, observed).await
            }
        });
        let erased = services.clone();
        jobs.repeat("erased people", every, move || {
            let services = erased.clone();
            async move { person_erasure::purge(&services).await }
        });
        let parts = (services.clone(), file_store, time);
        let uploads_kept_for = config.schedule.uploads_kept_for;
        jobs.repeat("uploads", every, move || {
            let (services, file_store, time) = parts.clone();
            async move {
                let observed = time.observe(&services).await?;
                files::purge(&services, &file_store, observed, uploads_kept_for).await
            }
        });
    }
    if let Some(every) = config.schedule.reminders_every {
        let services = services.clone();
        jobs.repeat("reminders", every, move || {
            let services = services.clone();
            async move { discussion::fire_due(&services).await }
        });
    }
    if let Some(mailer) = config.mailer.clone() {
        let services = services.clone();
        jobs.run("mail", move |stopped| mail::run(services.clone(), mailer.clone(), stopped));
    }
    jobs
}

/// Closes the database.
async fn close(services: Services) {
    if let Err(error) = services.database.close().await {
        tracing::error!(%error, "the database was not closed cleanly");
    }
}
