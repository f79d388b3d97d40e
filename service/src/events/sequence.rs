//! Assigns positions to events after the commits of the changes that wrote them.

use crate::{
    Result, Services,
    database::{Parameters, Signal, in_transaction},
};
use entity::memo_event;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QuerySelect, Statement,
};

/// Assigns a position to every event without one, in the order of writing. Returns their number.
/// Several processes may do it at the same time. The counter's row is locked, so whoever sees a
/// position also sees all smaller ones.
///
/// # Errors
/// Returns errors of the database. No position is assigned then.
pub async fn place(services: &Services) -> Result<u64> {
    let backend = services.database.backend();
    let unplaced: Option<i64> = memo_event::Entity::find()
        .select_only()
        .column(memo_event::Column::Id)
        .filter(memo_event::Column::Position.is_null())
        .into_tuple()
        .one(services.database.connection())
        .await?;
    if unplaced.is_none() {
        return Ok(0);
    }
    in_transaction(&services.database, async |transaction| -> Result<_> {
        let Some(row) = transaction.query_one_raw(event_counter_statement(backend)).await? else {
            return Err(crate::Error::Inconsistent("there is no counter of events".to_owned()));
        };
        let last: i64 = row.try_get("", "last_position")?;
        let placed =
            transaction.execute_raw(placed_events_statement(backend, last)).await?.rows_affected();
        let by = i64::try_from(placed).unwrap_or(i64::MAX);
        transaction.execute_raw(counted_events_statement(backend, by)).await?;
        if backend == DbBackend::Postgres && placed > 0 {
            transaction.execute_unprepared(&format!("NOTIFY {}", Signal::Events.channel())).await?;
        }
        Ok(placed)
    })
    .await
}

/// The counter of events, locked.
fn event_counter_statement(backend: DbBackend) -> Statement {
    Parameters::new(backend).statement(
        "SELECT c.last_position
        FROM memo_event_counter c
        WHERE c.id = 1
        FOR UPDATE",
    )
}

fn placed_events_statement(backend: DbBackend, last: i64) -> Statement {
    Parameters::new(backend).bind("last_position", last).statement(
        "UPDATE memo_events
        SET position = CAST(:last_position AS bigint) + unplaced.n
        FROM (
            SELECT id, row_number() OVER (ORDER BY id) AS n
            FROM memo_events
            WHERE position IS NULL
        ) AS unplaced
        WHERE memo_events.id = unplaced.id",
    )
}

fn counted_events_statement(backend: DbBackend, placed: i64) -> Statement {
    Parameters::new(backend).bind("placed", placed).statement(
        "UPDATE memo_event_counter
        SET last_position = last_position + CAST(:placed AS bigint)
        WHERE id = 1",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        assert_statement("event_counter", event_counter_statement);
        assert_statement("placed_events", |backend| placed_events_statement(backend, 0));
        assert_statement("counted_events", |backend| counted_events_statement(backend, 0));
    }
}
