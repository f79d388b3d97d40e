//! Events of memos, for subscriptions. The transaction of a change writes them, and they are kept
//! for a while.
//!
//! `id` is the order of writing. For one memo it is also the order of the changes, because each
//! change locks the memo first. Transactions do not end in the order in which they begin. So a
//! reader who has seen an id cannot know whether a smaller one will still appear. `position` is
//! assigned after the commit, under the lock of the only row of `memo_event_counter`. A reader who
//! sees a position also sees all smaller ones.

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
        dialect::drop_tables(manager, &["memo_event_counter", "memo_events"]).await
    }
}

const UP: &str = "
CREATE TABLE memo_events (
    id {serial},
    position {bigint} UNIQUE,
    memo_id {uuid} NOT NULL,
    kind text NOT NULL,
    actor_id {uuid} NOT NULL REFERENCES users (id),
    author_id {uuid} NOT NULL REFERENCES users (id),
    recipient_id {uuid} NOT NULL REFERENCES users (id),
    draft {bool} NOT NULL,
    subscriber_ids {json} NOT NULL,
    deletion_id {uuid} REFERENCES memo_deletions (id),
    occurred_at {timestamp} NOT NULL
) {strict};
CREATE INDEX memo_events_unplaced ON memo_events (id) WHERE position IS NULL;
CREATE INDEX memo_events_occurred ON memo_events (occurred_at);
CREATE INDEX memo_events_actor ON memo_events (actor_id);
CREATE INDEX memo_events_author ON memo_events (author_id);
CREATE INDEX memo_events_recipient ON memo_events (recipient_id);
CREATE INDEX memo_events_deletion ON memo_events (deletion_id) WHERE deletion_id IS NOT NULL;

CREATE TABLE memo_event_counter (
    id {bigint} PRIMARY KEY CHECK (id = 1),
    last_position {bigint} NOT NULL
) {strict};
INSERT INTO memo_event_counter (id, last_position) VALUES (1, 0);
";
