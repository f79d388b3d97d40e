//! The demonstration office: a small furniture maker with its people, memos and work.
//!
//! It is written in three steps, since a file's bytes cannot be part of a transaction. First come
//! the people, who cannot sign in yet, then the files. The last transaction writes the rest and
//! activates the people. After an interruption, the next call continues. The office is never open
//! while it is incomplete.
//!
//! The tables in `people`, `catalogues`, `files` and `memos` describe its content. `rows` turns
//! them into rows of the database.

mod catalogues;
mod files;
mod memos;
mod people;
mod rows;

use crate::{
    Error, Result, Services, blobs::FileStore, clock::ManualClock, database::in_transaction,
};
use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use rows::Rows;
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// Ids by the names that the tables use.
type Ids = HashMap<&'static str, Uuid>;

/// Fills an empty database with the office, or continues after an interruption. Returns whether it
/// did. If there are other people, or the office is complete, nothing changes.
///
/// # Errors
/// Returns errors of the database or the file store.
pub async fn furnish(services: &Services, file_store: &FileStore) -> Result<bool> {
    let services = &at(services, services.now());
    let Some(people) = people::employ(services).await? else { return Ok(false) };
    let memos = memos::all(services.now());
    let files = files::store_all(services, file_store, &people, &memos).await?;
    let rows = Rows::of(services, &people, &files, &memos)?;
    let furnished = in_transaction(&services.database, async |transaction| -> Result<_> {
        // Another process may be faster. The process that activates the people writes the rest.
        let first = people::let_in(transaction, &people).await?;
        if first {
            rows.insert(transaction).await?;
        }
        files::discard_unused(transaction, &people, services.now()).await?;
        Ok(first)
    })
    .await?;
    if furnished {
        tracing::info!(
            people = people.len(),
            memos = memos.len(),
            files = files.len(),
            "demonstration office furnished"
        );
    }
    Ok(furnished)
}

/// The services with the clock at this time.
fn at(services: &Services, moment: DateTime<Utc>) -> Services {
    Services { clock: Arc::new(ManualClock::new(moment)), ..services.clone() }
}

/// Eight o'clock on a day in the past.
fn morning(now: DateTime<Utc>, days_ago: i64) -> DateTime<Utc> {
    let midnight = now.duration_trunc(TimeDelta::days(1)).unwrap_or(now);
    midnight - TimeDelta::days(days_ago) + TimeDelta::hours(8)
}

fn find(ids: &Ids, name: &str) -> Result<Uuid> {
    ids.get(name)
        .copied()
        .ok_or_else(|| Error::Inconsistent(format!("the demonstration office has no {name:?}")))
}
