//! Notifications of work and not only of memos, the outbox of mails, and the kinds of mails that
//! people opt out of.
//!
//! Memo and work are not foreign keys here, because a notification remains after its subject is
//! gone.

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
        let extend =
            if dialect::is_postgres(manager) { EXTEND_ON_POSTGRES } else { EXTEND_ON_SQLITE };
        dialect::run(manager, extend).await?;
        dialect::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::drop_tables(manager, &["mail_opt_outs", "mails"]).await?;
        dialect::run(manager, DOWN).await?;
        if dialect::is_postgres(manager) {
            return dialect::run(
                manager,
                "ALTER TABLE notifications ALTER COLUMN memo_id SET NOT NULL",
            )
            .await;
        }
        Ok(())
    }
}

const EXTEND_ON_POSTGRES: &str = "
ALTER TABLE notifications ALTER COLUMN memo_id DROP NOT NULL;
ALTER TABLE notifications ADD COLUMN task_id {uuid};
ALTER TABLE notifications ADD COLUMN project_id {uuid};
";

/// SQLite cannot remove NOT NULL from a column, so the table is created again. Nothing refers to
/// it.
const EXTEND_ON_SQLITE: &str = "
CREATE TABLE new_notifications (
    id {uuid} PRIMARY KEY,
    user_id {uuid} NOT NULL REFERENCES users (id),
    kind text NOT NULL,
    actor_id {uuid} NOT NULL REFERENCES users (id),
    memo_id {uuid},
    deletion_id {uuid} REFERENCES memo_deletions (id),
    created_at {timestamp} NOT NULL,
    read_at {timestamp},
    task_id {uuid},
    project_id {uuid}
) {strict};
INSERT INTO new_notifications (id, user_id, kind, actor_id, memo_id, deletion_id, created_at, \
    read_at)
    SELECT id, user_id, kind, actor_id, memo_id, deletion_id, created_at, read_at FROM \
    notifications;
DROP TABLE notifications;
ALTER TABLE new_notifications RENAME TO notifications;
CREATE INDEX notifications_user ON notifications (user_id, id);
CREATE INDEX notifications_actor ON notifications (actor_id);
CREATE INDEX notifications_deletion ON notifications (deletion_id) WHERE deletion_id IS NOT NULL;
";

const UP: &str = "
CREATE INDEX notifications_unread ON notifications (user_id, id) WHERE read_at IS NULL;

CREATE TABLE mails (
    id {uuid} PRIMARY KEY,
    notification_id {uuid} NOT NULL UNIQUE REFERENCES notifications (id),
    user_id {uuid} NOT NULL REFERENCES users (id),
    subject_name text,
    attempts {bigint} NOT NULL DEFAULT 0,
    next_attempt_at {timestamp} NOT NULL,
    last_error text,
    sent_at {timestamp},
    given_up_at {timestamp},
    created_at {timestamp} NOT NULL,
    CHECK (subject_name IS NULL OR (sent_at IS NULL AND given_up_at IS NULL))
) {strict};
CREATE INDEX mails_due ON mails (next_attempt_at) WHERE sent_at IS NULL AND given_up_at IS NULL;
CREATE INDEX mails_user ON mails (user_id);

CREATE TABLE mail_opt_outs (
    user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind text NOT NULL,
    PRIMARY KEY (user_id, kind)
) {strict};
";

const DOWN: &str = "
DROP INDEX notifications_unread;
DELETE FROM notifications WHERE memo_id IS NULL;
ALTER TABLE notifications DROP COLUMN project_id;
ALTER TABLE notifications DROP COLUMN task_id;
";
