//! What the statements have in common: each value is read as text.

use crate::{Result, error::ImportError};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, QueryResult, Statement};

/// Runs a statement.
pub(super) async fn run(transaction: &DatabaseTransaction, sql: &str) -> Result<()> {
    transaction.execute_unprepared(sql).await.map_err(ImportError::Source)?;
    Ok(())
}

/// The rows that a statement finds.
pub(super) async fn rows(
    transaction: &DatabaseTransaction,
    sql: String,
) -> Result<Vec<QueryResult>> {
    let statement = Statement::from_string(transaction.get_database_backend(), sql);
    transaction.query_all_raw(statement).await.map_err(ImportError::Source)
}

/// How many rows a table has.
pub(super) async fn count(transaction: &DatabaseTransaction, table: &str) -> Result<u64> {
    let backend = transaction.get_database_backend();
    let sql = format!("SELECT {} FROM {table}", as_text(backend, "count(*)"));
    let rows = rows(transaction, sql).await?;
    let count = rows.first().map(|row| text(backend, row, 0)).transpose()?.flatten();
    Ok(count.and_then(|count| count.parse().ok()).unwrap_or_default())
}

/// An expression as text. SQLite's texts may contain bytes that are no text, so they are read as
/// bytes.
pub(super) fn as_text(backend: DbBackend, expression: &str) -> String {
    match backend {
        DbBackend::Sqlite => format!("CAST({expression} AS BLOB)"),
        DbBackend::MySql => format!("CAST({expression} AS CHAR)"),
        _ => format!("({expression})::text"),
    }
}

/// The name of a column in a statement. `default` is a word of SQL.
pub(super) fn quoted(backend: DbBackend, name: &str) -> String {
    match backend {
        DbBackend::MySql => format!("`{name}`"),
        _ => format!("\"{name}\""),
    }
}

/// A column of a row as text. Bytes that are no text are replaced.
pub(super) fn text(backend: DbBackend, row: &QueryResult, n: usize) -> Result<Option<String>> {
    read_text(backend, row, n).map(|text| text.map(|(text, _)| text))
}

/// The same, and whether something was replaced.
pub(super) fn read_text(
    backend: DbBackend,
    row: &QueryResult,
    n: usize,
) -> Result<Option<(String, bool)>> {
    let from_bytes = |bytes: Vec<u8>| match String::from_utf8(bytes) {
        Ok(text) => (text, false),
        Err(error) => (String::from_utf8_lossy(error.as_bytes()).into_owned(), true),
    };
    let read: Result<_, DbErr> = match backend {
        DbBackend::Sqlite => {
            row.try_get_by_index::<Option<Vec<u8>>>(n).map(|bytes| bytes.map(from_bytes))
        }
        _ => row.try_get_by_index::<Option<String>>(n).map(|text| text.map(|text| (text, false))),
    };
    read.map_err(ImportError::Source)
}
