//! Removes the bytes that no file uses.
//!
//! First, a transaction deletes the content's row and adds its location to `blob_removals`. Then,
//! outside any transaction, the store removes the bytes. The row in `blob_removals` is deleted
//! last. After a crash in between, that row still exists, and the next pass repeats the rest. The
//! same content can be stored again at any time, since no location is used twice.

use super::{FileStore, marker};
use crate::{
    Result, Services,
    database::{Parameters, in_transaction},
};
use chrono::{DateTime, TimeDelta, Utc};
use entity::blob_removal;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, Statement, sea_query::OnConflict,
};
use std::collections::BTreeSet;

/// How many contents one transaction handles.
const BATCH: u64 = 100;

/// How long a content is kept while its file is being stored. The file's row is written last, when
/// the bytes are in place. This time is longer than the store may take for that.
const CLAIMED: TimeDelta = TimeDelta::hours(1);

/// The condition that no file has the content `b`, and that nobody is storing it since `:before`.
const UNUSED: &str = "
    NOT EXISTS (SELECT 1 FROM files f WHERE f.blob_sha256 = b.sha256)
    AND coalesce(b.claimed_at, b.created_at) <= :before";

/// Removes the bytes that no file uses. Returns the number of contents. Several processes may do it
/// at the same time.
///
/// # Errors
/// Returns errors of the database or the file store. Fails also if the store is not the one that
/// holds the files. The next pass does the rest.
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

/// Deletes the rows of a batch of contents and adds their locations to the removals. Returns the
/// last content of the batch, or `None` at the end.
async fn note_batch(
    services: &Services,
    after: &str,
    now: DateTime<Utc>,
) -> Result<Option<String>> {
    in_transaction(&services.database, async |transaction| -> Result<_> {
        let backend = transaction.get_database_backend();
        let before = now - CLAIMED;
        let unused = unused_contents_statement(backend, after, before);
        let mut last = None;
        for row in transaction.query_all_raw(unused).await? {
            let sha256: String = row.try_get("", "sha256")?;
            let forgotten = forgotten_content_statement(backend, &sha256, before);
            if let Some(row) = transaction.query_one_raw(forgotten).await? {
                let location: String = row.try_get("", "location")?;
                note(transaction, &location, now).await?;
            }
            last = Some(sha256);
        }
        Ok(last)
    })
    .await
}

fn unused_contents_statement(backend: DbBackend, after: &str, before: DateTime<Utc>) -> Statement {
    Parameters::new(backend).bind("after", after).bind("before", before).statement(&format!(
        "SELECT b.sha256
        FROM blobs b
        WHERE b.sha256 > :after AND {UNUSED}
        ORDER BY b.sha256
        LIMIT {BATCH}"
    ))
}

fn forgotten_content_statement(
    backend: DbBackend,
    sha256: &str,
    before: DateTime<Utc>,
) -> Statement {
    Parameters::new(backend).bind("sha256", sha256).bind("before", before).statement(&format!(
        "DELETE FROM blobs AS b
        WHERE b.sha256 = :sha256 AND {UNUSED}
        RETURNING location"
    ))
}

/// What became of contents whose files were deleted.
#[derive(Debug, Default)]
pub(crate) struct Forgotten {
    /// The locations whose bytes are to be removed.
    pub(crate) locations: Vec<String>,
    /// Whether a content has no file any more but is kept for a while, because somebody has stored
    /// it recently.
    pub(crate) keeps_some: bool,
}

/// Deletes the rows of those of the contents that no file has any more, and adds their locations to
/// the removals.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn forget(
    transaction: &DatabaseTransaction,
    contents: &[String],
    now: DateTime<Utc>,
) -> Result<Forgotten> {
    let backend = transaction.get_database_backend();
    let mut forgotten = Forgotten::default();
    // Ordered, as in the other pass.
    for sha256 in contents.iter().collect::<BTreeSet<_>>() {
        let deleted = forgotten_content_statement(backend, sha256, now - CLAIMED);
        if let Some(row) = transaction.query_one_raw(deleted).await? {
            let location: String = row.try_get("", "location")?;
            note(transaction, &location, now).await?;
            forgotten.locations.push(location);
        } else {
            let left = content_without_file_statement(backend, sha256);
            forgotten.keeps_some |= transaction.query_one_raw(left).await?.is_some();
        }
    }
    Ok(forgotten)
}

fn content_without_file_statement(backend: DbBackend, sha256: &str) -> Statement {
    Parameters::new(backend).bind("sha256", sha256).statement(
        "SELECT b.sha256
        FROM blobs b
        WHERE b.sha256 = :sha256
            AND NOT EXISTS (SELECT 1 FROM files f WHERE f.blob_sha256 = b.sha256)",
    )
}

/// Registers a location whose bytes are to be removed.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn note<C: ConnectionTrait>(
    connection: &C,
    location: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let removal = blob_removal::Model { location: location.to_owned(), created_at: now };
    blob_removal::Entity::insert(removal.into_active_model())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Removes the bytes of a batch. Returns its last location and the number of removed contents, or
/// `None` at the end.
async fn remove_batch(
    services: &Services,
    store: &FileStore,
    after: &str,
) -> Result<Option<(String, u64)>> {
    let locations: Vec<String> = blob_removal::Entity::find()
        .select_only()
        .column(blob_removal::Column::Location)
        .filter(blob_removal::Column::Location.gt(after))
        .order_by_asc(blob_removal::Column::Location)
        .limit(BATCH)
        .into_tuple()
        .all(services.database.connection())
        .await?;
    let Some(last) = locations.last().cloned() else { return Ok(None) };
    Ok(Some((last, remove(services, store, &locations).await?)))
}

/// Removes the bytes at these locations, which are among the removals. Returns the number of
/// removed contents.
///
/// # Errors
/// As for [`remove_unused`].
pub(crate) async fn remove(
    services: &Services,
    store: &FileStore,
    locations: &[String],
) -> Result<u64> {
    marker::verify(services, store).await?;
    for location in locations {
        store.delete(location).await?;
    }
    // If the store has become unreachable, its bytes are not removed but only hidden.
    marker::verify(services, store).await?;
    in_transaction(&services.database, async |transaction| -> Result<_> {
        let mut removed = 0;
        for location in locations {
            let done = blob_removal::Entity::delete_by_id(location);
            removed += done.exec(transaction).await?.rows_affected;
        }
        Ok(removed)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        let before = DateTime::UNIX_EPOCH;
        assert_statement("unused_contents", |backend| {
            unused_contents_statement(backend, "", before)
        });
        assert_statement("forgotten_content", |backend| {
            forgotten_content_statement(backend, "", before)
        });
        assert_statement("content_without_file", |backend| {
            content_without_file_statement(backend, "")
        });
    }
}
