//! Compares what is stored with what people remember.

mod consistency;
mod events;
mod files;
mod mails;
mod memos;
mod stored;

use crate::{
    Result, rows,
    site::{Base, Site},
};
use service::database::Database;
use std::time::{Duration, Instant};

pub(crate) use mails::force;

/// Longest time until all work has ended. A server finishes work for which no client waits.
const QUIET: Duration = Duration::from_secs(90);

/// Waits until all work has ended, then checks everything. The ledger records violations.
///
/// # Errors
/// Something could not be checked.
pub(crate) async fn everything(site: &Site) -> Result<()> {
    for (number, server) in site.servers.iter().enumerate() {
        if let Some(status) = server.crashed().await? {
            site.ledger.violated(format!("server {} ended by itself: {status}", number + 1));
        }
    }
    let database = site.stored().await?;
    if !is_quiet(site, &database).await? {
        site.ledger.violated("some work never ends, or events do not get their positions");
    }
    consistency::check(site, &database).await?;
    let stored = stored::Stored::read(&database).await?;
    memos::check(site, &stored);
    events::check(site, &database, &stored).await?;
    files::check(site, &database, &stored).await?;
    mails::check(site, &database).await?;
    memos::ask(site, &stored).await;
    Ok(database.close().await?)
}

/// Whether all work has ended and all events have their positions.
async fn is_quiet(site: &Site, database: &Database) -> Result<bool> {
    let begun = Instant::now();
    let mut before = Vec::new();
    while begun.elapsed() < QUIET {
        let at_work = match &site.base {
            Base::Postgres(cluster) => cluster.at_work(database).await?,
            Base::Sqlite(..) => 0,
        };
        let mut now = vec![at_work];
        for what in [
            "memo_events WHERE position IS NULL",
            "memo_events",
            "memos",
            "deleted_memos",
            "files",
            "blobs",
            "mails WHERE sent_at IS NULL",
        ] {
            now.push(rows::number(database, format!("SELECT count(*) AS n FROM {what}")).await?);
        }
        if now == before && now.starts_with(&[0, 0]) {
            return Ok(true);
        }
        before = now;
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    Ok(false)
}
