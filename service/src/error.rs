//! What can go wrong inside. None of it is for a client's eyes.

use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr, SqlErr, sqlx};

/// A fault inside the server. Its text goes to the log; a client gets a request id.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused, failed or could not be reached.
    #[error("database: {0}")]
    Database(#[from] DbErr),
    /// The database did not say whether a change was stored: it may have been.
    #[error("a commit was not answered, and may have happened: {0}")]
    CommitUnknown(DbErr),
    /// The file store refused, failed or could not be reached.
    #[error("file store: {0}")]
    FileStore(#[from] object_store::Error),
    /// The file store is not the one in which the files are: a disk that is not mounted, or another
    /// bucket.
    #[error("{0}")]
    FileStoreLost(String),
    /// A file could not be read or written.
    #[error("input/output: {0}")]
    Io(#[from] std::io::Error),
    /// Stored JSON is not what was written.
    #[error("stored JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// Somebody else changed what this relied on. The same transaction may succeed when it runs
    /// again.
    #[error("conflict: {0}")]
    Conflict(String),
    /// The program, or what is stored, is not as it must be. Nothing is committed, and running it
    /// again changes nothing.
    #[error("inconsistent: {0}")]
    Inconsistent(String),
    /// A setting that cannot work.
    #[error("{0}")]
    Setting(String),
}

/// The result of a service's function.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Whether no connection to the database was free in time, or no lock in it. Nothing was done.
    ///
    /// Codes: [PostgreSQL](https://www.postgresql.org/docs/current/errcodes-appendix.html),
    /// [SQLite](https://sqlite.org/rescode.html).
    pub fn is_overload(&self) -> bool {
        const POSTGRES_LOCK_NOT_AVAILABLE: &str = "55P03";
        const SQLITE_BUSY: &str = "5";
        match self {
            Self::Database(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)) => true,
            Self::Database(error) => code_of(error)
                .is_some_and(|code| code == POSTGRES_LOCK_NOT_AVAILABLE || code == SQLITE_BUSY),
            _ => false,
        }
    }

    /// Whether the place of the files is not there or does not answer. That certain bytes are not
    /// there is another matter.
    pub fn is_of_unavailable_files(&self) -> bool {
        match self {
            Self::FileStoreLost(_) => true,
            Self::FileStore(error) => !matches!(error, object_store::Error::NotFound { .. }),
            _ => false,
        }
    }

    /// Whether the same transaction may well succeed when it is run again: the database found a
    /// serialization failure, a deadlock or a busy file, or somebody removed between reading and
    /// writing what was about to be linked.
    ///
    /// Codes: [PostgreSQL](https://www.postgresql.org/docs/current/errcodes-appendix.html),
    /// [SQLite](https://sqlite.org/rescode.html).
    pub fn is_retryable(&self) -> bool {
        const POSTGRES: [&str; 2] = ["40001", "40P01"];
        const SQLITE_BUSY: [&str; 4] = ["5", "261", "517", "773"];
        let Self::Database(error) = self else {
            return matches!(self, Self::Conflict(_));
        };
        if matches!(
            error.sql_err(),
            Some(SqlErr::ForeignKeyConstraintViolation(_) | SqlErr::UniqueConstraintViolation(_))
        ) {
            return true;
        }
        code_of(error).is_some_and(|code| {
            POSTGRES.contains(&code.as_str()) || SQLITE_BUSY.contains(&code.as_str())
        })
    }
}

/// The database's own code of an error.
pub(crate) fn code_of(error: &DbErr) -> Option<String> {
    match driver_error(error)? {
        sqlx::Error::Database(error) => error.code().map(std::borrow::Cow::into_owned),
        _ => None,
    }
}

/// What the driver said.
fn driver_error(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error))
        | DbErr::Conn(RuntimeErr::SqlxError(error)) => Some(error),
        _ => None,
    }
}
