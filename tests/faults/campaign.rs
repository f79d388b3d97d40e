//! Rounds of a part: people work, something fails and recovers, and everything is compared with the
//! ledger.

use crate::{
    Result, chance::Chance, check, fault::Fault, listener::listen, options::Options, report::Row,
    site::Base, site::Site, work,
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// How many people work at a time.
const WORKERS: usize = 6;
/// Longest time from the end of a fault to the first success on every server.
const RECOVERY: Duration = Duration::from_secs(60);

/// Runs the part to its end, and returns a row for each round.
///
/// # Errors
/// The campaign itself failed.
pub(crate) async fn run(
    site: Arc<Site>,
    options: &Options,
    purpose: u64,
    mut tell: impl FnMut(&Row),
) -> Result<()> {
    let mut chance = Chance::new(options.seed, purpose);
    let mut tasks = JoinSet::new();
    for person in 0..site.people.len() {
        let own = Chance::new(options.seed, purpose * 1_000 + u64::try_from(person)?);
        tasks.spawn(listen(site.clone(), person, own));
    }
    for worker in 0..WORKERS {
        let own = Chance::new(options.seed, purpose * 2_000 + u64::try_from(worker)?);
        tasks.spawn(work::work(site.clone(), own, format!("Memo of worker {worker},")));
    }
    let begun = Instant::now();
    let end = options.minutes.map(|minutes| Duration::from_secs(60 * minutes));
    let mut planned = Vec::new();
    let mut round = 0;
    loop {
        if planned.is_empty() {
            let over = end.map_or(round > 0, |end| begun.elapsed() >= end);
            if over {
                break;
            }
            planned = Fault::of(&site);
            planned.retain(|fault| options.only.is_empty() || options.only.contains(fault));
            chance.shuffle(&mut planned);
        }
        let Some(fault) = planned.pop() else { break };
        if end.is_some_and(|end| begun.elapsed() >= end) {
            break;
        }
        round += 1;
        tell(&one(&site, &mut chance, round, fault).await?);
    }
    check::force(&site).await?;
    check::everything(&site).await?;
    tell(&Row::of(&site, round + 1, "the end, all mails delivered".to_owned(), 0, None));
    tasks.shutdown().await;
    Ok(())
}

async fn one(site: &Site, chance: &mut Chance, round: usize, fault: Fault) -> Result<Row> {
    site.load.send_replace(true);
    tokio::time::sleep(chance.millis(200, 600)).await;
    let kills = fault.happen(site, chance).await?;
    let recovery = recover(site, chance, &format!("After round {round}")).await;
    tokio::time::sleep(chance.millis(200, 500)).await;
    site.pause().await;
    if let Base::Postgres(cluster) = &site.base {
        // After the loss of a primary, an operator creates a new standby.
        cluster.follow().await?;
    }
    check::everything(site).await?;
    if recovery.is_none() {
        site.ledger.violated(format!(
            "no success within {} s after the fault had ended",
            RECOVERY.as_secs()
        ));
    }
    Ok(Row::of(site, round, fault.name(), kills, recovery))
}

/// Time until every server has stored a memo.
async fn recover(site: &Site, chance: &mut Chance, name: &str) -> Option<Duration> {
    let begun = Instant::now();
    for server in 0..site.servers.len() {
        let mut attempt = 0;
        loop {
            attempt += 1;
            let name = format!("{name}, server {server}, attempt {attempt}");
            if work::write(site, chance, server, &name).await.is_some() {
                break;
            }
            if begun.elapsed() > RECOVERY {
                return None;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    Some(begun.elapsed())
}
