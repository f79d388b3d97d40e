//! What happens to memos, for those who listen: a table that the change itself writes to, put in
//! order after the commit (`sequence`), read once a process (`feed`).

mod feed;
mod id;
mod read;
mod sequence;

pub use feed::{Feed, ListenRefusal, MAX_CATCH_UPS};
pub use id::{open as open_id, seal as seal_id};
pub use read::purge;
pub use sequence::place;

use crate::{Result, Services, database::Parameters};
use chrono::{DateTime, Utc};
use entity::MemoEventKind;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement};
use uuid::Uuid;

/// Records what the actor did to a memo, in the transaction that does it and after its writes. The
/// caller has locked the memo's row, so that the events of one memo are written in the order of its
/// changes.
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

/// Records what the actor did to each of the memos, as [`record`] does to one.
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

/// What an event is written of.
pub(crate) struct EventSource<'a> {
    /// Where the memos' rows are read from.
    pub(crate) memos: &'a str,
    /// Which memos: what follows after the column of their ids.
    pub(crate) which: &'a str,
    /// The record of the deletion that it tells of.
    pub(crate) deletion: &'a str,
}

impl Default for EventSource<'_> {
    fn default() -> Self {
        Self { memos: "memos", which: "= :memo_id", deletion: "NULL" }
    }
}

/// The text that records an event of memos that exist, with those who may hear of it: what `:actor`
/// did `:now`, of that `:kind`.
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
            m.id, :kind, :actor, m.author_id, m.recipient_id, m.draft,
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
    }
}
