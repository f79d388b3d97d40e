//! Bytes are removed from the file store outside any transaction, so their locations are noted
//! first.
//!
//! A row of `blob_removals` means that the bytes at a location are to be removed and that no file
//! has them. The row is deleted after the bytes are removed. A trigger refuses a content at such a
//! location, because its bytes would be removed as well. On PostgreSQL, this refusal looks like a
//! serialization failure. So the transaction is retried and then sees the removal.

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
        dialect::run(manager, UP).await?;
        let triggers = if dialect::is_postgres(manager) { UP_POSTGRES } else { UP_SQLITE };
        dialect::run(manager, triggers).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let (triggers, key) = if dialect::is_postgres(manager) {
            (DOWN_POSTGRES, KEY_POSTGRES)
        } else {
            (DOWN_SQLITE, KEY_SQLITE)
        };
        dialect::run(manager, triggers).await?;
        dialect::run(manager, &DOWN.replace("{key}", key)).await
    }
}

const UP: &str = "
ALTER TABLE blobs ADD COLUMN claimed_at {timestamp};
CREATE TABLE blob_removals (
    location text PRIMARY KEY,
    created_at {timestamp} NOT NULL
) {strict};
";

const UP_POSTGRES: &str = "
CREATE FUNCTION memoranda_refuse_removed_location() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM blob_removals r WHERE r.location = NEW.location) THEN
        RAISE EXCEPTION 'the bytes at % are being removed', NEW.location USING ERRCODE = '40001';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER blobs_not_removed AFTER INSERT ON blobs
    FOR EACH ROW EXECUTE FUNCTION memoranda_refuse_removed_location();
";

const UP_SQLITE: &str = "
CREATE TRIGGER blobs_not_removed AFTER INSERT ON blobs
WHEN EXISTS (SELECT 1 FROM blob_removals r WHERE r.location = NEW.location)
BEGIN
    SELECT RAISE(ABORT, 'the bytes at this location are being removed');
END;
";

const DOWN_POSTGRES: &str = "
DROP TRIGGER blobs_not_removed ON blobs;
DROP FUNCTION memoranda_refuse_removed_location();
";

const DOWN_SQLITE: &str = "
DROP TRIGGER blobs_not_removed;
";

/// Remaining removals become contents that nothing uses, which the older version removes. The key
/// must be a text of 64 characters that is not the hash of any content.
const DOWN: &str = "
INSERT INTO blobs (sha256, size, location, created_at)
    SELECT {key}, 0, r.location, r.created_at
    FROM (SELECT location, created_at, row_number() OVER (ORDER BY location) AS n FROM \
    blob_removals) r;
DROP TABLE blob_removals;
ALTER TABLE blobs DROP COLUMN claimed_at;
";

const KEY_POSTGRES: &str = "'removed-' || lpad(r.n::text, 56, '0')";

const KEY_SQLITE: &str = "'removed-' || printf('%056d', r.n)";
