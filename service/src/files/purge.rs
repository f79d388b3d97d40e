//! Removes uploads that nobody used. Their bytes go with the purge of stored contents, unless
//! another file has the same.

use crate::{
    Result, Services,
    blobs::{self, FileStore},
    database::{
        in_transaction,
        sql::{is_one_of, is_one_of_first, lock_free_rows, statement},
    },
    observed_time::ObservedTime,
};
use chrono::{DateTime, TimeDelta, Utc};
use entity::file;
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, sea_query::Expr};
use uuid::Uuid;

/// Files of one transaction.
const BATCH: i64 = 100;

/// How old temporary bytes are whose upload has surely ended.
const DEAD: TimeDelta = TimeDelta::days(1);

/// What a purge of uploads removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PurgedUploads {
    /// Files that were attached to nothing.
    pub files: u64,
    /// Temporary bytes of uploads that a crash ended.
    pub interrupted: u64,
}

/// That a file is attached to nothing. A deleted memo that can be restored keeps its files.
const UNATTACHED: &str = "NOT EXISTS (SELECT 1 FROM memo_files l WHERE l.file_id = f.id) \
    AND NOT EXISTS (SELECT 1 FROM task_files l WHERE l.file_id = f.id) \
    AND NOT EXISTS (SELECT 1 FROM project_files l WHERE l.file_id = f.id)";

/// One pass over the files that have been attached to nothing for longer than `kept_for`, since
/// they were uploaded or taken off. Several processes may do it at the same time.
///
/// # Errors
/// What the database or the file store answers; what was removed before stays removed, and the next
/// pass goes on.
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

/// Removes a batch; answers the last file looked at and how many were removed, or `None` at the
/// end.
///
/// The rows are locked before they are looked at again: who attaches one of them meanwhile waits
/// for the lock, and then finds it gone; what was attached before is seen.
async fn purge_batch(
    services: &Services,
    after: Uuid,
    until: DateTime<Utc>,
) -> Result<Option<(Uuid, u64)>> {
    in_transaction!(services.database, |transaction| {
        let backend = transaction.get_database_backend();
        let free = lock_free_rows(backend, "f");
        let due = format!(
            "SELECT f.id FROM files f WHERE f.id > $1 AND coalesce(f.detached_at, f.created_at) <= \
             $2 AND {UNATTACHED} \
             ORDER BY f.id LIMIT {BATCH}{free}"
        );
        let rows = transaction
            .query_all_raw(statement(backend, due, [after.into(), until.into()]))
            .await?;
        let ids = rows.iter().map(|row| row.try_get("", "id")).collect::<Result<Vec<Uuid>, _>>()?;
        let Some(last) = ids.last().copied() else { return Ok(None) };
        Ok(Some((last, delete_unattached(transaction, &ids).await?)))
    })
}

/// Deletes those of the files that are attached to nothing; answers how many.
///
/// # Errors
/// What the database answers.
pub(crate) async fn delete_unattached(
    transaction: &DatabaseTransaction,
    ids: &[Uuid],
) -> Result<u64> {
    let backend = transaction.get_database_backend();
    let (one_of, ids) = is_one_of_first(backend, ids);
    let delete = format!("DELETE FROM files AS f WHERE f.id {one_of} AND {UNATTACHED}");
    Ok(transaction.execute_raw(statement(backend, delete, [ids])).await?.rows_affected())
}

/// Notes since when nothing may have these files any more.
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
