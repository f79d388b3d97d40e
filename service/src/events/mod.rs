//! What happens to memos, for subscribers. The change itself writes to a table of events. The
//! module `feed` orders and delivers them.

mod read;
mod subscribe;

pub(crate) use read::is_kept;
pub use read::{WantedEvents, purge};
pub use subscribe::{Events, listen};

use crate::{
    Result, Services,
    database::{Parameters, Signal},
    feed::{self, Sequence},
};
use chrono::{DateTime, Utc};
use entity::MemoEventKind;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement};
use uuid::Uuid;

/// The order of events.
pub const SEQUENCE: Sequence = Sequence {
    table: "memo_events",
    counter: "memo_event_counter",
    signal: Signal::Events,
    id_label: "event id",
};

/// Assigns a position to every event without one. Returns their number.
///
/// # Errors
/// Returns errors of the database. No position is assigned then.
pub async fn place(services: &Services) -> Result<u64> {
    feed::place(services, SEQUENCE).await
}

/// Records an action of the actor on a memo, in the same transaction and after its other writes.
/// The caller has locked the memo's row, so events of one memo are in the order of its changes.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn record(
    services: &Services,
    transaction: &DatabaseTransaction,
    actor: Uuid,
    memo_id: Uuid,
    kind: MemoEventKind,
) -> Result<()> {
    let backend = transaction.get_database_backend();
    let event = new_event_statement(backend, memo_id, actor, kind, services.now());
    transaction.execute_raw(event).await?;
    Ok(())
}

fn new_event_statement(
    backend: DbBackend,
    memo_id: Uuid,
    actor: Uuid,
    kind: MemoEventKind,
    now: DateTime<Utc>,
) -> Statement {
    let mut parameters = Parameters::new(backend);
    parameters.bind("memo_id", memo_id).bind("actor", actor);
    parameters.bind("kind", kind.as_str()).bind("now", now);
    parameters.statement(&insert_sql(backend, &EventSource::default()))
}

/// Records that the actor has restored the memo of that deletion record, like [`record`].
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn record_restore(
    services: &Services,
    transaction: &DatabaseTransaction,
    actor: Uuid,
    memo_id: Uuid,
    record_id: Uuid,
) -> Result<()> {
    let backend = transaction.get_database_backend();
    let event = restore_event_statement(backend, memo_id, actor, record_id, services.now());
    transaction.execute_raw(event).await?;
    Ok(())
}

fn restore_event_statement(
    backend: DbBackend,
    memo_id: Uuid,
    actor: Uuid,
    record_id: Uuid,
    now: DateTime<Utc>,
) -> Statement {
    let mut parameters = Parameters::new(backend);
    parameters.bind("memo_id", memo_id).bind("actor", actor).bind("record_id", record_id);
    parameters.bind("kind", MemoEventKind::Restored.as_str()).bind("now", now);
    let restore = EventSource { deletion: ":record_id", ..EventSource::default() };
    parameters.statement(&insert_sql(backend, &restore))
}

/// Records an action of the actor on each of the memos, like [`record`].
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn record_all(
    services: &Services,
    transaction: &DatabaseTransaction,
    actor: Uuid,
    memo_ids: &[Uuid],
    kind: MemoEventKind,
) -> Result<()> {
    let backend = transaction.get_database_backend();
    let events = new_events_statement(backend, memo_ids, actor, kind, services.now());
    transaction.execute_raw(events).await?;
    Ok(())
}

fn new_events_statement(
    backend: DbBackend,
    memo_ids: &[Uuid],
    actor: Uuid,
    kind: MemoEventKind,
    now: DateTime<Utc>,
) -> Statement {
    let mut parameters = Parameters::new(backend);
    parameters.bind_ids("memo_ids", memo_ids).bind("actor", actor);
    parameters.bind("kind", kind.as_str()).bind("now", now);
    let several = EventSource { which: "IN :memo_ids", ..EventSource::default() };
    parameters.statement(&insert_sql(backend, &several))
}

/// The source of an event.
pub(crate) struct EventSource<'a> {
    /// The table or expression with the memos' rows.
    pub(crate) memos: &'a str,
    /// Which memos: the condition that follows the column of their ids.
    pub(crate) which: &'a str,
    /// The record of the deletion to which the event belongs.
    pub(crate) deletion: &'a str,
}

impl Default for EventSource<'_> {
    fn default() -> Self {
        Self { memos: "memos", which: "= :memo_id", deletion: "NULL" }
    }
}

/// The statement that records an event of existing memos and who may receive it. `:actor` did
/// `:kind` at the time `:now`. Only the author receives events of a draft, so they do not name the
/// recipient: a reference would keep that person from being deleted, which tells of the draft.
pub(crate) fn insert_sql(backend: DbBackend, source: &EventSource<'_>) -> String {
    let EventSource { memos, which, deletion } = source;
    let (subscribers, uuid) = match backend {
        DbBackend::Postgres => ("coalesce(jsonb_agg(s.user_id), '[]')", "uuid"),
        _ => ("json_group_array(lower(hex(s.user_id)))", "BLOB"),
    };
    format!(
        "INSERT INTO memo_events (
            memo_id, kind, actor_id, author_id, recipient_id, draft,
            subscriber_ids,
            deletion_id, occurred_at
        )
        SELECT
            m.id, :kind, :actor, m.author_id,
            CASE WHEN m.draft THEN m.author_id ELSE m.recipient_id END,
            m.draft,
            (SELECT {subscribers} FROM memo_subscribers s WHERE s.memo_id = m.id),
            CAST({deletion} AS {uuid}), :now
        FROM {memos} m
        WHERE m.id {which}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        let (id, now, kind) = (Uuid::nil(), DateTime::UNIX_EPOCH, MemoEventKind::Updated);
        assert_statement("new_event", |backend| new_event_statement(backend, id, id, kind, now));
        assert_statement("new_events", |backend| {
            new_events_statement(backend, &[id], id, kind, now)
        });
        assert_statement("restore_event", |backend| {
            restore_event_statement(backend, id, id, id, now)
        });
    }
}
