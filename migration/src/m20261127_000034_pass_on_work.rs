//! The record of a reassignment also counts tasks and projects. It may count no memos then.

use crate::dialect;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if dialect::is_postgres(manager) {
            return dialect::run(manager, UP_ON_POSTGRES).await;
        }
        let columns = format!("{COLUMNS}, work_count");
        let from = format!("{COLUMNS}, 0");
        rebuild(manager, WITH_WORK, &columns, &from, "").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if dialect::is_postgres(manager) {
            return dialect::run(manager, DOWN_ON_POSTGRES).await;
        }
        rebuild(manager, WITHOUT_WORK, COLUMNS, COLUMNS, "WHERE memo_count > 0").await
    }
}

const UP_ON_POSTGRES: &str = "
ALTER TABLE memo_reassignments DROP CONSTRAINT memo_reassignments_memo_count_check;
ALTER TABLE memo_reassignments ADD COLUMN work_count bigint NOT NULL DEFAULT 0;
ALTER TABLE memo_reassignments ADD CONSTRAINT memo_reassignments_something_check
    CHECK (memo_count >= 0 AND work_count >= 0 AND memo_count + work_count > 0);
";

const DOWN_ON_POSTGRES: &str = "
ALTER TABLE memo_reassignments DROP CONSTRAINT memo_reassignments_something_check;
ALTER TABLE memo_reassignments DROP COLUMN work_count;
DELETE FROM memo_reassignments WHERE memo_count = 0;
ALTER TABLE memo_reassignments ADD CONSTRAINT memo_reassignments_memo_count_check
    CHECK (memo_count > 0);
";

const COLUMNS: &str = "id, from_user_id, to_user_id, reassigned_by, reassigned_at, memo_count, \
    as_author_count, as_recipient_count";

const WITH_WORK: &str = "
    memo_count INTEGER NOT NULL CHECK (memo_count >= 0),
    as_author_count INTEGER NOT NULL,
    as_recipient_count INTEGER NOT NULL,
    work_count INTEGER NOT NULL DEFAULT 0 CHECK (work_count >= 0),
    CHECK (memo_count + work_count > 0),";

const WITHOUT_WORK: &str = "
    memo_count INTEGER NOT NULL CHECK (memo_count > 0),
    as_author_count INTEGER NOT NULL,
    as_recipient_count INTEGER NOT NULL,";

/// SQLite changes no check of a table: the table is written anew.
async fn rebuild(
    manager: &SchemaManager<'_>,
    counts: &str,
    columns: &str,
    from: &str,
    rows: &str,
) -> Result<(), DbErr> {
    dialect::run(
        manager,
        &format!(
            "CREATE TABLE new_reassignments (
                id {{uuid}} PRIMARY KEY,
                from_user_id {{uuid}} NOT NULL REFERENCES users (id),
                to_user_id {{uuid}} NOT NULL REFERENCES users (id),
                reassigned_by {{uuid}} NOT NULL REFERENCES users (id),
                reassigned_at {{timestamp}} NOT NULL,{counts}
                CHECK (from_user_id <> to_user_id)
            ) {{strict}};
            INSERT INTO new_reassignments ({columns})
                SELECT {from} FROM memo_reassignments {rows};
            DROP TABLE memo_reassignments;
            ALTER TABLE new_reassignments RENAME TO memo_reassignments;
            CREATE INDEX memo_reassignments_from ON memo_reassignments (from_user_id);
            CREATE INDEX memo_reassignments_to ON memo_reassignments (to_user_id);
            CREATE INDEX memo_reassignments_by ON memo_reassignments (reassigned_by);"
        ),
    )
    .await
}
