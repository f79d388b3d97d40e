//! Gives events their places, after the commits of the changes that wrote them.

use crate::{
    Result, Services,
    database::{
        Signal, in_transaction,
        sql::{lock_rows, statement},
    },
};
use sea_orm::{ConnectionTrait, DbBackend};

/// Gives a place to every event that has none, in the order of writing; answers how many there
/// were. Several processes may do it at the same time: the counter's row is locked, so that whoever
/// sees a place sees all smaller ones as well.
///
/// # Errors
/// What the database answers; nothing is placed then.
pub async fn place(services: &Services) -> Result<u64> {
    let backend = services.database.backend();
    let any = "SELECT 1 AS one FROM memo_events WHERE position IS NULL LIMIT 1";
    if services.database.connection().query_one_raw(statement(backend, any, [])).await?.is_none() {
        return Ok(0);
    }
    in_transaction!(services.database, |transaction| {
        let lock = format!(
            "SELECT c.last_position FROM memo_event_counter c WHERE c.id = 1{}",
            lock_rows(backend, "c")
        );
        let Some(row) = transaction.query_one_raw(statement(backend, lock, [])).await? else {
            return Err(crate::Error::Inconsistent("there is no counter of events".to_owned()));
        };
        let last: i64 = row.try_get("", "last_position")?;
        let place = "UPDATE memo_events SET position = CAST($1 AS bigint) + unplaced.n \
            FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM memo_events WHERE position \
            IS NULL) AS unplaced \
            WHERE memo_events.id = unplaced.id";
        let placed = transaction
            .execute_raw(statement(backend, place, [last.into()]))
            .await?
            .rows_affected();
        let count = "UPDATE memo_event_counter SET last_position = last_position + CAST($1 AS \
            bigint) WHERE id = 1";
        let by = i64::try_from(placed).unwrap_or(i64::MAX);
        transaction.execute_raw(statement(backend, count, [by.into()])).await?;
        if backend == DbBackend::Postgres && placed > 0 {
            transaction.execute_unprepared(&format!("NOTIFY {}", Signal::Events.channel())).await?;
        }
        Ok(placed)
    })
}
