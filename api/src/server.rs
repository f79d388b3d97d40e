//! The running server: its listener, its schedule, its end.

use crate::{
    auth::{SignIn, SignInSettings, TokenKeys},
    backend::Backend,
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
    discussion,
    events::{self, Feed},
    files,
    mail::{self, Mailer},
    memo_deletion, memos,
    observed_time::TimeObserver,
};
use std::{future::Future, net::SocketAddr, sync::Arc, time::Duration};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Longest wait for the database after the last request and the last job have ended.
const CLOSING: Duration = Duration::from_secs(2);

/// How many memos that others wrote are indexed at a time: of a large import, so many each time
/// that people do not notice.
const INDEXED_AT_ONCE: usize = 1_000;

/// How often SQLite's write-ahead log is emptied.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(300);

/// What a server needs.
#[derive(Debug, Clone)]
pub struct ServerConfig {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// What it works with.
    pub backend: Backend,
    /// How people sign in.
    pub keys: TokenKeys,
    /// How else.
    pub sign_in: SignInSettings,
    /// What a request may cost.
    pub limits: Limits,
    /// What it does by itself, and how long it keeps things.
    pub schedule: Schedule,
    /// How often the server notes how much time it has seen pass; never, if `None`.
    pub observes_time_every: Option<Duration>,
    /// How often memos that other programs wrote are indexed for search; never, if `None`.
    pub indexes_every: Option<Duration>,
    /// How mail is delivered; `None` where none is.
    pub mailer: Option<Mailer>,
}

/// A server that listens and has not begun to answer.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    config: ServerConfig,
    feed: Feed,
    registry: SessionRegistry,
    metrics: Metrics,
    metrics_listener: Option<TcpListener>,
    ending: Shutdown,
}

impl Server {
    /// Takes the port. What the server counts is told at the other one, if there is one.
    ///
    /// # Errors
    /// What the operating system answers, for example that the port is taken; or that a provider's
    /// keys could never be fetched.
    pub async fn bind(
        mut config: ServerConfig,
        metrics_listener: Option<TcpListener>,
    ) -> std::io::Result<Self> {
        let sign_in =
            SignIn::new(config.keys.clone(), &config.sign_in).map_err(std::io::Error::other)?;
        let listener = TcpListener::bind(config.listen).await?;
        let address = listener.local_addr()?;
        let (feed, registry, metrics) =
            (Feed::default(), SessionRegistry::default(), Metrics::default());
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
            feed.clone(),
            registry.clone(),
            metrics.clone(),
            ending.end(),
        );
        Ok(Self {
            listener,
            address,
            router,
            config,
            feed,
            registry,
            metrics,
            metrics_listener,
            ending,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `shutdown` completes; then drains, takes no new connection, finishes what is
    /// running, for at most the times that the limits allow, and closes the database. `force` ends
    /// the draining.
    ///
    /// # Errors
    /// What the operating system answers.
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
            self.feed,
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
                "draining: everything is answered, but /readyz tells proxies to send nobody here"
            );
            tokio::select! {
                () = &mut serving => return Ok(()),
                () = tokio::time::sleep(drain) => {}
                () = force => tracing::info!("draining ends early"),
            }
        }
        tracing::info!("stopping: no new connections; what is running will be finished");
        drop(ending);
        let grace = self.config.limits.shutdown_timeout;
        let finished = async {
            serving.await;
            // What a job has in hand is finished as a request is: a mail server may take its time.
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
                "stopped although the database was still busy; what was not committed did not \
                 happen"
            );
        }
        tracing::info!("stopped");
        Ok(())
    }
}

/// Everything that the server does beside answering.
fn jobs(
    config: &ServerConfig,
    feed: Feed,
    registry: SessionRegistry,
    metrics: Metrics,
    stopped: CancellationToken,
) -> Jobs {
    let mut jobs = Jobs::new(metrics, stopped);
    let Backend { services, file_store, deletion } = config.backend.clone();
    let time = Arc::new(TimeObserver::new(deletion.restorable_for));
    let signals = Signals::default();
    let (heard, database) = (signals.clone(), services.database.clone());
    jobs.run("signals", move |stopped| heard.clone().run(database.clone(), stopped));
    let (heard, present) = (signals.clone(), services.clone());
    jobs.run("sign-ins", move |stopped| {
        registry.clone().run(present.clone(), heard.clone(), stopped)
    });
    let present = services.clone();
    jobs.run("events", move |stopped| feed.clone().run(present.clone(), signals.clone(), stopped));
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
                events::purge(&services, observed, events_kept_for).await?;
                mail::purge(&services, observed).await?;
                // Last, as it waits for the file store.
                memo_deletion::purge(&services, &file_store, observed).await
            }
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
