//! What an operator wants to know of a set-up before people use it.

use crate::{
    Result,
    database::{Database, sql::statement},
    people,
};
use chrono::{DateTime, Utc};
use entity::memo;
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, QuerySelect};

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
/// What the database answers.
pub async fn times(database: &Database) -> Result<Times> {
    let connection = database.connection();
    Ok(Times { clock: clock(connection).await?, latest_write: latest_write(connection).await? })
}

/// The database's own clock, if it has one.
pub(crate) async fn clock<C: ConnectionTrait>(connection: &C) -> Result<Option<DateTime<Utc>>> {
    if connection.get_database_backend() != DbBackend::Postgres {
        return Ok(None);
    }
    let asked = statement(DbBackend::Postgres, "SELECT clock_timestamp() AS now", []);
    let row = connection.query_one_raw(asked).await?;
    Ok(row.map(|row| row.try_get("", "now")).transpose()?)
}

/// When a memo was last written.
pub(crate) async fn latest_write<C: ConnectionTrait>(
    connection: &C,
) -> Result<Option<DateTime<Utc>>> {
    let latest_write = memo::Entity::find()
        .select_only()
        .column_as(memo::Column::UpdatedAt.max(), "latest")
        .into_tuple::<Option<DateTime<Utc>>>()
        .one(connection)
        .await?;
    Ok(latest_write.flatten())
}

/// How many people can run the system.
///
/// # Errors
/// What the database answers.
pub async fn active_admins(database: &Database) -> Result<u64> {
    Ok(people::active_admins().count(database.connection()).await?)
}
