//! Sends operations, a given number at a time, for a given time, and measures.

use crate::{
    Result,
    gauge::{Gauge, Reading},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// How long a load may last that ends by itself.
const LONGEST: Duration = Duration::from_secs(600);

/// One of several that work at the same time, each on its own connection.
pub(crate) trait Worker: Send + 'static {
    /// Does the operation of that number. `false` if there is none.
    fn run(&mut self, number: usize) -> impl Future<Output = Result<bool>> + Send;
}

/// What a load measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured {
    pub(crate) operations: usize,
    pub(crate) elapsed: Duration,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
    /// Milliseconds of processor time per operation.
    pub(crate) cpu: Option<Reading>,
}

impl Measured {
    /// Operations per second.
    #[expect(clippy::cast_precision_loss, reason = "numbers of operations are small")]
    pub(crate) fn rate(&self) -> f64 {
        self.operations as f64 / self.elapsed.as_secs_f64()
    }
}

/// Warms up for a quarter of the time, then measures.
///
/// # Errors
/// The first error of an operation; or no operation was left to measure.
pub(crate) async fn run(
    workers: Vec<impl Worker>,
    gauge: &Gauge,
    time: Duration,
) -> Result<Measured> {
    let next = Arc::default();
    let (workers, _) = send(workers, &next, time / 4).await?;
    let before = gauge.read();
    let begun = Instant::now();
    let (_, mut latencies) = send(workers, &next, time).await?;
    let elapsed = begun.elapsed();
    let after = gauge.read();
    if latencies.is_empty() {
        return Err("no operation was left to measure: give more memos or less time".into());
    }
    latencies.sort_unstable();
    let percentile = |percent: usize| {
        latencies.get(latencies.len() * percent / 100).copied().unwrap_or_default()
    };
    let operations = latencies.len();
    Ok(Measured {
        operations,
        elapsed,
        p50: percentile(50),
        p99: percentile(99),
        cpu: before.zip(after).map(|(before, after)| after.since(before, operations)),
    })
}

/// Runs all operations, for a load that ends by itself.
///
/// # Errors
/// The first error of an operation.
pub(crate) async fn all(workers: Vec<impl Worker>) -> Result<()> {
    send(workers, &Arc::default(), LONGEST).await?;
    Ok(())
}

/// Runs operations until the time is over. Returns the workers, and how long each operation took.
async fn send<W: Worker>(
    workers: Vec<W>,
    next: &Arc<AtomicUsize>,
    time: Duration,
) -> Result<(Vec<W>, Vec<Duration>)> {
    let end = Instant::now() + time;
    let mut loops = JoinSet::new();
    for mut worker in workers {
        let next = next.clone();
        loops.spawn(async move {
            let mut latencies = Vec::new();
            loop {
                let begun = Instant::now();
                if begun >= end || !worker.run(next.fetch_add(1, Ordering::Relaxed)).await? {
                    return Ok::<_, Box<dyn std::error::Error + Send + Sync>>((worker, latencies));
                }
                latencies.push(begun.elapsed());
            }
        });
    }
    let (mut workers, mut latencies) = (Vec::new(), Vec::new());
    while let Some(done) = loops.join_next().await {
        let (worker, mut its) = done??;
        workers.push(worker);
        latencies.append(&mut its);
    }
    Ok((workers, latencies))
}
