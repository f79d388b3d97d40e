//! Reading events in order.

use super::SEQUENCE;
use crate::{
    Result, Services, Viewer,
    database::{Parameters, sql::column_names},
    feed::{BATCH, Part},
    observed_time::ObservedTime,
};
use chrono::TimeDelta;
use entity::memo_event;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    Statement,
};
use uuid::Uuid;

/// The events that a subscriber receives.
#[derive(Debug)]
pub struct WantedEvents {
    pub(super) viewer: Viewer,
    /// Only those of this memo, if it is given.
    pub(super) memo_id: Option<Uuid>,
    /// They receive all events after this position. `None` if they are not company management.
    pub(super) chief_after: Option<i64>,
}

/// The next events after a position, in order.
///
/// # Errors
/// Returns errors of the database.
pub(super) async fn after(services: &Services, position: i64) -> Result<Vec<memo_event::Model>> {
    Ok(memo_event::Entity::find()
        .filter(memo_event::Column::Position.gt(position))
        .order_by_asc(memo_event::Column::Position)
        .limit(BATCH)
        .all(services.database.connection())
        .await?)
}

/// The first [`BATCH`] of the events that a viewer has missed and may see. The statement reads only
/// these rows, no matter how many events other people have.
///
/// # Errors
/// Returns errors of the database.
pub(super) async fn missed(
    services: &Services,
    wanted: &WantedEvents,
    part: Part,
) -> Result<Vec<memo_event::Model>> {
    let statement = missed_events_statement(services.database.backend(), wanted, part);
    let events = memo_event::Entity::find().from_raw_sql(statement);
    Ok(events.all(services.database.connection()).await?)
}

/// The events at the first positions that the viewer has missed.
fn missed_events_statement(
    backend: DbBackend,
    WantedEvents { viewer, memo_id, .. }: &WantedEvents,
    part: Part,
) -> Statement {
    let columns = column_names::<memo_event::Entity>("e.");
    let places = match (memo_id.is_some(), viewer.is_chief()) {
        (false, false) => own_places(),
        (false, true) => own_and_sent_places(),
        (true, is_chief) => places_of_memo(is_chief),
    };
    let mut parameters = Parameters::new(backend);
    parameters.bind("viewer", viewer.id).bind("memo_id", *memo_id);
    parameters.bind("after", part.after).bind("until", part.until);
    parameters.statement(&format!(
        "SELECT {columns}
        FROM ({places}) AS missed
        JOIN memo_events e ON e.position = missed.position
        ORDER BY e.position
        LIMIT {BATCH}"
    ))
}

fn own_places() -> String {
    format!(
        "SELECT v.position AS position
        FROM memo_event_viewers v
        WHERE v.user_id = :viewer AND v.position > :after AND v.position <= :until
        ORDER BY v.position
        LIMIT {BATCH}"
    )
}

/// Chiefs see their own events and every event of a sent memo. Each part is read in the order of
/// its index.
fn own_and_sent_places() -> String {
    let own_places = own_places();
    format!(
        "SELECT own.position
        FROM ({own_places}) AS own
        UNION
        SELECT sent.position
        FROM (
            SELECT e.position AS position
            FROM memo_events e
            WHERE NOT e.draft AND e.position > :after AND e.position <= :until
            ORDER BY e.position
            LIMIT {BATCH}
        ) AS sent"
    )
}

/// The same for one memo.
fn places_of_memo(is_chief: bool) -> String {
    let own = "EXISTS (
        SELECT 1
        FROM memo_event_viewers v
        WHERE v.user_id = :viewer AND v.position = e.position
    )";
    let seen = if is_chief { format!("(NOT e.draft OR {own})") } else { own.to_owned() };
    format!(
        "SELECT e.position AS position
        FROM memo_events e
        WHERE e.memo_id = :memo_id
            AND {seen}
            AND e.position > :after
            AND e.position <= :until
        ORDER BY e.position
        LIMIT {BATCH}"
    )
}

/// Whether every event after this position is still kept.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn is_kept(services: &Services, position: i64) -> Result<bool> {
    let before_first = before_first_event_statement(services.database.backend());
    match services.database.connection().query_one_raw(before_first).await? {
        Some(row) => Ok(position >= row.try_get::<i64>("", "before_first")?),
        None => Err(SEQUENCE.has_no_counter()),
    }
}

/// It is one statement. Between two, a new event could get a position, which would then look like a
/// removed event.
fn before_first_event_statement(backend: DbBackend) -> Statement {
    Parameters::new(backend).statement(
        "SELECT coalesce(
            (SELECT min(e.position) - 1 FROM memo_events e),
            c.last_position
        ) AS before_first
        FROM memo_event_counter c
        WHERE c.id = 1",
    )
}

/// The position after which the viewer receives every event, as company management. It is the
/// position of the last event before their promotion. `None` for everybody else.
///
/// # Errors
/// Returns errors of the database.
pub(super) async fn chief_after(services: &Services, viewer: Viewer) -> Result<Option<i64>> {
    let after = chief_after_statement(services.database.backend(), viewer.id);
    let row = services.database.connection().query_one_raw(after).await?;
    Ok(row.map(|row| row.try_get("", "chief_after")).transpose()?)
}

fn chief_after_statement(backend: DbBackend, viewer: Uuid) -> Statement {
    Parameters::new(backend).bind("viewer", viewer).statement(
        "SELECT chief_after
        FROM users
        WHERE id = :viewer AND role = 'CHIEF'",
    )
}

/// Removes the events that are older than `kept_for`. Returns their number.
///
/// # Errors
/// Returns errors of the database.
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
    // This also removes what a server left that stopped between the two statements.
    let viewers = removed_event_viewers_statement(services.database.backend());
    services.database.connection().execute_raw(viewers).await?;
    if removed > 0 {
        tracing::info!(events = removed, "old events removed");
    }
    Ok(removed)
}

/// The viewers of events that are no longer kept.
fn removed_event_viewers_statement(backend: DbBackend) -> Statement {
    Parameters::new(backend).statement(
        "DELETE FROM memo_event_viewers
        WHERE position < coalesce(
            (SELECT min(e.position) FROM memo_events e),
            (SELECT c.last_position + 1 FROM memo_event_counter c WHERE c.id = 1)
        )",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;
    use entity::UserRole;

    #[test]
    fn statements_are_the_committed_ones() {
        let part = Part { after: 0, until: 0 };
        let of = |role, memo_id| WantedEvents {
            viewer: Viewer { id: Uuid::nil(), role },
            memo_id,
            chief_after: None,
        };
        for (name, role) in [("member", UserRole::Member), ("chief", UserRole::Chief)] {
            assert_statement(&format!("missed_events.{name}"), |backend| {
                missed_events_statement(backend, &of(role, None), part)
            });
            assert_statement(&format!("missed_events.{name}.of_memo"), |backend| {
                missed_events_statement(backend, &of(role, Some(Uuid::nil())), part)
            });
        }
        assert_statement("before_first_event", before_first_event_statement);
        assert_statement("chief_after", |backend| chief_after_statement(backend, Uuid::nil()));
        assert_statement("removed_event_viewers", removed_event_viewers_statement);
        let wanted = of(UserRole::Member, None);
        let own = missed_events_statement(DbBackend::Postgres, &wanted, part);
        assert!(own.sql.ends_with(&format!("LIMIT {BATCH}")));
    }
}
