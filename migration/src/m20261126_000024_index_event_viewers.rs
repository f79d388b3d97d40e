//! Who may see which event. So a client that catches up reads only its own events.
//!
//! `memo_event_viewers` contains author, recipient and subscribers at the time of the event. For a
//! draft's event, it contains the author only. Chiefs see every event of a sent memo, which an
//! index of `memo_events` finds. A trigger writes the rows when an event gets its position. Events
//! without a position are not read. The trigger also serves servers of an older version. The rows
//! have no key to the events: reads join them, and the purge of events removes them by position.

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
        let (options, subscribers, trigger) = if dialect::is_postgres(manager) {
            ("", SUBSCRIBERS_POSTGRES, TRIGGER_POSTGRES)
        } else {
            ("STRICT, WITHOUT ROWID", SUBSCRIBERS_SQLITE, TRIGGER_SQLITE)
        };
        dialect::run(manager, &UP.replace("{options}", options)).await?;
        let viewers = VIEWERS.replace("{subscribers}", subscribers);
        let existing = viewers.replace("{events}", "memo_events e WHERE e.position IS NOT NULL");
        dialect::run(manager, &existing).await?;
        let placed = viewers.replace("{events}", "positioned e WHERE e.position IS NOT NULL");
        dialect::run(manager, &trigger.replace("{viewers}", &placed)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = if dialect::is_postgres(manager) { DOWN_POSTGRES } else { DOWN_SQLITE };
        dialect::run(manager, sql).await?;
        dialect::drop_tables(manager, &["memo_event_viewers"]).await
    }
}

const UP: &str = "
CREATE TABLE memo_event_viewers (
    user_id {uuid} NOT NULL,
    position {bigint} NOT NULL,
    PRIMARY KEY (user_id, position)
) {options};
CREATE INDEX memo_event_viewers_position ON memo_event_viewers (position);
CREATE INDEX memo_events_sent ON memo_events (position) WHERE NOT draft AND position IS NOT NULL;
CREATE INDEX memo_events_memo ON memo_events (memo_id, position) WHERE position IS NOT NULL;
";

/// Adds the viewers of some events. A person with two roles in a memo is added once.
const VIEWERS: &str = "
WITH placed AS (SELECT e.* FROM {events})
INSERT INTO memo_event_viewers (user_id, position)
SELECT e.author_id, e.position FROM placed e
UNION SELECT e.recipient_id, e.position FROM placed e WHERE NOT e.draft
UNION SELECT {subscribers} WHERE NOT e.draft";

const SUBSCRIBERS_POSTGRES: &str =
    "s.id::uuid, e.position FROM placed e, jsonb_array_elements_text(e.subscriber_ids) AS s (id)";
const SUBSCRIBERS_SQLITE: &str =
    "unhex(s.value, '-'), e.position FROM placed e, json_each(e.subscriber_ids) AS s";

const TRIGGER_POSTGRES: &str = "
CREATE FUNCTION memoranda_note_event_viewers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {viewers}
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER memo_events_note_viewers AFTER UPDATE ON memo_events REFERENCING NEW TABLE AS \
    positioned
    FOR EACH STATEMENT EXECUTE FUNCTION memoranda_note_event_viewers();
";

/// SQLite has no common table expressions in triggers.
const TRIGGER_SQLITE: &str = "
CREATE TRIGGER memo_events_note_viewers AFTER UPDATE OF position ON memo_events WHEN NEW.position \
    IS NOT NULL
BEGIN
    INSERT OR IGNORE INTO memo_event_viewers (user_id, position)
    SELECT NEW.author_id, NEW.position
    UNION SELECT NEW.recipient_id, NEW.position WHERE NOT NEW.draft
    UNION SELECT unhex(s.value, '-'), NEW.position FROM json_each(NEW.subscriber_ids) AS s WHERE \
    NOT NEW.draft;
END;
";

const DOWN_POSTGRES: &str = "
DROP TRIGGER memo_events_note_viewers ON memo_events;
DROP FUNCTION memoranda_note_event_viewers();
DROP INDEX memo_events_memo;
DROP INDEX memo_events_sent;
";

const DOWN_SQLITE: &str = "
DROP TRIGGER memo_events_note_viewers;
DROP INDEX memo_events_memo;
DROP INDEX memo_events_sent;
";
