//! Removes uploads that nobody used. The purge of stored contents removes their bytes, unless
//! another file has the same bytes.

use crate::{
    Result, Services,
    blobs::{self, FileStore},
    database::{
        Parameters, in_transaction,
        sql::{ids_in, is_one_of},
    },
    observed_time::ObservedTime,
};
use chrono::{DateTime, TimeDelta, Utc};
use entity::file;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter, Statement,
    sea_query::Expr,
};
use uuid::Uuid;

/// How many files one transaction handles.
const BATCH: i64 = 100;

/// The age at which an upload's temporary bytes are abandoned.
const DEAD: TimeDelta = TimeDelta::days(1);

/// What a purge of uploads removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PurgedUploads {
    /// Files that were attached to nothing.
    pub files: u64,
    /// Temporary bytes of uploads that a crash interrupted.
    pub interrupted: u64,
}

/// The condition that a file `f` is attached to nothing. A deleted memo that can be restored keeps
/// its files.
const UNATTACHED: &str = "
    NOT EXISTS (SELECT 1 FROM memo_files l WHERE l.file_id = f.id)
    AND NOT EXISTS (SELECT 1 FROM task_files l WHERE l.file_id = f.id)
    AND NOT EXISTS (SELECT 1 FROM project_files l WHERE l.file_id = f.id)";

/// Removes files that have been attached to nothing for longer than `kept_for`, in one pass. The
/// time counts from their upload or their last detachment. Several processes may do it at the same
/// time.
///
/// # Errors
/// Returns errors of the database or the file store. What was removed before stays removed, and the
/// next pass continues.
pub async fn purge(
    services: &Services,
    store: &FileStore,
    observed: ObservedTime,
    kept_for: TimeDelta,
) -> Result<PurgedUploads> {
    let now = observed.now;
    let mut purged = PurgedUploads::default();
    let mut after = Uuid::nil();
    while let Some((last, files)) = purge_batch(services, after, now - kept_for).await? {
        purged.files += files;
        after = last;
    }
    let began = |upload: Uuid| {
        let (seconds, _) = upload.get_timestamp()?.to_unix();
        DateTime::<Utc>::from_timestamp(i64::try_from(seconds).ok()?, 0)
    };
    let dead = |upload: Uuid| began(upload).is_some_and(|began| began < now - DEAD);
    blobs::verify(services, store).await?;
    purged.interrupted = store.discard_uploads(dead).await?;
    if purged != PurgedUploads::default() {
        tracing::info!(files = purged.files, interrupted = purged.interrupted, "uploads purged");
    }
    Ok(purged)
}

/// Removes a batch. Returns its last file and the number of removed files, or `None` at the end.
///
/// The rows are locked before the second check. A transaction that attaches one of them later waits
/// for the lock and then does not find it. An earlier attachment is visible to the check.
async fn purge_batch(
    services: &Services,
    after: Uuid,
    until: DateTime<Utc>,
) -> Result<Option<(Uuid, u64)>> {
    in_transaction(&services.database, async |transaction| -> Result<_> {
        let backend = transaction.get_database_backend();
        let due = unattached_files_statement(backend, after, until);
        let ids = ids_in(&transaction.query_all_raw(due).await?, "id")?;
        let Some(last) = ids.last().copied() else { return Ok(None) };
        Ok(Some((last, delete_unattached(transaction, &ids).await?.len() as u64)))
    })
    .await
}

fn unattached_files_statement(backend: DbBackend, after: Uuid, until: DateTime<Utc>) -> Statement {
    Parameters::new(backend).bind("after", after).bind("until", until).statement(&format!(
        "SELECT f.id
        FROM files f
        WHERE f.id > :after
            AND coalesce(f.detached_at, f.created_at) <= :until
            AND {UNATTACHED}
        ORDER BY f.id
        LIMIT {BATCH}
        FOR UPDATE SKIP LOCKED"
    ))
}

/// Deletes those of the files that are attached to nothing. Returns their contents, one for each
/// file.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn delete_unattached(
    transaction: &DatabaseTransaction,
    ids: &[Uuid],
) -> Result<Vec<String>> {
    let deleted = deleted_files_statement(transaction.get_database_backend(), ids);
    let rows = transaction.query_all_raw(deleted).await?;
    Ok(rows.iter().map(|row| row.try_get("", "blob_sha256")).collect::<Result<_, _>>()?)
}

fn deleted_files_statement(backend: DbBackend, ids: &[Uuid]) -> Statement {
    Parameters::new(backend).bind_ids("file_ids", ids).statement(&format!(
        "DELETE FROM files AS f
        WHERE f.id IN :file_ids AND {UNATTACHED}
        RETURNING blob_sha256"
    ))
}

/// Notes the time since which these files may be unattached.
pub(crate) async fn note_detached(
    services: &Services,
    transaction: &DatabaseTransaction,
    files: &[Uuid],
) -> Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    file::Entity::update_many()
        .col_expr(file::Column::DetachedAt, Expr::value(services.now()))
        .filter(is_one_of(transaction.get_database_backend(), file::Column::Id, files))
        .exec(transaction)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        assert_statement("unattached_files", |backend| {
            unattached_files_statement(backend, Uuid::nil(), DateTime::UNIX_EPOCH)
        });
        assert_statement("deleted_files", |backend| {
            deleted_files_statement(backend, &[Uuid::nil()])
        });
    }
}
