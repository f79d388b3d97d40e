//! Internal errors. Clients never see them.

use sea_orm::{ConnAcquireErr, DbErr, RuntimeErr, SqlErr, sqlx};

/// An internal error. Its text goes to the log, and a client gets a request id.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused, failed or could not be reached.
    #[error("database: {0}")]
    Database(#[from] DbErr),
    /// The database did not say whether it stored a change. It may have stored it.
    #[error("a commit was not answered, and may have happened: {0}")]
    CommitUnknown(DbErr),
    /// The file store refused, failed or could not be reached.
    #[error("file store: {0}")]
    FileStore(#[from] object_store::Error),
    /// The file store is not the one that holds the files. The disk may not be mounted, or it is
    /// another bucket.
    #[error("{0}")]
    FileStoreLost(String),
    /// The ledger is not the one that the database knows, or one of its lines is not what was
    /// written.
    #[error("{0}")]
    Ledger(String),
    /// A file could not be read or written.
    #[error("input/output: {0}")]
    Io(#[from] std::io::Error),
    /// Stored JSON has an unexpected form.
    #[error("stored JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// Another transaction changed something on which this one relied. A retry may succeed.
    #[error("conflict: {0}")]
    Conflict(String),
    /// The program, or the stored data, is wrong. Nothing is committed, and a retry has the same
    /// result.
    #[error("inconsistent: {0}")]
    Inconsistent(String),
    /// The viewer's access has changed, or no statement has confirmed it. Nothing was done, and the
    /// viewer must be read again.
    #[error("the viewer's access is not confirmed")]
    SignInUnconfirmed,
    /// A setting is invalid.
    #[error("{0}")]
    Setting(String),
}

/// The result of a service's function.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Whether the time limit for a database connection or a lock has passed. Nothing was done
    /// then.
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

    /// Whether the file store as a whole is missing or does not answer. This does not include
    /// missing bytes of one file.
    pub fn is_of_unavailable_files(&self) -> bool {
        match self {
            Self::FileStoreLost(_) => true,
            Self::FileStore(error) => !matches!(error, object_store::Error::NotFound { .. }),
            _ => false,
        }
    }

    /// Whether the file store has no bytes at a location, or another number of them than were
    /// stored.
    pub fn is_of_missing_bytes(&self) -> bool {
        match self {
            Self::FileStore(error) => matches!(error, object_store::Error::NotFound { .. }),
            Self::Inconsistent(_) => true,
            _ => false,
        }
    }

    /// Whether a retry of the transaction may succeed. The database found a serialization failure,
    /// a deadlock or a busy file. Or another transaction removed a row that this one was about to
    /// reference.
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

/// The database's own code for an error.
pub(crate) fn code_of(error: &DbErr) -> Option<String> {
    match driver_error(error)? {
        sqlx::Error::Database(error) => error.code().map(std::borrow::Cow::into_owned),
        _ => None,
    }
}

/// The error of the driver.
fn driver_error(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error))
        | DbErr::Conn(RuntimeErr::SqlxError(error)) => Some(error),
        _ => None,
    }
}
