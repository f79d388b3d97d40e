//! Sends a scenario's requests, a given number at a time, and measures.

use crate::{
    Result,
    cpu::{Gauge, Reading},
    scenarios::{Request, Scenario},
    server::Process,
};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// The measurements of a scenario.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) name: &'static str,
    pub(crate) yardstick: Option<f64>,
    pub(crate) requests: usize,
    pub(crate) elapsed: Duration,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
    /// Milliseconds of processor time per request.
    pub(crate) cpu: Option<Reading>,
}

/// Warms up, then measures.
///
/// # Errors
/// The first unexpected answer.
pub(crate) async fn run(
    scenario: &Scenario,
    server: &Process,
    gauge: &Gauge,
    connections: usize,
) -> Result<Measured> {
    let client = reqwest::Client::builder().pool_max_idle_per_host(connections).build()?;
    let url = format!("{}/graphql", server.address);
    let send = |requests| send_all(&client, &url, requests, scenario.expected, connections);
    send(scenario.warm_up.clone()).await?;
    let before = gauge.read();
    let begun = Instant::now();
    let mut latencies = send(scenario.measured.clone()).await?;
    let elapsed = begun.elapsed();
    let after = gauge.read();
    latencies.sort_unstable();
    let percentile = |percent: usize| {
        latencies.get(latencies.len() * percent / 100).copied().unwrap_or_default()
    };
    let requests = latencies.len();
    Ok(Measured {
        name: scenario.name,
        yardstick: scenario.yardstick,
        requests,
        elapsed,
        p50: percentile(50),
        p99: percentile(99),
        cpu: before.zip(after).map(|(before, after)| a_request(before, after, requests)),
    })
}

#[expect(clippy::cast_precision_loss, reason = "numbers of requests are small")]
fn a_request(before: Reading, after: Reading, requests: usize) -> Reading {
    let requests = requests.max(1) as f64;
    Reading {
        server: (after.server - before.server) / requests,
        database: before
            .database
            .zip(after.database)
            .map(|(before, after)| (after - before) / requests),
    }
}

/// Sends all requests, and returns their latencies.
async fn send_all(
    client: &reqwest::Client,
    url: &str,
    requests: Arc<[Request]>,
    expected: &'static str,
    connections: usize,
) -> Result<Vec<Duration>> {
    let next = Arc::new(AtomicUsize::new(0));
    let mut loops = JoinSet::new();
    for _ in 0..connections {
        let (client, url, requests, next) =
            (client.clone(), url.to_owned(), requests.clone(), next.clone());
        loops.spawn(async move {
            let mut latencies = Vec::new();
            while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                let begun = Instant::now();
                let answer = client
                    .post(&url)
                    .header(CONTENT_TYPE, "application/json")
                    .header(AUTHORIZATION, request.authorization.as_ref())
                    .body(request.body.clone())
                    .send()
                    .await?
                    .text()
                    .await?;
                latencies.push(begun.elapsed());
                if !answer.contains(expected) || answer.contains("\"errors\":") {
                    return Err(
                        format!("an answer without {expected}, or with errors: {answer}").into()
                    );
                }
            }
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(latencies)
        });
    }
    let mut latencies = Vec::with_capacity(requests.len());
    while let Some(done) = loops.join_next().await {
        latencies.append(&mut done??);
    }
    Ok(latencies)
}
