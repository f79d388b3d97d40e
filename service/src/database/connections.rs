//! What a connection must be before it is used and after it is given back.
//!
//! A connection that lies in the pool is in no transaction. One that is not so is closed and not
//! mended: whoever takes a connection can rely on the driver's and the database's idea of it being
//! the same.

use sea_orm::{
    DbErr, RuntimeErr,
    sqlx::{self, Postgres, SqlStr, Sqlite, pool::PoolOptions},
};
use std::sync::atomic::{AtomicBool, Ordering};

/// What a pool's connections have shown of their database.
#[derive(Debug, Default)]
pub(super) struct Health {
    /// Whether a change failed because the database cannot store any.
    cannot_write: AtomicBool,
}

impl Health {
    /// Looks at an error of the database, whatever it was that failed.
    pub(super) fn note(&self, error: &DbErr) {
        if is_unable_to_write(error) {
            self.cannot_write.store(true, Ordering::Relaxed);
        }
    }

    /// Whether a change failed because the database cannot store any, and none has been stored on
    /// purpose since.
    pub(super) fn cannot_write(&self) -> bool {
        self.cannot_write.load(Ordering::Relaxed)
    }

    /// A change has been stored.
    pub(super) fn can_write(&self) {
        self.cannot_write.store(false, Ordering::Relaxed);
    }
}

/// Looks after the connections of a pool of SQLite.
pub(super) fn of_sqlite(options: PoolOptions<Sqlite>) -> PoolOptions<Sqlite> {
    options.after_release(|connection, _| Box::pin(is_in_no_transaction(connection)))
}

/// Looks after the connections of a pool of PostgreSQL.
pub(super) fn of_postgres(options: PoolOptions<Postgres>) -> PoolOptions<Postgres> {
    options.after_release(|connection, _| Box::pin(is_in_no_transaction(connection)))
}

/// Whether neither the driver nor the database is in a transaction.
///
/// The driver counts transactions. After a COMMIT that failed on a full disk, SQLite has rolled
/// back, and the driver still counts one: its next BEGIN is a savepoint, and its next commit
/// stores nothing.
async fn is_in_no_transaction<C: sqlx::Connection>(connection: &mut C) -> Result<bool, sqlx::Error> {
    if connection.is_in_transaction() {
        return Ok(false);
    }
    // A comment begins nothing: the driver refuses it, unless it finds a transaction open.
    match connection.begin_with(SqlStr::from_static("-- given back")).await {
        Err(sqlx::Error::BeginFailed) => Ok(true),
        Err(error) => Err(error),
        Ok(_) => Ok(false),
    }
}

/// Whether the database said that it can store nothing now: its disk is full, broken or read-only.
///
/// Codes: [PostgreSQL](https://www.postgresql.org/docs/current/errcodes-appendix.html),
/// [SQLite](https://sqlite.org/rescode.html).
fn is_unable_to_write(error: &DbErr) -> bool {
    const POSTGRES: [&str; 3] = ["25006", "53100", "58030"];
    // Read-only, input or output, full, cannot be opened: the lowest byte of a longer code.
    const SQLITE: [u32; 4] = [8, 10, 13, 14];
    let Some(code) = code_of(error) else { return false };
    // Those of PostgreSQL have five characters.
    match code.parse::<u32>() {
        Ok(number) if code.len() < 5 => SQLITE.contains(&(number & 0xff)),
        _ => POSTGRES.contains(&code.as_str()),
    }
}

/// Whether the database itself said that it has not committed. Anything else leaves it open.
pub(super) fn refuses_commit(error: &DbErr) -> bool {
    // The server ends, or the wait for its standby does: both can follow a commit.
    const POSTGRES: [&str; 3] = ["57", "08", "40003"];
    // Bytes that were not written through to the disk may be found there nevertheless.
    const SQLITE_FSYNC: &str = "1034";
    let Some(code) = code_of(error) else { return false };
    !POSTGRES.iter().any(|class| code.len() == 5 && code.starts_with(class)) && code != SQLITE_FSYNC
}

/// The database's own code of an error.
pub(crate) fn code_of(error: &DbErr) -> Option<String> {
    match driver_error(error)? {
        sqlx::Error::Database(error) => error.code().map(std::borrow::Cow::into_owned),
        _ => None,
    }
}

/// What the driver said.
pub(crate) fn driver_error(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error))
        | DbErr::Conn(RuntimeErr::SqlxError(error)) => Some(error),
        _ => None,
    }
}
