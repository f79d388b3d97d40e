//! The ledger: what of it the database knows, and what is still to be appended.
//!
//! `ledger` has one row if there is a ledger. Deletions and restores are taken from `memo_events`,
//! which they write anyway. Rarer things are noted in `ledger_entries` and deleted from it when
//! they are in the ledger. No key refers to the memo or its record, because both may be gone.

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
        let serial = if dialect::is_postgres(manager) {
            "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
        } else {
            // Without AUTOINCREMENT, SQLite uses the ids of deleted rows again.
            "INTEGER PRIMARY KEY AUTOINCREMENT"
        };
        dialect::run(manager, &UP.replace("{serial}", serial)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, DOWN).await?;
        dialect::drop_tables(manager, &["ledger_entries", "ledger"]).await
    }
}

const UP: &str = "
CREATE TABLE ledger (
    id {bigint} PRIMARY KEY CHECK (id = 1),
    line {bigint} NOT NULL,
    hash text NOT NULL,
    place {bigint} NOT NULL,
    event_position {bigint} NOT NULL,
    complete {bool} NOT NULL,
    missing {bigint} NOT NULL,
    claim {bigint} NOT NULL,
    held {bool} NOT NULL
) {strict};

CREATE TABLE ledger_entries (
    id {serial},
    kind text NOT NULL,
    deletion_id {uuid} NOT NULL,
    memo_id {uuid} NOT NULL,
    person_id {uuid},
    occurred_at {timestamp} NOT NULL
) {strict};
";

/// Before, only the event of a deletion named its record.
const DOWN: &str = "UPDATE memo_events SET deletion_id = NULL WHERE kind = 'RESTORED'";
