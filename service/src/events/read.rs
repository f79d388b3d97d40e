//! Reading events in their order.

use crate::{
    Error, Result, Services, Viewer, database::sql::statement, observed_time::ObservedTime,
};
use chrono::TimeDelta;
use entity::memo_event;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// Most events that are read at once.
pub(super) const BATCH: u64 = 200;

/// The last place that was given.
///
/// # Errors
/// What the database answers.
pub(super) async fn last_position(services: &Services) -> Result<i64> {
    let sql = "SELECT last_position FROM memo_event_counter WHERE id = 1";
    let statement = statement(services.database.backend(), sql, []);
    match services.database.connection().query_one_raw(statement).await? {
        Some(row) => Ok(row.try_get("", "last_position")?),
        None => Err(no_counter()),
    }
}

fn no_counter() -> Error {
    Error::Inconsistent("there is no counter of events".to_owned())
}

/// The next events after a place, in their order.
///
/// # Errors
/// What the database answers.
pub(super) async fn after(services: &Services, position: i64) -> Result<Vec<memo_event::Model>> {
    Ok(memo_event::Entity::find()
        .filter(memo_event::Column::Position.gt(position))
        .order_by_asc(memo_event::Column::Position)
        .limit(BATCH)
        .all(services.database.connection())
        .await?)
}

/// The events that a viewer catches up with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Missed {
    pub(super) viewer: Viewer,
    /// Of this memo alone.
    pub(super) memo_id: Option<Uuid>,
    /// Those after this position.
    pub(super) after: i64,
    /// Those up to this position.
    pub(super) until: i64,
}

/// The first [`BATCH`] of the events that a viewer has missed and may see. It reads these rows and
/// no others, however many events there are of other people.
///
/// # Errors
/// What the database answers.
pub(super) async fn missed(services: &Services, missed: Missed) -> Result<Vec<memo_event::Model>> {
    let backend = services.database.backend();
    let mut values = vec![missed.viewer.id.into(), missed.after.into(), missed.until.into()];
    values.extend(missed.memo_id.map(sea_orm::Value::from));
    let sql = missed_sql(missed.viewer.is_chief(), missed.memo_id.is_some());
    let statement = statement(backend, sql, values);
    let events = memo_event::Entity::find().from_raw_sql(statement);
    Ok(events.all(services.database.connection()).await?)
}

/// Each part is read in the order of its index. Chiefs see every event of a sent memo besides their
/// own.
fn missed_sql(is_chief: bool, of_one_memo: bool) -> String {
    let page = |rows: &str, positions: &str| {
        format!(
            "SELECT {positions} AS position FROM {rows} AND {positions} > $2 AND {positions} <= $3 \
             ORDER BY {positions} LIMIT {BATCH}"
        )
    };
    let own = "EXISTS (SELECT 1 FROM memo_event_viewers v WHERE v.user_id = $1 AND v.position = \
        e.position)";
    let found = match (of_one_memo, is_chief) {
        (true, false) => {
            page(&format!("memo_events e WHERE e.memo_id = $4 AND {own}"), "e.position")
        }
        (true, true) => page(
            &format!("memo_events e WHERE e.memo_id = $4 AND (NOT e.draft OR {own})"),
            "e.position",
        ),
        (false, false) => page("memo_event_viewers v WHERE v.user_id = $1", "v.position"),
        (false, true) => format!(
            "SELECT own.position FROM ({}) AS own UNION SELECT sent.position FROM ({}) AS sent",
            page("memo_event_viewers v WHERE v.user_id = $1", "v.position"),
            page("memo_events e WHERE NOT e.draft", "e.position"),
        ),
    };
    format!(
        "SELECT e.* FROM ({found}) AS found JOIN memo_events e ON e.position = found.position \
         ORDER BY e.position LIMIT {BATCH}"
    )
}

/// Whether every event after that place is still kept.
///
/// # Errors
/// What the database answers.
pub(super) async fn is_kept(services: &Services, position: i64) -> Result<bool> {
    // In one statement: an event that is placed between two would look like one that was there and
    // is gone.
    let sql = "SELECT coalesce((SELECT min(e.position) - 1 FROM memo_events e), c.last_position) \
        AS before_first \
               FROM memo_event_counter c WHERE c.id = 1";
    let statement = statement(services.database.backend(), sql, []);
    match services.database.connection().query_one_raw(statement).await? {
        Some(row) => Ok(position >= row.try_get::<i64>("", "before_first")?),
        None => Err(no_counter()),
    }
}

/// The place from after which on the viewer hears everything, as company management: that of the
/// last event before they became it. `None` for everybody else.
///
/// # Errors
/// What the database answers.
pub(super) async fn chief_after(services: &Services, viewer: Viewer) -> Result<Option<i64>> {
    let sql = "SELECT chief_after FROM users WHERE id = $1 AND role = 'CHIEF'";
    let statement = statement(services.database.backend(), sql, [viewer.id.into()]);
    let row = services.database.connection().query_one_raw(statement).await?;
    Ok(row.map(|row| row.try_get("", "chief_after")).transpose()?)
}

/// Removes the events that are older than that; answers how many there were.
///
/// # Errors
/// What the database answers.
pub async fn purge(
    services: &Services,
    observed: ObservedTime,
    kept_for: TimeDelta,
) -> Result<u64> {
    let now = observed.now;
    let removed = memo_event::Entity::delete_many()
        .filter(memo_event::Column::OccurredAt.lt(now - kept_for))
        .filter(memo_event::Column::Position.is_not_null())
        .exec(services.database.connection())
        .await?
        .rows_affected;
    // Also what a server that stopped between these two statements has left.
    let viewers = "DELETE FROM memo_event_viewers WHERE position < coalesce((SELECT \
        min(e.position) FROM memo_events e), \
                   (SELECT c.last_position + 1 FROM memo_event_counter c WHERE c.id = 1))";
    let viewers = statement(services.database.backend(), viewers, []);
    services.database.connection().execute_raw(viewers).await?;
    if removed > 0 {
        tracing::info!(events = removed, "old events removed");
    }
    Ok(removed)
}
