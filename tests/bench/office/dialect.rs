//! The expressions that differ between PostgreSQL and SQLite.

use super::rows::{BEGUN, GAP, Row};
use sea_orm::DbBackend;

/// Writes expressions for one database. Arguments are expressions too.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dialect(pub(super) DbBackend);

impl Dialect {
    pub(super) fn is_postgres(self) -> bool {
        self.0 == DbBackend::Postgres
    }

    /// `INSERT INTO table (columns)`, with the given expression for each column, for each number
    /// `n` of the range and each `k` from 1 to `times`.
    pub(super) fn insert(
        self,
        table: &str,
        columns: &[(&str, String)],
        (first, last): (i64, i64),
        times: i64,
    ) -> String {
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let values: Vec<&str> = columns.iter().map(|(_, value)| value.as_str()).collect();
        let (names, values) = (names.join(", "), values.join(", "));
        if self.is_postgres() {
            return format!(
                "INSERT INTO {table} ({names}) SELECT {values} \
                 FROM generate_series({first}::bigint, {last}::bigint) AS numbers (n), \
                 generate_series(1::bigint, {times}::bigint) AS times (k)"
            );
        }
        format!(
            "INSERT INTO {table} ({names}) WITH RECURSIVE \
             numbers (n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM numbers WHERE n < {last}), \
             times (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM times WHERE k < {times}) \
             SELECT {values} FROM numbers, times"
        )
    }

    /// A number in hexadecimal digits.
    pub(super) fn hex(self, number: &str, digits: usize) -> String {
        if self.is_postgres() {
            format!("lpad(to_hex(({number})::bigint), {digits}, '0')")
        } else {
            format!("printf('%0{digits}x', {number})")
        }
    }

    /// The id of a row, like [`Row::id`].
    pub(super) fn id(self, row: Row, number: &str, at: &str) -> String {
        let (at, number) = (self.hex(at, 12), self.hex(number, 12));
        let digits = format!("{at} || '7{:03x}8000' || {number}", row as u32);
        if self.is_postgres() { format!("({digits})::uuid") } else { format!("unhex({digits})") }
    }

    /// The id of a row that is as old as the office.
    pub(super) fn old_id(self, row: Row, number: &str) -> String {
        self.id(row, number, &BEGUN.to_string())
    }

    /// The id of a memo.
    pub(super) fn memo(self, number: &str) -> String {
        self.id(Row::Memo, number, &memo_time(number))
    }

    /// A time of so many milliseconds since 1970.
    pub(super) fn time(self, milliseconds: &str) -> String {
        if self.is_postgres() {
            format!("timestamptz '1970-01-01Z' + ({milliseconds}) * interval '1 millisecond'")
        } else {
            format!("strftime('%Y-%m-%d %H:%M:%S+00:00', ({milliseconds}) / 1000, 'unixepoch')")
        }
    }
}

/// When a memo was written, in milliseconds.
pub(super) fn memo_time(number: &str) -> String {
    format!("({BEGUN} + {number} * {GAP})")
}
