//! Erases what can no longer be restored, and the bytes that nothing uses.
//!
//! A purge has two steps. First the record becomes content-free and the memo's row goes: from then
//! on nobody can restore the memo. Then its belongings go in portions, and last its id. A crash
//! between two portions loses nothing: `memo_ids.erasing` says what is left to do.

use super::inventory::BELONGINGS;
use crate::{
    Result, Services,
    blobs::{self, FileStore},
    database::{
        in_transaction,
        sql::{is_one_of_first, lock_free_rows, statement},
    },
    files,
    observed_time::{self, ObservedTime},
};
use chrono::{DateTime, Utc};
use entity::memo_deletion;
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, DbBackend, FromQueryResult,
    IntoActiveModel, Set,
};
use serde_json::{Map, Value};
use uuid::Uuid;

/// Records or memos of one transaction.
const BATCH: i64 = 100;

/// Most rows that one transaction erases of the belongings of memos.
const PORTION: u64 = 1_000;

/// What a purge erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Purged {
    /// Records that are content-free now.
    pub records: u64,
    /// Stored contents whose bytes are gone now.
    pub blobs: u64,
}

/// One pass over everything that is due. Several processes may do it at the same time.
///
/// # Errors
/// What the database or the file store answers; what was erased before stays erased, and the next
/// pass goes on.
pub async fn purge(services: &Services, store: &FileStore, due: ObservedTime) -> Result<Purged> {
    let mut purged = Purged::default();
    if !due.unseen.is_zero() {
        tell_what_waits(services, due).await?;
    }
    loop {
        let records = purge_records(services, due.now).await?;
        purged.records += records;
        if records == 0 {
            break;
        }
    }
    while erase_portion(services).await? {}
    if purged.records > 0 {
        tracing::info!(records = purged.records, "deleted memos erased");
    }
    purged.blobs = blobs::remove_unused(services, store).await?;
    if purged.blobs > 0 {
        tracing::info!(contents = purged.blobs, "bytes that no file has removed");
    }
    Ok(purged)
}

/// Says in the log how much is not erased though it is due by the clock, and what to do about it.
async fn tell_what_waits(services: &Services, due: ObservedTime) -> Result<()> {
    let backend = services.database.backend();
    let count = "SELECT count(*) AS n FROM memo_deletions \
        WHERE purged_at IS NULL AND restorable_until > $1 AND restorable_until <= $2";
    let until = due.now + due.unseen;
    let count = statement(backend, count, [due.now.into(), until.into()]);
    let row = services.database.connection().query_one_raw(count).await?;
    let records: i64 = row.map_or(Ok(0), |row| row.try_get("", "n"))?;
    if records > 0 {
        tracing::warn!(
            records,
            "deleted memos are not erased yet: the clock is {} ahead of what any server has seen; \
             if it is right, say so by `memoranda confirm clock`",
            observed_time::days(due.unseen)
        );
    }
    Ok(())
}

/// Makes a batch of records content-free and erases the rows of their memos, but for what is on
/// hold. They must be `due` by then.
async fn purge_records(services: &Services, due_at: DateTime<Utc>) -> Result<u64> {
    let now = services.now();
    in_transaction!(services.database, |transaction| {
        let backend = transaction.get_database_backend();
        let due = format!(
            "SELECT r.* FROM memo_deletions r WHERE r.purged_at IS NULL AND r.restorable_until <= \
             $1 \
             AND NOT EXISTS (SELECT 1 FROM memo_holds h WHERE h.held_memo_id = r.memo_id) \
             ORDER BY r.restorable_until LIMIT {BATCH}{}",
            lock_free_rows(backend, "r")
        );
        let rows = transaction.query_all_raw(statement(backend, due, [due_at.into()])).await?;
        let mut purged = 0;
        for row in rows {
            let record = memo_deletion::Model::from_query_result(&row, "")?;
            if record.restored_at.is_none() && !erase_row(transaction, record.memo_id).await? {
                // A hold was placed since the records were read.
                continue;
            }
            let forget = "DELETE FROM memo_deletion_missing WHERE deletion_id = $1";
            transaction.execute_raw(statement(backend, forget, [record.id.into()])).await?;
            let kept_files = without_ids(&record.kept_files);
            let mut record = record.into_active_model();
            record.memo_name = Set(None);
            record.reason = Set(None);
            record.kept_files = Set(kept_files);
            record.purged_at = Set(Some(now));
            record.update(transaction).await?;
            purged += 1;
        }
        Ok(purged)
    })
}

/// Erases the row of a deleted memo, unless it is on hold, and leaves its belongings to be erased.
async fn erase_row(transaction: &DatabaseTransaction, memo_id: Uuid) -> Result<bool> {
    let backend = transaction.get_database_backend();
    let erase = "DELETE FROM deleted_memos WHERE id = $1 AND NOT on_hold";
    let erased = transaction.execute_raw(statement(backend, erase, [memo_id.into()])).await?;
    if erased.rows_affected() == 0 {
        return Ok(false);
    }
    let mark = "UPDATE memo_ids SET erasing = TRUE WHERE id = $1";
    transaction.execute_raw(statement(backend, mark, [memo_id.into()])).await?;
    Ok(true)
}

/// The reasons why files stayed, by numbers instead of the files' ids.
fn without_ids(kept_files: &Value) -> Value {
    let reasons = kept_files.as_object().into_iter().flat_map(Map::values).cloned();
    Value::Object(reasons.enumerate().map(|(n, reason)| (n.to_string(), reason)).collect())
}

/// Erases at most [`PORTION`] rows that belonged to purged memos, and the ids of those of which
/// nothing is left. Answers whether there may be more.
async fn erase_portion(services: &Services) -> Result<bool> {
    in_transaction!(services.database, |transaction| {
        let backend = transaction.get_database_backend();
        let purged = format!(
            "SELECT i.id FROM memo_ids i WHERE i.erasing ORDER BY i.id LIMIT {BATCH}{}",
            lock_free_rows(backend, "i")
        );
        let rows = transaction.query_all_raw(statement(backend, purged, [])).await?;
        let ids = rows.iter().map(|row| row.try_get("", "id")).collect::<Result<Vec<Uuid>, _>>()?;
        if ids.is_empty() {
            return Ok(false);
        }
        let mut left = PORTION;
        for table in BELONGINGS {
            left -= erase_belongings(transaction, table, &ids, left).await?;
            if left == 0 {
                return Ok(true);
            }
        }
        let (one_of, ids) = is_one_of_first(backend, &ids);
        let erase = format!("DELETE FROM memo_ids WHERE id {one_of}");
        transaction.execute_raw(statement(backend, erase, [ids])).await?;
        Ok(true)
    })
}

/// Erases rows of one table that belonged to purged memos, `limit` at most, and with the
/// attachments the files that nothing else has.
async fn erase_belongings(
    transaction: &DatabaseTransaction,
    table: &str,
    memo_ids: &[Uuid],
    limit: u64,
) -> Result<u64> {
    let backend = transaction.get_database_backend();
    let (one_of, ids) = is_one_of_first(backend, memo_ids);
    let returning = if table == "memo_files" { "file_id" } else { "memo_id" };
    let row = if backend == DbBackend::Postgres { "ctid" } else { "rowid" };
    let erase = format!(
        "DELETE FROM {table} WHERE {row} IN (SELECT x.{row} FROM {table} x \
         JOIN memo_ids i ON i.id = x.memo_id AND i.erasing WHERE x.memo_id {one_of} LIMIT $2) \
         RETURNING {returning}"
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let erased = transaction.query_all_raw(statement(backend, erase, [ids, limit.into()])).await?;
    if table == "memo_files" {
        let freed = erased
            .iter()
            .map(|row| row.try_get("", "file_id"))
            .collect::<Result<Vec<Uuid>, _>>()?;
        files::delete_unattached(transaction, &freed).await?;
    }
    Ok(erased.len() as u64)
}
