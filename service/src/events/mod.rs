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

use crate::{
    Result, Services,
    database::sql::{is_one_of_first, statement},
};
use entity::MemoEventKind;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend};
use uuid::Uuid;

/// Records what the actor did to a memo, in the transaction that does it and after its writes. The
/// caller has locked the memo's row, so that the events of one memo are written in the order of its
/// changes.
///
/// # Errors
/// What the database answers.
pub(crate) async fn record(
    services: &Services,
    transaction: &DatabaseTransaction,
    actor: Uuid,
    memo_id: Uuid,
    kind: MemoEventKind,
) -> Result<()> {
    let backend = transaction.get_database_backend();
    let sql = insert_sql(
        backend,
        &EventColumns { kind: "$4", deletion: "CAST(NULL AS {uuid})", ..EventColumns::default() },
    );
    let values = [memo_id.into(), actor.into(), services.now().into(), kind.word().into()];
    transaction.execute_raw(statement(backend, sql, values)).await?;
    Ok(())
}

/// Records what the actor did to each of the memos, as [`record`] does to one.
///
/// # Errors
/// What the database answers.
pub(crate) async fn record_all(
    services: &Services,
    transaction: &DatabaseTransaction,
    actor: Uuid,
    memo_ids: &[Uuid],
    kind: MemoEventKind,
) -> Result<()> {
    let backend = transaction.get_database_backend();
    let (one_of, ids) = is_one_of_first(backend, memo_ids);
    let sql = insert_sql(
        backend,
        &EventColumns {
            which: one_of,
            kind: "$4",
            deletion: "CAST(NULL AS {uuid})",
            ..EventColumns::default()
        },
    );
    let values = [ids, actor.into(), services.now().into(), kind.word().into()];
    transaction.execute_raw(statement(backend, sql, values)).await?;
    Ok(())
}

/// What stands in the columns of an event: names of parameters, or constants.
pub(crate) struct EventColumns<'a> {
    /// Where the memo's row is read from.
    pub(crate) memos: &'a str,
    /// Which memos: what follows after the column of their ids.
    pub(crate) which: &'a str,
    pub(crate) actor: &'a str,
    pub(crate) now: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) deletion: &'a str,
}

impl Default for EventColumns<'_> {
    fn default() -> Self {
        Self { memos: "memos", which: "= $1", actor: "$2", now: "$3", kind: "$4", deletion: "NULL" }
    }
}

/// The statement that records an event of a memo that exists, with those who may hear of it.
pub(crate) fn insert_sql(backend: DbBackend, columns: &EventColumns<'_>) -> String {
    let EventColumns { memos, which, actor, now, kind, deletion } = columns;
    let (subscribers, uuid) = match backend {
        DbBackend::Postgres => ("SELECT coalesce(jsonb_agg(s.user_id), '[]')", "uuid"),
        _ => ("SELECT json_group_array(lower(hex(s.user_id)))", "BLOB"),
    };
    format!(
        "INSERT INTO memo_events (memo_id, kind, actor_id, author_id, recipient_id, draft, \
         subscriber_ids, deletion_id, occurred_at) \
         SELECT m.id, {kind}, {actor}, m.author_id, m.recipient_id, m.draft, \
         ({subscribers} FROM memo_subscribers s WHERE s.memo_id = m.id), {}, {now} FROM {memos} m \
         WHERE m.id {which}",
        deletion.replace("{uuid}", uuid)
    )
}
