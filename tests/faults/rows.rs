//! Reads stored rows directly, without the servers.

use crate::Result;
use sea_orm::{ConnectionTrait, QueryResult, Statement};
use service::database::Database;

/// The rows that SQL returns.
///
/// # Errors
/// The error of the database.
pub(crate) async fn all(database: &Database, sql: impl Into<String>) -> Result<Vec<QueryResult>> {
    let statement = Statement::from_string(database.backend(), sql.into());
    Ok(database.connection().query_all_raw(statement).await?)
}

/// The whole number `n` that SQL returns.
///
/// # Errors
/// The error of the database.
pub(crate) async fn number(database: &Database, sql: impl Into<String>) -> Result<i64> {
    let rows = all(database, sql).await?;
    Ok(rows.first().ok_or("no row")?.try_get("", "n")?)
}
