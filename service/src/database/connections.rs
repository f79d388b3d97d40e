//! Checks of connections before they are used and after they are returned.
//!
//! A connection in the pool is in no transaction, can write, and answers. Otherwise it is closed
//! and not repaired. So the driver and the database always agree on the state of a connection.
//!
//! Asking the database about a connection costs a round trip. Usually it is enough to ask the
//! driver. The database is asked only after an error or a cancelled statement.
//!
//! PostgreSQL itself ends statements that take too long. If it does not answer within the limit, it
//! is regarded as lost. No connection that was open at that time is used again, since a lost host
//! closes none of them.

use super::{
    health::{Health, no_answer},
    standby::{Reads, Watched},
};
use crate::code_of;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseExecutor, DbBackend, DbErr, ExecResult,
    IntoDatabaseExecutor, QueryResult, RuntimeErr, Statement,
    prelude::async_trait::async_trait,
    sqlx::{
        self, ConnectOptions, Connection as _, PgConnection, Postgres, SqlStr, Sqlite, SqlitePool,
        pool::PoolOptions, postgres::PgConnectOptions,
    },
};
use std::{ops::Deref, sync::Arc, time::Duration};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// Asks PostgreSQL whether this connection is read-only.
pub(super) const READS_ONLY: &str =
    "SELECT current_setting('transaction_read_only')::boolean AS reads_only";
/// The error for a read-only server.
pub(super) const TAKES_NO_CHANGES: &str =
    "the server takes no changes, as a standby: give the address of the primary";

/// Checks the connections of a pool of SQLite.
pub(super) fn of_sqlite(options: PoolOptions<Sqlite>, health: &Arc<Health>) -> PoolOptions<Sqlite> {
    let health = health.clone();
    options.after_release(move |connection, _| {
        let doubts = health.doubts();
        Box::pin(is_in_no_transaction(connection, doubts))
    })
}

/// Checks the connections of a pool of PostgreSQL.
pub(super) fn of_postgres(
    options: PoolOptions<Postgres>,
    health: &Arc<Health>,
) -> PoolOptions<Postgres> {
    checked(options, health).after_connect(|connection, _| Box::pin(refuse_read_only(connection)))
}

/// Checks the connections of a pool of a standby.
pub(super) fn of_standby(
    options: PoolOptions<Postgres>,
    health: &Arc<Health>,
    watched: &Arc<Watched>,
) -> PoolOptions<Postgres> {
    let watched = watched.clone();
    checked(options, health).after_connect(move |connection, _| {
        let watched = watched.clone();
        Box::pin(async move { watched.check(connection).await })
    })
}

fn checked(options: PoolOptions<Postgres>, health: &Arc<Health>) -> PoolOptions<Postgres> {
    let (taken, released) = (health.clone(), health.clone());
    options
        .before_acquire(move |_, known| {
            let trusted = taken.trusts(known.age);
            Box::pin(async move { Ok(trusted) })
        })
        .after_release(move |connection, known| {
            let health = released.clone();
            Box::pin(async move {
                if !health.trusts(known.age) {
                    return Ok(false);
                }
                // The driver waits without a limit for the answer to a cancelled statement.
                let asked = health
                    .within(health.limit, is_in_no_transaction(connection, health.doubts()))
                    .await;
                asked.unwrap_or_else(|lost| {
                    Err(failure(std::io::ErrorKind::TimedOut, lost.to_string()))
                })
            })
        })
}

/// Connects without a pool, so that the cause of a failure is known immediately. A pool would retry
/// silently until its limit.
///
/// # Errors
/// Returns errors of the database or the operating system.
pub(super) async fn try_out(
    options: &PgConnectOptions,
    limit: Duration,
) -> Result<(), sqlx::Error> {
    let trial = async {
        let mut connection = options.connect().await?;
        refuse_read_only(&mut connection).await?;
        connection.close().await
    };
    match timeout(limit, trial).await {
        // The server is starting. The pool waits for it.
        Ok(Err(sqlx::Error::Database(error))) if error.code().as_deref() == Some("57P03") => Ok(()),
        Ok(tried) => tried,
        Err(_) => Err(failure(std::io::ErrorKind::TimedOut, no_answer(limit))),
    }
}

/// Refuses a connection to a read-only server, such as a standby.
async fn refuse_read_only(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let asked = sqlx::query_scalar(READS_ONLY).persistent(false);
    if asked.fetch_one(connection).await? {
        return Err(failure(std::io::ErrorKind::ReadOnlyFilesystem, TAKES_NO_CHANGES));
    }
    Ok(())
}

fn failure(kind: std::io::ErrorKind, text: impl Into<String>) -> sqlx::Error {
    sqlx::Error::Io(std::io::Error::new(kind, text.into()))
}

/// Copies SQLite's write-ahead log into its file as far as readers allow. Empties the log if they
/// allow all of it.
pub(super) async fn checkpoint(pool: &SqlitePool) -> Result<(), DbErr> {
    let checkpoint = async {
        let mut connection = pool.acquire().await?;
        // This connection does not wait for locks. Closing it keeps writers from inheriting that.
        connection.close_on_drop();
        sqlx::raw_sql("PRAGMA busy_timeout = 0").execute(&mut *connection).await?;
        sqlx::raw_sql("PRAGMA wal_checkpoint(PASSIVE)").execute(&mut *connection).await?;
        sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut *connection).await?;
        Ok::<_, sqlx::Error>(())
    };
    checkpoint.await.map_err(|error| DbErr::Exec(RuntimeErr::SqlxError(Arc::new(error))))
}

/// Writes SQLite's file anew and empties its write-ahead log. Returns whether readers allow it.
pub(super) async fn compact(pool: &SqlitePool) -> Result<bool, DbErr> {
    let compact = async {
        let mut connection = pool.acquire().await?;
        sqlx::raw_sql("VACUUM").execute(&mut *connection).await?;
        let is_busy: i64 = sqlx::query_scalar("PRAGMA wal_checkpoint(TRUNCATE)")
            .fetch_one(&mut *connection)
            .await?;
        Ok::<_, sqlx::Error>(is_busy == 0)
    };
    compact.await.map_err(|error| DbErr::Exec(RuntimeErr::SqlxError(Arc::new(error))))
}

/// A pool for statements outside transactions. Each statement has a time limit.
#[derive(Debug, Clone)]
pub struct Connection {
    inner: DatabaseConnection,
    pub(super) health: Arc<Health>,
    /// A permit for each connection that may be used at the same time. `None` means no limit.
    share: Option<Arc<Semaphore>>,
    /// The standby that answers reads, if there is one and this is the connection of a query.
    reads: Option<Arc<Reads>>,
}

/// The permit for one connection of a share.
pub(super) type Shared = Option<OwnedSemaphorePermit>;

impl Connection {
    pub(super) fn new(inner: DatabaseConnection, health: Arc<Health>) -> Self {
        Self { inner, health, share: None, reads: None }
    }

    /// The same pool, of which this many connections may be used at the same time.
    pub(super) fn with_share(&self, connections: usize) -> Self {
        Self { share: Some(Arc::new(Semaphore::new(connections))), ..self.clone() }
    }

    /// The same pool, for an operation whose reads a standby may answer.
    pub(super) fn with_reads(self, reads: Reads) -> Self {
        Self { reads: Some(Arc::new(reads)), ..self }
    }

    /// Waits until the share has an unused connection. This wait does not block other users of the
    /// pool.
    pub(super) async fn in_share(&self) -> Shared {
        // The semaphore is never closed.
        self.share.clone()?.acquire_owned().await.ok()
    }

    /// The pool itself.
    pub(super) fn pool(&mut self) -> &mut DatabaseConnection {
        &mut self.inner
    }
}

impl Deref for Connection {
    type Target = DatabaseConnection;

    fn deref(&self) -> &Self::Target {
        &self.inner
    }
}

#[async_trait]
impl ConnectionTrait for Connection {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let _shared = self.in_share().await;
        self.health.answer(self.inner.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let _shared = self.in_share().await;
        self.health.answer(self.inner.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let _shared = self.in_share().await;
        if let Some(reads) = &self.reads
            && let Some(standby) = reads.pool().await
            && let Some(row) = reads.answer(standby.query_one_raw(statement.clone())).await
        {
            return Ok(row);
        }
        self.health.answer(self.inner.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let _shared = self.in_share().await;
        if let Some(reads) = &self.reads
            && let Some(standby) = reads.pool().await
            && let Some(rows) = reads.answer(standby.query_all_raw(statement.clone())).await
        {
            return Ok(rows);
        }
        self.health.answer(self.inner.query_all_raw(statement)).await
    }

    fn support_returning(&self) -> bool {
        self.inner.support_returning()
    }
}

impl<'c> IntoDatabaseExecutor<'c> for &'c Connection {
    fn into_database_executor(self) -> DatabaseExecutor<'c> {
        DatabaseExecutor::Connection(&self.inner)
    }
}

/// Whether neither the driver nor the database is in a transaction.
///
/// The driver counts transactions. After a COMMIT that failed on a full disk, SQLite has rolled
/// back, but the driver still counts one. Its next BEGIN is then a savepoint, and its next commit
/// stores nothing. The database itself is asked only if there is a doubt.
async fn is_in_no_transaction<C: sqlx::Connection>(
    connection: &mut C,
    doubts: bool,
) -> Result<bool, sqlx::Error> {
    if connection.is_in_transaction() {
        return Ok(false);
    }
    if !doubts {
        return Ok(true);
    }
    // A comment starts no transaction. The driver reports that as a failure, unless a transaction
    // is open already.
    match connection.begin_with(SqlStr::from_static("-- given back")).await {
        Err(sqlx::Error::BeginFailed) => Ok(true),
        Err(error) => Err(error),
        Ok(_) => Ok(false),
    }
}

/// Whether the database itself says that it has not committed. After any other error the outcome is
/// unknown.
pub(super) fn refuses_commit(error: &DbErr) -> bool {
    // The server stops, or a wait for its standby is cancelled. Both can happen after a commit.
    const POSTGRES: [&str; 3] = ["57", "08", "40003"];
    // Bytes that are not synced to the disk may still be found there.
    const SQLITE_FSYNC: &str = "1034";
    let Some(code) = code_of(error) else { return false };
    !POSTGRES.iter().any(|class| code.len() == 5 && code.starts_with(class)) && code != SQLITE_FSYNC
}
