//! Where imported rows come from, so that an import can be interrupted and repeated.
//!
//! The rows have no keys to the tables of their things, because they stay after a thing is gone:
//! what was deleted here is not imported again.
//!
//! Passwords of imported people keep the hash of the other system until the next sign-in. An index
//! finds whether there is such a hash.

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
        dialect::run(manager, "DROP INDEX credentials_imported;").await?;
        // Earlier versions cannot read these hashes.
        dialect::run(manager, "DELETE FROM credentials WHERE password_hash LIKE 'pbkdf2%';")
            .await?;
        dialect::drop_tables(manager, &["imported_rows"]).await
    }
}

/// The index is of the expression that the sign-in uses.
const UP: &str = "
CREATE TABLE imported_rows (
    source text NOT NULL CHECK (length(source) BETWEEN 1 AND 64),
    source_table text NOT NULL,
    source_id {bigint} NOT NULL,
    our_id {uuid} NOT NULL,
    row_hash text NOT NULL,
    merged {bool} NOT NULL,
    inferred text,
    links text,
    imported_at {timestamp} NOT NULL,
    PRIMARY KEY (source, source_table, source_id)
) {strict};
CREATE INDEX imported_rows_people ON imported_rows (our_id) WHERE source_table = 'auth_user';

CREATE INDEX credentials_imported ON credentials (user_id) WHERE password_hash LIKE 'pbkdf2%';
";
