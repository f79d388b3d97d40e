//! Notifications get positions, so that people can subscribe to them.
//!
//! They get them as events do: after the commit, under the lock of the only row of
//! `notification_counter`. Older ones have the position 0. A column with a default that is taken
//! away again changes no row on PostgreSQL, and servers of the version before write nulls.

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
        let column = if dialect::is_postgres(manager) { POSTGRES_COLUMN } else { SQLITE_COLUMN };
        dialect::run(manager, column).await?;
        dialect::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, DOWN).await?;
        dialect::drop_tables(manager, &["notification_counter"]).await
    }
}

const POSTGRES_COLUMN: &str = "
ALTER TABLE notifications ADD COLUMN position bigint DEFAULT 0;
ALTER TABLE notifications ALTER COLUMN position DROP DEFAULT;
";

const SQLITE_COLUMN: &str = "
ALTER TABLE notifications ADD COLUMN position INTEGER;
UPDATE notifications SET position = 0;
";

const UP: &str = "
CREATE INDEX notifications_unplaced ON notifications (id) WHERE position IS NULL;
CREATE INDEX notifications_placed ON notifications (position) WHERE position IS NOT NULL;
CREATE INDEX notifications_of_user ON notifications (user_id, position) WHERE position IS NOT NULL;

CREATE TABLE notification_counter (
    id {bigint} PRIMARY KEY CHECK (id = 1),
    last_position {bigint} NOT NULL
) {strict};
INSERT INTO notification_counter (id, last_position) VALUES (1, 0);
";

const DOWN: &str = "
DROP INDEX notifications_of_user;
DROP INDEX notifications_placed;
DROP INDEX notifications_unplaced;
ALTER TABLE notifications DROP COLUMN position;
";
