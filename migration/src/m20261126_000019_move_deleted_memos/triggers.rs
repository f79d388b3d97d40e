//! The triggers of memos and of their belongings.
//!
//! On SQLite, all of them are dropped while tables are created again, because a rename of a table
//! checks each trigger.

use crate::{
    dialect, m20261123_000006_track_memo_revisions as revisions,
    m20261123_000008_extend_memos as unread, m20261123_000016_find_memos as words,
};
use sea_orm_migration::prelude::*;

/// Drops the old triggers.
pub(super) async fn drop_old(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if dialect::is_postgres(manager) {
        return Ok(());
    }
    dialect::run(manager, &revisions::down_sqlite()).await?;
    dialect::run(manager, UNTRACK_UNREAD_MARKS).await?;
    dialect::run(manager, words::NO_WORD_TRIGGERS_ON_SQLITE).await
}

/// Creates the old triggers.
pub(super) async fn create_old(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if dialect::is_postgres(manager) {
        return Ok(());
    }
    dialect::run(manager, &revisions::up_sqlite()).await?;
    dialect::run(manager, unread::TRACK_ON_SQLITE).await?;
    dialect::run(manager, words::WORD_TRIGGERS_ON_SQLITE).await
}

/// Creates the new triggers, in addition to the old ones.
pub(super) async fn create(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    create_old(manager).await?;
    if dialect::is_postgres(manager) {
        dialect::run(manager, NEW_ON_POSTGRES).await?;
        return dialect::run(manager, &track_on_postgres("")).await;
    }
    dialect::run(manager, NEW_ON_SQLITE).await?;
    for table in BELONGINGS {
        let sql = format!(
            "CREATE TRIGGER {table}_of_live BEFORE INSERT ON {table}
                WHEN NOT EXISTS (SELECT 1 FROM memos m WHERE m.id = NEW.memo_id) BEGIN
                SELECT RAISE(ABORT, 'the memo is deleted');
            END;"
        );
        dialect::run(manager, &sql).await?;
    }
    Ok(())
}

const BELONGINGS: [&str; 6] =
    ["memo_subscribers", "memo_tags", "memo_files", "comments", "reminders", "unread_marks"];

/// Drops the new triggers. On SQLite it also drops the others, so that tables can be created again.
pub(super) async fn drop_new(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if dialect::is_postgres(manager) {
        let as_before = TRACK_ON_POSTGRES.replace("{first}", "").replace("{check}", "");
        dialect::run(manager, &as_before).await?;
        return dialect::run(manager, NO_NEW_ON_POSTGRES).await;
    }
    dialect::run(manager, NO_NEW_ON_SQLITE).await?;
    for table in BELONGINGS {
        dialect::run(manager, &format!("DROP TRIGGER {table}_of_live;")).await?;
    }
    drop_old(manager).await
}

/// - Every new memo adds its id to `memo_ids`.
/// - A memo on hold cannot go, live or deleted: its row is not deleted, and its id is not erased. A
///   restore still moves it back.
/// - `on_hold` follows the holds, in the table that contains the memo's row.
/// - Nobody can add anything to a deleted memo, so the counts of its record remain true. The update
///   of the memo's row comes first. It waits for a deletion in progress.
const NEW_ON_POSTGRES: &str = "
CREATE FUNCTION memoranda_refuse_deleted() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the memo is deleted' USING ERRCODE = 'foreign_key_violation';
END $$;

CREATE FUNCTION memoranda_enter_id() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO memo_ids (id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
    RETURN NEW;
END $$;
CREATE TRIGGER memos_enter_id BEFORE INSERT ON memos
    FOR EACH ROW EXECUTE FUNCTION memoranda_enter_id();

CREATE FUNCTION memoranda_keep_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'memo % is on hold', OLD.id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER memos_keep_held BEFORE DELETE ON memos
    FOR EACH ROW WHEN (OLD.on_hold) EXECUTE FUNCTION memoranda_keep_held();

CREATE FUNCTION memoranda_keep_held_id() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM memo_holds h WHERE h.held_memo_id = NEW.id) THEN
        RAISE EXCEPTION 'memo % is on hold', NEW.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER memo_ids_keep_held BEFORE UPDATE OF erasing ON memo_ids
    FOR EACH ROW WHEN (NEW.erasing) EXECUTE FUNCTION memoranda_keep_held_id();

CREATE OR REPLACE FUNCTION memoranda_track_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE memos SET revision = revision + 1,
            on_hold = EXISTS (SELECT 1 FROM memo_holds h WHERE h.held_memo_id = memos.id)
        WHERE id IN (SELECT memo_id FROM changed);
    UPDATE deleted_memos SET
            on_hold = EXISTS (SELECT 1 FROM memo_holds h WHERE h.held_memo_id = deleted_memos.id)
        WHERE id IN (SELECT memo_id FROM changed);
    RETURN NULL;
END $$;
";

/// An additional check in the functions that track belongings.
const REFUSE_DELETED: &str = "    IF TG_OP = 'INSERT' AND EXISTS (SELECT 1 FROM changed c
            WHERE NOT EXISTS (SELECT 1 FROM memos m WHERE m.id = c.memo_id)) THEN
        PERFORM memoranda_refuse_deleted();
    END IF;
";

/// The functions that track belongings, with what they do first, which a later migration adds.
pub(crate) fn track_on_postgres(first: &str) -> String {
    TRACK_ON_POSTGRES.replace("{first}", first).replace("{check}", REFUSE_DELETED)
}

/// On the way down they have no check, as before.
const TRACK_ON_POSTGRES: &str = "
CREATE OR REPLACE FUNCTION memoranda_touch_memos() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
{first}    UPDATE memos SET revision = revision + 1 WHERE id IN (SELECT memo_id FROM changed);
{check}    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION memoranda_touch_memos_by_own_file() RETURNS trigger LANGUAGE plpgsql AS \
    $$
BEGIN
{first}    IF NOT EXISTS (SELECT 1 FROM changed) THEN
        RETURN NULL;
    END IF;
    UPDATE memos SET revision = revision + 1
        WHERE id IN (SELECT memo_id FROM changed
            UNION SELECT f.memo_id FROM memo_files f JOIN changed c ON c.file_id = f.file_id);
{check}    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION memoranda_count_comments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
{first}    UPDATE memos SET revision = memos.revision + 1,
            comment_count = memos.comment_count + TG_ARGV[0]::bigint * c.written,
            author_comment_count = memos.author_comment_count + TG_ARGV[0]::bigint * c.by_author,
            recipient_comment_count =
                memos.recipient_comment_count + TG_ARGV[0]::bigint * c.by_recipient
        FROM (SELECT m.id, count(*) AS written,
                  count(*) FILTER (WHERE changed.author_id = m.author_id) AS by_author,
                  count(*) FILTER (WHERE changed.author_id = m.recipient_id) AS by_recipient
              FROM changed JOIN memos m ON m.id = changed.memo_id GROUP BY m.id) c
        WHERE memos.id = c.id;
{check}    RETURN NULL;
END $$;
";

const NO_NEW_ON_POSTGRES: &str = "
DROP TRIGGER memos_enter_id ON memos;
DROP TRIGGER memos_keep_held ON memos;
DROP TRIGGER memo_ids_keep_held ON memo_ids;
DROP FUNCTION memoranda_enter_id();
DROP FUNCTION memoranda_keep_held();
DROP FUNCTION memoranda_keep_held_id();

DROP FUNCTION memoranda_refuse_deleted();

CREATE OR REPLACE FUNCTION memoranda_track_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE memos SET revision = revision + 1,
            on_hold = EXISTS (SELECT 1 FROM memo_holds h WHERE h.held_memo_id = memos.id)
        WHERE id IN (SELECT memo_id FROM changed);
    RETURN NULL;
END $$;
";

const NEW_ON_SQLITE: &str = "
CREATE TRIGGER memos_enter_id BEFORE INSERT ON memos BEGIN
    INSERT INTO memo_ids (id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER memos_keep_held BEFORE DELETE ON memos WHEN OLD.on_hold BEGIN
    SELECT RAISE(ABORT, 'the memo is on hold');
END;
CREATE TRIGGER memo_ids_keep_held BEFORE UPDATE OF erasing ON memo_ids
    WHEN NEW.erasing AND EXISTS (SELECT 1 FROM memo_holds h WHERE h.held_memo_id = NEW.id) BEGIN
    SELECT RAISE(ABORT, 'the memo is on hold');
END;
CREATE TRIGGER memo_holds_insert_reached AFTER INSERT ON memo_holds BEGIN
    UPDATE deleted_memos SET on_hold =
        EXISTS (SELECT 1 FROM memo_holds h WHERE h.held_memo_id = deleted_memos.id)
        WHERE id = NEW.memo_id;
END;
CREATE TRIGGER memo_holds_update_reached AFTER UPDATE ON memo_holds BEGIN
    UPDATE deleted_memos SET on_hold =
        EXISTS (SELECT 1 FROM memo_holds h WHERE h.held_memo_id = deleted_memos.id)
        WHERE id = NEW.memo_id;
END;
CREATE TRIGGER memo_holds_delete_reached AFTER DELETE ON memo_holds BEGIN
    UPDATE deleted_memos SET on_hold =
        EXISTS (SELECT 1 FROM memo_holds h WHERE h.held_memo_id = deleted_memos.id)
        WHERE id = OLD.memo_id;
END;
";

const NO_NEW_ON_SQLITE: &str = "
DROP TRIGGER memos_enter_id;
DROP TRIGGER memos_keep_held;
DROP TRIGGER memo_ids_keep_held;
DROP TRIGGER memo_holds_insert_reached;
DROP TRIGGER memo_holds_update_reached;
DROP TRIGGER memo_holds_delete_reached;
";

const UNTRACK_UNREAD_MARKS: &str = "
DROP TRIGGER unread_marks_insert_tracked;
DROP TRIGGER unread_marks_delete_tracked;
";
