//! Notes who erased the content of a deleted memo before its time, and why. Also who attached a
//! file to a memo, a task or a project.
//!
//! Attachments of earlier versions name nobody. They are not filled in here, because that would
//! lock the tables of a running office. What is known of them is derived when they are read.

use crate::dialect;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The tables of attachments.
const ATTACHMENTS: [&str; 3] = ["memo_files", "task_files", "project_files"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await?;
        for table in ATTACHMENTS {
            let sql = format!(
                "ALTER TABLE {table} ADD COLUMN attached_by {{uuid}} REFERENCES users (id);
                 CREATE INDEX {table}_attached_by ON {table} (attached_by)
                     WHERE attached_by IS NOT NULL;"
            );
            dialect::run(manager, &sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ATTACHMENTS {
            let sql = format!(
                "DROP INDEX {table}_attached_by;
                 ALTER TABLE {table} DROP COLUMN attached_by;"
            );
            dialect::run(manager, &sql).await?;
        }
        dialect::run(manager, DOWN).await
    }
}

/// Records are never deleted, so a refused attempt has no key to its record, as notifications have
/// none.
const UP: &str = "
ALTER TABLE memo_deletions ADD COLUMN erased_by {uuid} REFERENCES users (id)
    CHECK (erased_by IS NULL OR purged_at IS NOT NULL);
ALTER TABLE memo_deletions ADD COLUMN erasure_reason text
    CHECK (length(erasure_reason) BETWEEN 1 AND 250);
CREATE INDEX memo_deletions_erased_by ON memo_deletions (erased_by) WHERE erased_by IS NOT NULL;

ALTER TABLE refused_deletions ADD COLUMN deletion_id {uuid};
";

const DOWN: &str = "
ALTER TABLE refused_deletions DROP COLUMN deletion_id;

DROP INDEX memo_deletions_erased_by;
ALTER TABLE memo_deletions DROP COLUMN erasure_reason;
ALTER TABLE memo_deletions DROP COLUMN erased_by;
";
