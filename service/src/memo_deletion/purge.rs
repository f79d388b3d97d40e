//! Erases what can no longer be restored, and the bytes that nothing uses.
//!
//! A purge has two steps. First it empties the record and erases the memo's row; from then on
//! nobody can restore the memo. Then it erases the memo's belongings in portions, and its id last.
//! A crash between two portions loses nothing, because `memo_ids.erasing` marks what is left to do.

use super::inventory;
use crate::{
    Result, Services,
    blobs::{self, FileStore},
    database::{
        Parameters, in_transaction,
        lock::LockRows,
        sql::{ids_in, is_one_of},
    },
    files, ledger,
    observed_time::{self, ObservedTime},
};
use chrono::{DateTime, Utc};
use entity::{LedgerKind, memo_deletion, memo_deletion_missing, memo_id};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait,
    FromQueryResult, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
    Statement, sea_query::Expr,
};
use serde_json::{Map, Value};
use uuid::Uuid;

/// How many records or memos one transaction handles.
const BATCH: u64 = 100;

/// How many rows of memos' belongings one transaction erases at most.
const PORTION: u64 = 1_000;

/// What a purge erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Purged {
    /// How many records it emptied.
    pub records: u64,
    /// How many stored contents it removed.
    pub blobs: u64,
}

/// Erases everything that is due, in one pass. Several processes may do it at the same time.
///
/// # Errors
/// Returns errors of the database or the file store. What was erased before stays erased, and the
/// next pass continues.
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
        tracing::info!(contents = purged.blobs, "unused file contents removed");
    }
    Ok(purged)
}

/// Logs how many records are due by the clock but not erased yet, and what to do about it.
async fn tell_what_waits(services: &Services, due: ObservedTime) -> Result<()> {
    let until = due.now + due.unseen;
    let records = memo_deletion::Entity::find()
        .filter(memo_deletion::Column::PurgedAt.is_null())
        .filter(memo_deletion::Column::RestorableUntil.gt(due.now))
        .filter(memo_deletion::Column::RestorableUntil.lte(until))
        .count(services.database.connection())
        .await?;
    if records > 0 {
        tracing::warn!(
            records,
            "deleted memos are not erased yet: the clock is {} ahead of what any server has seen; \
             if it is right, run `memoranda confirm clock`",
            observed_time::days(due.unseen)
        );
    }
    Ok(())
}

/// Empties a batch of records and erases the rows of their memos. Memos on hold are skipped. The
/// records must be due at `due_at`.
async fn purge_records(services: &Services, due_at: DateTime<Utc>) -> Result<u64> {
    let now = services.now();
    in_transaction(&services.database, async |transaction| -> Result<_> {
        let backend = transaction.get_database_backend();
        let due = due_records_statement(backend, due_at);
        let rows = transaction.query_all_raw(due).await?;
        let mut purged = Vec::new();
        for row in rows {
            let record = memo_deletion::Model::from_query_result(&row, "")?;
            let ids = (record.id, record.memo_id);
            // A hold may have been placed after the records were read.
            if purge_record(transaction, record, now).await? {
                purged.push(ids);
            }
        }
        ledger::note(transaction, LedgerKind::Purged, &purged, now).await?;
        Ok(purged.len() as u64)
    })
    .await
}

/// Empties a record. Erases the row of its memo, unless the memo was restored. Returns whether this
/// was possible: a deleted memo on hold is kept with its record.
pub(super) async fn purge_record(
    transaction: &DatabaseTransaction,
    record: memo_deletion::Model,
    now: DateTime<Utc>,
) -> Result<bool> {
    if record.restored_at.is_none() && !erase_row(transaction, record.memo_id).await? {
        return Ok(false);
    }
    memo_deletion_missing::Entity::delete_many()
        .filter(memo_deletion_missing::Column::DeletionId.eq(record.id))
        .exec(transaction)
        .await?;
    let kept_files = without_ids(&record.kept_files);
    let mut record = record.into_active_model();
    record.memo_name = Set(None);
    record.reason = Set(None);
    record.kept_files = Set(kept_files);
    record.purged_at = Set(Some(now));
    record.update(transaction).await?;
    Ok(true)
}

fn due_records_statement(backend: DbBackend, due_at: DateTime<Utc>) -> Statement {
    Parameters::new(backend).bind("due_at", due_at).statement(&format!(
        "SELECT r.*
        FROM memo_deletions r
        WHERE r.purged_at IS NULL
            AND r.restorable_until <= :due_at
            AND NOT EXISTS (SELECT 1 FROM memo_holds h WHERE h.held_memo_id = r.memo_id)
        ORDER BY r.restorable_until
        LIMIT {BATCH}
        FOR UPDATE SKIP LOCKED"
    ))
}

/// Erases the row of a deleted memo, unless it is on hold. Marks its belongings for erasure.
async fn erase_row(transaction: &DatabaseTransaction, memo_id: Uuid) -> Result<bool> {
    let backend = transaction.get_database_backend();
    let erased = transaction.execute_raw(erased_memo_statement(backend, memo_id)).await?;
    if erased.rows_affected() == 0 {
        return Ok(false);
    }
    memo_id::Entity::update_many()
        .col_expr(memo_id::Column::Erasing, Expr::value(true))
        .filter(memo_id::Column::Id.eq(memo_id))
        .exec(transaction)
        .await?;
    Ok(true)
}

fn erased_memo_statement(backend: DbBackend, memo_id: Uuid) -> Statement {
    Parameters::new(backend).bind("memo_id", memo_id).statement(
        "DELETE FROM deleted_memos
        WHERE id = :memo_id AND NOT on_hold",
    )
}

/// The reasons why files stayed, with numbers instead of the files' ids.
fn without_ids(kept_files: &Value) -> Value {
    let reasons = kept_files.as_object().into_iter().flat_map(Map::values).cloned();
    Value::Object(reasons.enumerate().map(|(n, reason)| (n.to_string(), reason)).collect())
}

/// Erases at most [`PORTION`] rows that belonged to purged memos. Then erases the ids of memos of
/// which nothing is left. Returns whether there may be more.
async fn erase_portion(services: &Services) -> Result<bool> {
    in_transaction(&services.database, async |transaction| -> Result<_> {
        let backend = transaction.get_database_backend();
        let ids: Vec<Uuid> = memo_id::Entity::find()
            .select_only()
            .column(memo_id::Column::Id)
            .filter(memo_id::Column::Erasing.into_expr())
            .order_by_asc(memo_id::Column::Id)
            .limit(BATCH)
            .lock_free_rows()
            .into_tuple()
            .all(transaction)
            .await?;
        if ids.is_empty() {
            return Ok(false);
        }
        let mut left = PORTION;
        for table in inventory::tables() {
            left -= erase_belongings(transaction, table, &ids, left).await?;
            if left == 0 {
                return Ok(true);
            }
        }
        memo_id::Entity::delete_many()
            .filter(is_one_of(backend, memo_id::Column::Id, &ids))
            .exec(transaction)
            .await?;
        Ok(true)
    })
    .await
}

/// Erases at most `limit` rows of one table that belonged to purged memos. With an attachment, it
/// also erases the file if nothing else uses it.
async fn erase_belongings(
    transaction: &DatabaseTransaction,
    table: &str,
    memo_ids: &[Uuid],
    limit: u64,
) -> Result<u64> {
    let erase = erased_belongings_statement(
        transaction.get_database_backend(),
        table,
        memo_ids,
        i64::try_from(limit).unwrap_or(i64::MAX),
    );
    let erased = transaction.query_all_raw(erase).await?;
    if table == "memo_files" {
        files::delete_unattached(transaction, &ids_in(&erased, "file_id")?).await?;
    }
    Ok(erased.len() as u64)
}

fn erased_belongings_statement(
    backend: DbBackend,
    table: &str,
    memo_ids: &[Uuid],
    limit: i64,
) -> Statement {
    let returning = if table == "memo_files" { "file_id" } else { "memo_id" };
    let row = if backend == DbBackend::Postgres { "ctid" } else { "rowid" };
    Parameters::new(backend).bind_ids("memo_ids", memo_ids).bind("limit", limit).statement(
        &format!(
            "DELETE FROM {table}
        WHERE {row} IN (
            SELECT x.{row}
            FROM {table} x
            JOIN memo_ids i ON i.id = x.memo_id AND i.erasing
            WHERE x.memo_id IN :memo_ids
            LIMIT :limit
        )
        RETURNING {returning}"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        assert_statement("due_records", |backend| {
            due_records_statement(backend, DateTime::UNIX_EPOCH)
        });
        assert_statement("erased_memo", |backend| erased_memo_statement(backend, Uuid::nil()));
        for table in inventory::tables() {
            assert_statement(&format!("erased_belongings.{table}"), |backend| {
                erased_belongings_statement(backend, table, &[Uuid::nil()], 0)
            });
        }
    }
}
