//! A deletion moves the memo's row and copies nothing.
//!
//! `memo_ids` contains the id of every memo that is not erased. All belongings of a memo refer to
//! it. A live memo's row is in `memos`, and a deleted memo's row is in `deleted_memos`. So a
//! deletion leaves all belongings in place, and a restore is exact. Erasing an id removes the
//! belongings by cascades.
//!
//! The items of earlier records become rows again. Records that were restored or purged need only
//! their counts, which are in the record.

mod convert;
mod tables;
pub(crate) mod triggers;

use crate::{dialect, m20261123_000007_create_deletion_records::ITEMS};
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::Statement;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        triggers::drop_old(manager).await?;
        dialect::run(manager, UP).await?;
        tables::refer_to(manager, "memo_ids").await?;
        tables::rebuild_memos(manager, true).await?;
        dialect::run(manager, &tables::deleted_memos()).await?;
        if dialect::is_postgres(manager) {
            dialect::run(manager, NO_KEYS_TO_RECORDS).await?;
        }
        convert::items_to_rows(manager).await?;
        dialect::run(manager, "DROP TABLE memo_deletion_items;").await?;
        triggers::create(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        refuse_to_lose(
            manager,
            "SELECT count(*) AS n FROM deleted_memos",
            "deleted memos can still be restored, and the earlier schema has no place for them. \
             Restore them, or let `memoranda purge` erase them when their time is over",
        )
        .await?;
        refuse_to_lose(
            manager,
            "SELECT count(*) AS n FROM (SELECT held_memo_id FROM memo_holds \
             WHERE held_memo_id IS NOT NULL GROUP BY held_memo_id HAVING count(*) > 1) AS held",
            "memos have more than one hold, and the earlier schema knows one. Release the others",
        )
        .await?;
        dialect::run(manager, "DELETE FROM memo_ids WHERE erasing;").await?;
        triggers::drop_new(manager).await?;
        tables::rebuild_memos(manager, false).await?;
        tables::refer_to(manager, "memos").await?;
        dialect::run(manager, DOWN).await?;
        dialect::run(manager, ITEMS).await?;
        if dialect::is_postgres(manager) {
            dialect::run(manager, KEYS_TO_RECORDS).await?;
        }
        triggers::create_old(manager).await
    }
}

/// Fails if the query counts rows that the way down would lose.
async fn refuse_to_lose(manager: &SchemaManager<'_>, count: &str, what: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let query = Statement::from_string(manager.get_database_backend(), count);
    let row = connection.query_one_raw(query).await?;
    let n: i64 = row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or_default();
    if n == 0 {
        return Ok(());
    }
    Err(DbErr::Custom(format!("nothing was changed: {n} {what}; then migrate again")))
}

/// `erasing`: the memo is purged, and the rest of its belongings is erased in portions.
///
/// `missing`: a thing that a record lists but that somebody has deleted since, with its name.
const UP: &str = "
CREATE TABLE memo_ids (
    id {uuid} PRIMARY KEY,
    erasing {bool} NOT NULL DEFAULT FALSE
) {strict};
CREATE INDEX memo_ids_erasing ON memo_ids (id) WHERE erasing;
INSERT INTO memo_ids (id) SELECT id FROM memos;
INSERT INTO memo_ids (id)
    SELECT memo_id FROM memo_deletions WHERE restored_at IS NULL AND purged_at IS NULL;

ALTER TABLE memo_deletions ADD COLUMN kept_files {json} NOT NULL DEFAULT '{}';
UPDATE memo_deletions SET reason = NULL WHERE purged_at IS NOT NULL;

CREATE TABLE memo_deletion_missing (
    deletion_id {uuid} NOT NULL REFERENCES memo_deletions (id),
    kind text NOT NULL,
    node_id {uuid} NOT NULL,
    label text,
    author_sees {bool} NOT NULL,
    recipient_sees {bool} NOT NULL,
    PRIMARY KEY (deletion_id, kind, node_id)
) {strict};
";

/// Records are never deleted, so these keys protect nothing, but they cost time. PostgreSQL keeps
/// the plan of a key's check. A plan from a time with few records reads all of them for every
/// deletion. SQLite keeps its keys, because it always checks them by the index.
const NO_KEYS_TO_RECORDS: &str = "
ALTER TABLE notifications DROP CONSTRAINT notifications_deletion_id_fkey;
ALTER TABLE memo_events DROP CONSTRAINT memo_events_deletion_id_fkey;
";

const KEYS_TO_RECORDS: &str = "
ALTER TABLE notifications ADD FOREIGN KEY (deletion_id) REFERENCES memo_deletions (id);
ALTER TABLE memo_events ADD FOREIGN KEY (deletion_id) REFERENCES memo_deletions (id);
";

const DOWN: &str = "
DROP TABLE memo_deletion_missing;
DROP TABLE deleted_memos;
DROP TABLE memo_ids;
ALTER TABLE memo_deletions DROP COLUMN kept_files;
";
