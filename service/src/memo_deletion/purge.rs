//! Erases what can no longer be restored, and the bytes that nothing uses.

use crate::{
    Result, Services,
    database::{
        in_transaction,
        sql::{lock_free_rows, statement},
    },
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

/// Records, or blobs, of one transaction.
const BATCH: i64 = 100;

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
/// What the database or the file store answers; what was erased before stays erased, and the next pass goes on.
pub async fn purge(services: &Services) -> Result<Purged> {
    let mut purged = Purged::default();
    loop {
        let records = purge_records(services).await?;
        purged.records += records;
        if records == 0 {
            break;
        }
    }
    let mut after = String::new();
    while let Some((last, blobs)) = purge_blobs(services, &after).await? {
        purged.blobs += blobs;
        after = last;
    }
    if purged != Purged::default() {
        tracing::info!(records = purged.records, blobs = purged.blobs, "purged");
    }
    Ok(purged)
}

/// Erases names and contents of a batch of records.
async fn purge_records(services: &Services) -> Result<u64> {
    let now = services.now();
    in_transaction!(services.database, |transaction| {
        let backend = transaction.get_database_backend();
        let free = lock_free_rows(backend, "memo_deletions");
        let due = format!(
            "SELECT id FROM memo_deletions WHERE purged_at IS NULL AND restorable_until <= $1 \
                 ORDER BY restorable_until LIMIT {BATCH}{free}"
        );
        let rows = transaction.query_all_raw(statement(backend, due, [now.into()])).await?;
        let mut purged = 0;
        for row in rows {
            let id: Uuid = row.try_get("", "id")?;
            let erase = "UPDATE memo_deletion_items SET label = NULL, blob_sha256 = NULL, content = NULL WHERE deletion_id = $1";
            transaction.execute_raw(statement(backend, erase, [id.into()])).await?;
            let mark = "UPDATE memo_deletions SET memo_name = NULL, purged_at = $2 WHERE id = $1";
            transaction.execute_raw(statement(backend, mark, [id.into(), now.into()])).await?;
            purged += 1;
        }
        Ok(purged)
    })
}

const UNUSED: &str = "NOT EXISTS (SELECT 1 FROM files f WHERE f.blob_sha256 = b.sha256) \
    AND NOT EXISTS (SELECT 1 FROM memo_deletion_items i WHERE i.blob_sha256 = b.sha256)";

/// Removes the bytes of a batch of blobs that nothing uses; answers the last one looked at, or `None` at the end.
///
/// The row is deleted, and so locked, before the bytes, and committed after them. Whoever stores the same bytes meanwhile waits for the
/// lock. After a crash between the two the row is still there, unused, and the next pass removes the bytes again.
async fn purge_blobs(services: &Services, after: &str) -> Result<Option<(String, u64)>> {
    let backend = services.database.backend();
    let list = format!(
        "SELECT b.sha256 FROM blobs b WHERE b.sha256 > $1 AND {UNUSED} ORDER BY b.sha256 LIMIT {BATCH}"
    );
    let rows = services.database.connection().query_all_raw(statement(backend, list, [after.into()])).await?;
    let mut last = None;
    let mut removed = 0;
    for row in rows {
        let sha256: String = row.try_get("", "sha256")?;
        removed += in_transaction!(services.database, |transaction| {
            let delete =
                format!("DELETE FROM blobs AS b WHERE b.sha256 = $1 AND {UNUSED} RETURNING location");
            let Some(row) =
                transaction.query_one_raw(statement(backend, delete, [sha256.clone().into()])).await?
            else {
                return Ok(0);
            };
            services.file_store.delete(&row.try_get::<String>("", "location")?).await?;
            Ok(1)
        })?;
        last = Some(sha256);
    }
    Ok(last.map(|last| (last, removed)))
}
