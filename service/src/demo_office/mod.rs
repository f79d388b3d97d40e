//! The demonstration office: a small maker of furniture with its people, memos and work.
//!
//! It is written in three steps, since a file's bytes cannot be part of a transaction: the people,
//! who cannot sign in yet; the files; all the rest, which lets the people in. Whatever interrupts
//! it, the office is either not open yet, and the next call carries on where this one stopped, or
//! complete.
//!
//! The tables in `people`, `catalogues`, `files` and `memos` tell what is in it; `rows` makes rows
//! of the database of them.

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

/// Fills an empty database with the office; carries on with one that was interrupted. Answers
/// whether it did: where there are other people, or where the office is complete, nothing changes.
///
/// # Errors
/// What the database or the file store answers.
pub async fn furnish(services: &Services, file_store: &FileStore) -> Result<bool> {
    let services = &at(services, services.now());
    let Some(people) = people::employ(services).await? else { return Ok(false) };
    let memos = memos::all(services.now());
    let files = files::store_all(services, file_store, &people, &memos).await?;
    let rows = Rows::of(services, &people, &files, &memos)?;
    let furnished = in_transaction(&services.database, async |transaction| -> Result<_> {
        // Another process may have been faster: whoever lets the people in writes the rest.
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

/// The services as of that moment.
fn at(services: &Services, moment: DateTime<Utc>) -> Services {
    Services { clock: Arc::new(ManualClock::new(moment)), ..services.clone() }
}

/// Eight o'clock of a day of the past.
fn morning(now: DateTime<Utc>, days_ago: i64) -> DateTime<Utc> {
    let midnight = now.duration_trunc(TimeDelta::days(1)).unwrap_or(now);
    midnight - TimeDelta::days(days_ago) + TimeDelta::hours(8)
}

fn find(ids: &Ids, name: &str) -> Result<Uuid> {
    ids.get(name)
        .copied()
        .ok_or_else(|| Error::Inconsistent(format!("the demonstration office has no {name:?}")))
}
