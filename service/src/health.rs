//! Checks of an installation for operators.

use crate::{
    Result,
    database::{Database, sql::database_clock},
    observed_time::latest_write,
    people,
};
use chrono::{DateTime, Utc};
use sea_orm::PaginatorTrait;

/// The times that the database knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// The database's own clock. `None` for SQLite.
    pub clock: Option<DateTime<Utc>>,
    /// The time at which a memo was last written.
    pub latest_write: Option<DateTime<Utc>>,
}

/// Reads the times that the database knows.
///
/// # Errors
/// Returns errors of the database.
pub async fn times(database: &Database) -> Result<Times> {
    let connection = database.connection();
    Ok(Times {
        clock: database_clock(connection).await?,
        latest_write: latest_write(connection).await?,
    })
}

/// Whether there is a memo.
///
/// # Errors
/// Returns errors of the database.
pub async fn has_memos(database: &Database) -> Result<bool> {
    Ok(latest_write(database.connection()).await?.is_some())
}

/// How many active administrators there are.
///
/// # Errors
/// Returns errors of the database.
pub async fn active_admins(database: &Database) -> Result<u64> {
    Ok(people::active_admins().count(database.connection()).await?)
}
