//! The background work of a server: repeated jobs, and jobs that run as long as the server.

use crate::metrics::{Metrics, Work};
use futures_util::FutureExt;
use service::Result;
use std::{future::Future, panic::AssertUnwindSafe, time::Duration};
use tokio::{task::JoinSet, time::MissedTickBehavior};
use tokio_util::sync::CancellationToken;

/// The pause before a job starts again, so that a job that always panics does not fill the log.
const AFTER_A_PANIC: Duration = Duration::from_secs(1);

/// The running jobs of a server. All of them end when `stopped` is cancelled.
#[derive(Debug)]
pub(crate) struct Jobs {
    running: JoinSet<()>,
    metrics: Metrics,
    stopped: CancellationToken,
}

impl Jobs {
    /// Starts without jobs.
    pub(crate) fn new(metrics: Metrics, stopped: CancellationToken) -> Self {
        Self { running: JoinSet::new(), metrics, stopped }
    }

    /// Runs the work now, and then at each interval. A failure is logged, and the next interval
    /// tries again.
    pub(crate) fn repeat<F, T>(
        &mut self,
        name: &'static str,
        every: Duration,
        mut work: impl FnMut() -> F + Send + 'static,
    ) where
        F: Future<Output = Result<T>> + Send,
        T: Send,
    {
        let (metrics, stopped) = (self.metrics.clone(), self.stopped.clone());
        self.running.spawn(async move {
            let mut ticks = tokio::time::interval(every);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    _ = ticks.tick() => {}
                    () = stopped.cancelled() => return,
                }
                match AssertUnwindSafe(work()).catch_unwind().await {
                    Ok(Ok(_)) => metrics.job(name, Work::Done),
                    Ok(Err(error)) => {
                        metrics.job(name, Work::Failed);
                        tracing::error!(
                            job = name,
                            %error,
                            "failed; the next run tries again"
                        );
                    }
                    Err(_) => {
                        metrics.job(name, Work::Panicked);
                        tracing::error!(job = name, "panicked; the next run tries again");
                    }
                }
            }
        });
    }

    /// Runs the work until the server stops. The work gets the signal and ends itself. If it
    /// panics, it starts again.
    pub(crate) fn run<F>(
        &mut self,
        name: &'static str,
        work: impl Fn(CancellationToken) -> F + Send + 'static,
    ) where
        F: Future<Output = ()> + Send,
    {
        let (metrics, stopped) = (self.metrics.clone(), self.stopped.clone());
        self.running.spawn(async move {
            while AssertUnwindSafe(work(stopped.clone())).catch_unwind().await.is_err() {
                metrics.job(name, Work::Panicked);
                tracing::error!(job = name, "panicked; it starts again");
                tokio::time::sleep(AFTER_A_PANIC).await;
            }
        });
    }

    /// Waits until all jobs have ended.
    pub(crate) async fn end(mut self) {
        while let Some(ended) = self.running.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a job broke");
            }
        }
    }
}
