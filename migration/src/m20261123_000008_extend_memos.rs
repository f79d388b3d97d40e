//! Adds a version against lost updates, unread marks, the time at which a reminder fired, and the
//! memo from which work was created.

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
        let triggers =
            if dialect::is_postgres(manager) { TRACK_ON_POSTGRES } else { TRACK_ON_SQLITE };
        dialect::run(manager, triggers).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, DOWN).await
    }
}

/// `source_memo_id` is not a foreign key: the work remains after the memo is deleted. The deletion
/// record then describes the memo.
const UP: &str = "
ALTER TABLE memos ADD COLUMN version {bigint} NOT NULL DEFAULT 1;

ALTER TABLE reminders ADD COLUMN fired_at {timestamp};
CREATE INDEX reminders_due ON reminders (due_at) WHERE fired_at IS NULL AND dismissed_at IS NULL;

ALTER TABLE tasks ADD COLUMN source_memo_id {uuid};
CREATE INDEX tasks_source_memo ON tasks (source_memo_id) WHERE source_memo_id IS NOT NULL;
UPDATE tasks SET source_memo_id = (SELECT m.id FROM memos m WHERE m.task_id = tasks.id ORDER BY \
    m.id LIMIT 1);

ALTER TABLE projects ADD COLUMN source_memo_id {uuid};
CREATE INDEX projects_source_memo ON projects (source_memo_id) WHERE source_memo_id IS NOT NULL;
UPDATE projects SET source_memo_id = (SELECT m.id FROM memos m WHERE m.project_id = projects.id \
    ORDER BY m.id LIMIT 1);

CREATE TABLE unread_marks (
    memo_id {uuid} NOT NULL REFERENCES memos (id) ON DELETE CASCADE,
    user_id {uuid} NOT NULL REFERENCES users (id),
    created_at {timestamp} NOT NULL,
    PRIMARY KEY (memo_id, user_id)
) {strict};
CREATE INDEX unread_marks_user ON unread_marks (user_id, memo_id);
";

/// A preview lists unread marks. So they raise the memo's revision like everything that is tied to
/// it.
const TRACK_ON_POSTGRES: &str = "
CREATE TRIGGER unread_marks_insert_tracked AFTER INSERT ON unread_marks REFERENCING NEW TABLE AS \
    changed
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION memoranda_touch_memos();
CREATE TRIGGER unread_marks_delete_tracked AFTER DELETE ON unread_marks REFERENCING OLD TABLE AS \
    changed
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION memoranda_touch_memos();
";
pub(crate) const TRACK_ON_SQLITE: &str = "
CREATE TRIGGER unread_marks_insert_tracked AFTER INSERT ON unread_marks
    BEGIN UPDATE memos SET revision = revision + 1 WHERE id = NEW.memo_id; END;
CREATE TRIGGER unread_marks_delete_tracked AFTER DELETE ON unread_marks
    BEGIN UPDATE memos SET revision = revision + 1 WHERE id = OLD.memo_id; END;
";

const DOWN: &str = "
DROP TABLE unread_marks;
DROP INDEX projects_source_memo;
ALTER TABLE projects DROP COLUMN source_memo_id;
DROP INDEX tasks_source_memo;
ALTER TABLE tasks DROP COLUMN source_memo_id;
DROP INDEX reminders_due;
ALTER TABLE reminders DROP COLUMN fired_at;
ALTER TABLE memos DROP COLUMN version;
";
