//! Erases what can no longer be restored, and the bytes that nothing uses.
//!
//! It also ends what a person has begun to erase: `memo_ids.erasing` marks what is left to do.

use super::content;
use crate::{
    Result, Services,
    blobs::{self, FileStore},
    database::{Parameters, in_transaction, lock::LockRows, sql::column_names},
    ledger,
    observed_time::{self, ObservedTime},
};
use chrono::{DateTime, Utc};
use entity::{LedgerKind, memo_deletion, memo_id};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, FromQueryResult, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Statement,
};
use uuid::Uuid;

/// How many records or memos one transaction handles.
const BATCH: u64 = 100;

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
            if content::erase(transaction, record, now, None).await?.is_some() {
                purged.push(ids);
            }
        }
        ledger::note(transaction, LedgerKind::Purged, &purged, None, now).await?;
        Ok(purged.len() as u64)
    })
    .await
}

fn due_records_statement(backend: DbBackend, due_at: DateTime<Utc>) -> Statement {
    let columns = column_names::<memo_deletion::Entity>("r.");
    Parameters::new(backend).bind("due_at", due_at).statement(&format!(
        "SELECT {columns}
        FROM memo_deletions r
        WHERE r.purged_at IS NULL
            AND r.restorable_until <= :due_at
            AND NOT EXISTS (SELECT 1 FROM memo_holds h WHERE h.held_memo_id = r.memo_id)
        ORDER BY r.restorable_until
        LIMIT {BATCH}
        FOR UPDATE SKIP LOCKED"
    ))
}

/// Erases a portion of the rows that belonged to erased memos. Then erases the ids of memos of
/// which nothing is left. Returns whether there may be more.
async fn erase_portion(services: &Services) -> Result<bool> {
    in_transaction(&services.database, async |transaction| -> Result<_> {
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
        content::erase_belongings(transaction, &ids).await?;
        Ok(true)
    })
    .await
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
    }
}
