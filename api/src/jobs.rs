//! What a server does beside answering: work that is repeated, and work that runs as long as the server does.

use service::Result;
use std::{future::Future, time::Duration};
use tokio::{sync::watch, task::JoinSet, time::MissedTickBehavior};

/// The running jobs of a server. All of them end when `stopped` changes or its sender is gone.
#[derive(Debug)]
pub(crate) struct Jobs {
    running: JoinSet<()>,
    stopped: watch::Receiver<()>,
}

impl Jobs {
    /// None yet.
    pub(crate) fn new(stopped: watch::Receiver<()>) -> Self {
        Self { running: JoinSet::new(), stopped }
    }

    /// Does the work now and then again and again. A failure is logged, and the next time tries again.
    pub(crate) fn repeat<F, T>(
        &mut self,
        name: &'static str,
        every: Duration,
        mut work: impl FnMut() -> F + Send + 'static,
    ) where
        F: Future<Output = Result<T>> + Send,
        T: Send,
    {
        let mut stopped = self.stopped.clone();
        self.running.spawn(async move {
            let mut ticks = tokio::time::interval(every);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    _ = ticks.tick() => {}
                    _ = stopped.changed() => return,
                }
                if let Err(error) = work().await {
                    tracing::error!(job = name, %error, "failed; it will be tried again at the next time");
                }
            }
        });
    }

    #[expect(dead_code, reason = "the outbox and the events run so")]
    /// Runs the work until the server stops. The work gets the signal, and ends itself.
    pub(crate) fn run<F>(&mut self, work: impl FnOnce(watch::Receiver<()>) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.running.spawn(work(self.stopped.clone()));
    }

    /// Waits until all have ended.
    pub(crate) async fn end(mut self) {
        while let Some(ended) = self.running.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a job broke");
            }
        }
    }
}
