//! The running server: its listener, its schedule, its end.

use crate::{
    auth::TokenKeys,
    http::{self, Limits},
};
use axum::Router;
use service::{Services, memo_deletion};
use std::{future::Future, net::SocketAddr, time::Duration};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

/// Longest wait for the database after the last request has ended.
const CLOSING: Duration = Duration::from_secs(2);

/// What a server needs.
#[derive(Debug, Clone)]
pub struct ServerConfig {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// What it does.
    pub services: Services,
    /// How people sign in.
    pub keys: TokenKeys,
    /// What a request may cost.
    pub limits: Limits,
    /// How often what can no longer be restored is purged; `None` for never.
    pub purge_every: Option<Duration>,
}

/// A server that listens and has not begun to answer.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    config: ServerConfig,
}

impl Server {
    /// Takes the port.
    ///
    /// # Errors
    /// What the operating system answers, for example that the port is taken.
    pub async fn bind(config: ServerConfig) -> std::io::Result<Self> {
        let listener = TcpListener::bind(config.listen).await?;
        let address = listener.local_addr()?;
        let router = http::router(config.services.clone(), config.keys.clone(), config.limits.clone());
        Ok(Self { listener, address, router, config })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `shutdown` completes; then takes no new connection, finishes what is running, for at most the time that the limits allow,
    /// and closes the database.
    ///
    /// # Errors
    /// What the operating system answers.
    pub async fn run(self, shutdown: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
        let (stop, stopped) = watch::channel(());
        let schedule = self
            .config
            .purge_every
            .map(|every| tokio::spawn(purge(self.config.services.clone(), every, stopped.clone())));
        let mut stopping = stopped.clone();
        let serving = axum::serve(self.listener, self.router)
            .with_graceful_shutdown(async move {
                // The sender's end is the signal as well.
                let _ = stopping.changed().await;
            })
            .into_future();
        let mut serving = std::pin::pin!(serving);
        tokio::select! {
            result = &mut serving => return result,
            () = shutdown => tracing::info!("stopping: no new connections; what is running will be finished"),
        }
        drop(stop);
        let grace = self.config.limits.shutdown_timeout;
        match tokio::time::timeout(grace, serving).await {
            Ok(result) => result?,
            Err(_) => {
                tracing::warn!(
                    seconds = grace.as_secs(),
                    "stopped although some requests were still running"
                );
            }
        }
        if tokio::time::timeout(CLOSING, close(schedule, self.config.services)).await.is_err() {
            tracing::warn!(
                "stopped although the database was still busy; what was not committed did not happen"
            );
        }
        tracing::info!("stopped");
        Ok(())
    }
}

/// Ends the schedule and closes the database.
async fn close(schedule: Option<JoinHandle<()>>, services: Services) {
    if let Some(schedule) = schedule
        && let Err(error) = schedule.await
    {
        tracing::error!(%error, "the schedule of purges broke");
    }
    if let Err(error) = services.database.close().await {
        tracing::error!(%error, "the database was not closed cleanly");
    }
}

/// Purges on a schedule, the first time at once.
async fn purge(services: Services, every: Duration, mut stopped: watch::Receiver<()>) {
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stopped.changed() => return,
        }
        if let Err(error) = memo_deletion::purge(&services).await {
            tracing::error!(%error, "purge failed; it will be tried again at the next time");
        }
    }
}
