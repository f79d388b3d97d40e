//! What an operator wants to know of a set-up before people use it.

use crate::{
    Result,
    database::{Database, sql::database_clock},
    observed_time::latest_write,
    people,
};
use chrono::{DateTime, Utc};
use sea_orm::PaginatorTrait;

/// What the database knows of the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// Its own clock, if it has one: PostgreSQL.
    pub clock: Option<DateTime<Utc>>,
    /// When a memo was last written.
    pub latest_write: Option<DateTime<Utc>>,
}

/// What the database knows of the time.
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

/// How many people can run the system.
///
/// # Errors
/// Returns errors of the database.
pub async fn active_admins(database: &Database) -> Result<u64> {
    Ok(people::active_admins().count(database.connection()).await?)
}
