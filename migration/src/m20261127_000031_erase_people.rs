//! Erasing people: a record of each erasure, and what recognises an erased person who comes back.
//!
//! `erased_identities` has keyed hashes of provider subjects and addresses. Their key is in
//! `installation`, because it must outlive every secret: a hash cannot be made again with a new
//! key. It is created here, so that each backup from now on has it.

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
        let key = if dialect::is_postgres(manager) {
            // Two random UUIDs have 244 random bits.
            "replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')"
        } else {
            "lower(hex(randomblob(32)))"
        };
        dialect::run(manager, &UP.replace("{key}", key)).await?;
        if dialect::is_postgres(manager) {
            dialect::run(manager, UP_ON_POSTGRES).await
        } else {
            dialect::run(manager, UP_ON_SQLITE).await
        }
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if dialect::is_postgres(manager) {
            dialect::run(manager, DOWN_ON_POSTGRES).await?;
        } else {
            dialect::run(manager, DOWN_ON_SQLITE).await?;
        }
        dialect::run(manager, DOWN).await?;
        dialect::drop_tables(manager, &["erased_identities", "person_erasures"]).await
    }
}

/// An erased person is never active again.
const UP: &str = "
ALTER TABLE users ADD COLUMN erased_at {timestamp} CHECK (erased_at IS NULL OR NOT active);

CREATE TABLE person_erasures (
    id {uuid} PRIMARY KEY,
    person_id {uuid} NOT NULL UNIQUE REFERENCES users (id),
    erased_by {uuid} REFERENCES users (id),
    erased_at {timestamp} NOT NULL,
    reason text CHECK (length(reason) BETWEEN 1 AND 250),
    counts {json} NOT NULL
) {strict};
CREATE INDEX person_erasures_erased_by ON person_erasures (erased_by) WHERE erased_by IS NOT NULL;

CREATE TABLE erased_identities (
    hash text PRIMARY KEY,
    erased_at {timestamp} NOT NULL
) {strict};

INSERT INTO installation (name, value) VALUES ('erased_identities_key', {key});
";

const DOWN: &str = "
DELETE FROM installation WHERE name IN ('erased_identities_key', 'erased_traces');

ALTER TABLE users DROP COLUMN erased_at;
";

const UP_ON_POSTGRES: &str = "
ALTER TABLE ledger_entries ALTER COLUMN deletion_id DROP NOT NULL;
ALTER TABLE ledger_entries ALTER COLUMN memo_id DROP NOT NULL;
ALTER TABLE ledger_entries ADD COLUMN erased_person_id uuid;
ALTER TABLE ledger_entries ADD COLUMN identities jsonb;
ALTER TABLE ledger_entries ADD CONSTRAINT ledger_entries_subject CHECK (
    (deletion_id IS NULL) = (memo_id IS NULL)
    AND (deletion_id IS NULL) = (erased_person_id IS NOT NULL)
);
";

const DOWN_ON_POSTGRES: &str = "
DELETE FROM ledger_entries WHERE erased_person_id IS NOT NULL;
ALTER TABLE ledger_entries DROP CONSTRAINT ledger_entries_subject;
ALTER TABLE ledger_entries DROP COLUMN identities;
ALTER TABLE ledger_entries DROP COLUMN erased_person_id;
ALTER TABLE ledger_entries ALTER COLUMN memo_id SET NOT NULL;
ALTER TABLE ledger_entries ALTER COLUMN deletion_id SET NOT NULL;
";

/// SQLite cannot change the columns of a table. No key refers to this one.
const UP_ON_SQLITE: &str = "
ALTER TABLE ledger_entries RENAME TO old_ledger_entries;
CREATE TABLE ledger_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind text NOT NULL,
    deletion_id {uuid},
    memo_id {uuid},
    person_id {uuid},
    occurred_at {timestamp} NOT NULL,
    erased_person_id {uuid},
    identities {json},
    CHECK (
        (deletion_id IS NULL) = (memo_id IS NULL)
        AND (deletion_id IS NULL) = (erased_person_id IS NOT NULL)
    )
) {strict};
INSERT INTO ledger_entries (id, kind, deletion_id, memo_id, person_id, occurred_at)
    SELECT id, kind, deletion_id, memo_id, person_id, occurred_at FROM old_ledger_entries;
DROP TABLE old_ledger_entries;
";

const DOWN_ON_SQLITE: &str = "
ALTER TABLE ledger_entries RENAME TO new_ledger_entries;
CREATE TABLE ledger_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind text NOT NULL,
    deletion_id {uuid} NOT NULL,
    memo_id {uuid} NOT NULL,
    person_id {uuid},
    occurred_at {timestamp} NOT NULL
) {strict};
INSERT INTO ledger_entries (id, kind, deletion_id, memo_id, person_id, occurred_at)
    SELECT id, kind, deletion_id, memo_id, person_id, occurred_at FROM new_ledger_entries
    WHERE erased_person_id IS NULL;
DROP TABLE new_ledger_entries;
";
