//! Assigns positions to rows after the commits of the changes that wrote them.

use crate::{
    Error, Result, Services,
    database::{Parameters, Signal, in_transaction},
};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

/// The tables of one sequence.
#[derive(Debug, Clone, Copy)]
pub struct Sequence {
    /// The table of the rows. They have an `id` in the order of writing, and a `position`.
    pub table: &'static str,
    /// The table whose only row has the `last_position`.
    pub counter: &'static str,
    /// What other processes hear when rows have got positions.
    pub signal: Signal,
    /// What keeps the ids of its positions apart from those of other sequences. Clients keep these
    /// ids during an upgrade, so it never changes.
    pub id_label: &'static str,
}

impl Sequence {
    /// The error of a database without the counter's row.
    pub(crate) fn has_no_counter(self) -> Error {
        Error::Inconsistent(format!("{} has no row", self.counter))
    }
}

/// Assigns a position to every row without one, in the order of writing. Returns their number.
/// Several processes may do it at the same time. The counter's row is locked, so whoever sees a
/// position also sees all smaller ones.
///
/// # Errors
/// Returns errors of the database. No position is assigned then.
pub async fn place(services: &Services, sequence: Sequence) -> Result<u64> {
    let backend = services.database.backend();
    let unplaced = unplaced_rows_statement(backend, sequence);
    if services.database.connection().query_one_raw(unplaced).await?.is_none() {
        return Ok(0);
    }
    in_transaction(&services.database, async |transaction| -> Result<_> {
        let Some(row) = transaction.query_one_raw(row_counter_statement(backend, sequence)).await?
        else {
            return Err(sequence.has_no_counter());
        };
        let last: i64 = row.try_get("", "last_position")?;
        let placed = placed_rows_statement(backend, sequence, last);
        let placed = transaction.execute_raw(placed).await?.rows_affected();
        let by = i64::try_from(placed).unwrap_or(i64::MAX);
        transaction.execute_raw(counted_rows_statement(backend, sequence, by)).await?;
        if backend == DbBackend::Postgres && placed > 0 {
            let notify = format!("NOTIFY {}", sequence.signal.channel());
            transaction.execute_unprepared(&notify).await?;
        }
        Ok(placed)
    })
    .await
}

fn unplaced_rows_statement(backend: DbBackend, Sequence { table, .. }: Sequence) -> Statement {
    Parameters::new(backend).statement(&format!(
        "SELECT id
        FROM {table}
        WHERE position IS NULL
        LIMIT 1"
    ))
}

/// The counter, locked.
fn row_counter_statement(backend: DbBackend, Sequence { counter, .. }: Sequence) -> Statement {
    Parameters::new(backend).statement(&format!(
        "SELECT c.last_position
        FROM {counter} c
        WHERE c.id = 1
        FOR UPDATE"
    ))
}

fn placed_rows_statement(
    backend: DbBackend,
    Sequence { table, .. }: Sequence,
    last: i64,
) -> Statement {
    Parameters::new(backend).bind("last_position", last).statement(&format!(
        "UPDATE {table}
        SET position = CAST(:last_position AS bigint) + unplaced.n
        FROM (
            SELECT id, row_number() OVER (ORDER BY id) AS n
            FROM {table}
            WHERE position IS NULL
        ) AS unplaced
        WHERE {table}.id = unplaced.id"
    ))
}

fn counted_rows_statement(
    backend: DbBackend,
    Sequence { counter, .. }: Sequence,
    placed: i64,
) -> Statement {
    Parameters::new(backend).bind("placed", placed).statement(&format!(
        "UPDATE {counter}
        SET last_position = last_position + CAST(:placed AS bigint)
        WHERE id = 1"
    ))
}

/// The last position that was assigned.
///
/// # Errors
/// Returns errors of the database.
pub async fn last_position<C: ConnectionTrait>(connection: &C, sequence: Sequence) -> Result<i64> {
    let last = last_position_statement(connection.get_database_backend(), sequence);
    match connection.query_one_raw(last).await? {
        Some(row) => Ok(row.try_get("", "last_position")?),
        None => Err(sequence.has_no_counter()),
    }
}

fn last_position_statement(backend: DbBackend, Sequence { counter, .. }: Sequence) -> Statement {
    Parameters::new(backend).statement(&format!(
        "SELECT last_position
        FROM {counter}
        WHERE id = 1"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{database::snapshot::assert_statement, events, notifications};

    #[test]
    fn statements_are_the_committed_ones() {
        for (of, sequence) in
            [("event", events::SEQUENCE), ("notification", notifications::SEQUENCE)]
        {
            assert_statement(&format!("unplaced_rows.{of}"), |backend| {
                unplaced_rows_statement(backend, sequence)
            });
            assert_statement(&format!("row_counter.{of}"), |backend| {
                row_counter_statement(backend, sequence)
            });
            assert_statement(&format!("placed_rows.{of}"), |backend| {
                placed_rows_statement(backend, sequence, 0)
            });
            assert_statement(&format!("counted_rows.{of}"), |backend| {
                counted_rows_statement(backend, sequence, 0)
            });
            assert_statement(&format!("last_position.{of}"), |backend| {
                last_position_statement(backend, sequence)
            });
        }
    }
}
