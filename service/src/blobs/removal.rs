//! Removes the bytes that no file has.
//!
//! First one transaction forgets the content and notes its location in `blob_removals`; then,
//! outside any transaction, the store removes the bytes; then the note goes. After a crash between
//! two of these steps the note is still there, and the next pass repeats the rest. Meanwhile the
//! same content can be stored anew: at another location, as long as the note is there.

use super::{FileStore, marker};
use crate::{
    Result, Services,
    database::{in_transaction, sql::statement},
};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::ConnectionTrait;

/// Contents of one transaction.
const BATCH: i64 = 100;

/// For how long a content is kept that somebody has begun to store: its file's row comes last, when
/// the bytes are in place. Longer than the store may take for that.
const CLAIMED: TimeDelta = TimeDelta::hours(1);

const UNUSED: &str = "NOT EXISTS (SELECT 1 FROM files f WHERE f.blob_sha256 = b.sha256) \
    AND coalesce(b.claimed_at, b.created_at) <= $2";

/// Removes the bytes that no file has; answers of how many contents. Several processes may do it at
/// the same time.
///
/// # Errors
/// What the database or the file store answers, or that the store is not the one in which the files
/// are; the next pass does what is left.
pub async fn remove_unused(services: &Services, store: &FileStore) -> Result<u64> {
    let now = services.now();
    let mut after = String::new();
    while let Some(last) = note_batch(services, &after, now).await? {
        after = last;
    }
    let (mut removed, mut after) = (0, String::new());
    while let Some((last, count)) = remove_batch(services, store, &after).await? {
        removed += count;
        after = last;
    }
    Ok(removed)
}

/// Forgets a batch of contents and notes where their bytes lie; answers the last one looked at, or
/// `None` at the end.
async fn note_batch(
    services: &Services,
    after: &str,
    now: DateTime<Utc>,
) -> Result<Option<String>> {
    in_transaction!(services.database, |transaction| {
        let backend = transaction.get_database_backend();
        let list = format!(
            "SELECT b.sha256 FROM blobs b WHERE b.sha256 > $1 AND {UNUSED} ORDER BY b.sha256 LIMIT \
             {BATCH}"
        );
        let before = now - CLAIMED;
        let rows = transaction
            .query_all_raw(statement(backend, list, [after.into(), before.into()]))
            .await?;
        let mut last = None;
        for row in rows {
            let sha256: String = row.try_get("", "sha256")?;
            let forget = format!(
                "DELETE FROM blobs AS b WHERE b.sha256 = $1 AND {UNUSED} RETURNING location"
            );
            let forget = statement(backend, forget, [sha256.clone().into(), before.into()]);
            if let Some(row) = transaction.query_one_raw(forget).await? {
                let location: String = row.try_get("", "location")?;
                note(transaction, &location, now).await?;
            }
            last = Some(sha256);
        }
        Ok(last)
    })
}

/// Notes that the bytes at that location are to be removed.
///
/// # Errors
/// What the database answers.
pub(crate) async fn note<C: ConnectionTrait>(
    connection: &C,
    location: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let note =
        "INSERT INTO blob_removals (location, created_at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    let note = statement(connection.get_database_backend(), note, [location.into(), now.into()]);
    connection.execute_raw(note).await?;
    Ok(())
}

/// Removes the bytes of a batch; answers the last location looked at and how many are gone, or
/// `None` at the end.
async fn remove_batch(
    services: &Services,
    store: &FileStore,
    after: &str,
) -> Result<Option<(String, u64)>> {
    let backend = services.database.backend();
    let list = format!(
        "SELECT location FROM blob_removals WHERE location > $1 ORDER BY location LIMIT {BATCH}"
    );
    let list = statement(backend, list, [after.into()]);
    let rows = services.database.connection().query_all_raw(list).await?;
    let locations =
        rows.iter().map(|row| row.try_get("", "location")).collect::<Result<Vec<String>, _>>()?;
    let Some(last) = locations.last().cloned() else { return Ok(None) };
    marker::verify(services, store).await?;
    for location in &locations {
        store.delete(location).await?;
    }
    // In a store that has gone meanwhile, bytes are not removed but out of sight.
    marker::verify(services, store).await?;
    let removed = in_transaction!(services.database, |transaction| {
        let mut removed = 0;
        for location in &locations {
            let done = "DELETE FROM blob_removals WHERE location = $1";
            let done = statement(backend, done, [location.clone().into()]);
            removed += transaction.execute_raw(done).await?.rows_affected();
        }
        Ok(removed)
    })?;
    Ok(Some((last, removed)))
}
