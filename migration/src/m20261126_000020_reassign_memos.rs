//! The record of memos that were passed on from people who have left. Also an index to find the
//! holds of a matter.

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
        dialect::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, "DROP INDEX memo_holds_matter;").await?;
        dialect::drop_tables(manager, &["memo_reassignments"]).await
    }
}

const UP: &str = "
CREATE TABLE memo_reassignments (
    id {uuid} PRIMARY KEY,
    from_user_id {uuid} NOT NULL REFERENCES users (id),
    to_user_id {uuid} NOT NULL REFERENCES users (id),
    reassigned_by {uuid} NOT NULL REFERENCES users (id),
    reassigned_at {timestamp} NOT NULL,
    memo_count {bigint} NOT NULL CHECK (memo_count > 0),
    as_author_count {bigint} NOT NULL,
    as_recipient_count {bigint} NOT NULL,
    CHECK (from_user_id <> to_user_id)
) {strict};
CREATE INDEX memo_reassignments_from ON memo_reassignments (from_user_id);
CREATE INDEX memo_reassignments_to ON memo_reassignments (to_user_id);
CREATE INDEX memo_reassignments_by ON memo_reassignments (reassigned_by);

CREATE INDEX memo_holds_matter ON memo_holds (matter, held_memo_id) WHERE held_memo_id IS NOT NULL;
";
