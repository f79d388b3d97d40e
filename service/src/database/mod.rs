//! The connection to SQLite or PostgreSQL, and the only way to write.

mod columns;
mod connect;
mod connections;
mod copies;
mod health;
mod listener;
pub mod lock;
mod parameters;
mod settings;
mod signals;
#[cfg(test)]
pub(crate) mod snapshot;
pub mod sql;
mod standby;

pub(crate) use columns::FromColumns;
pub use connect::{connect, with_standby};
pub use connections::Connection;
pub use listener::Listener;
pub use parameters::{Conditions, NamedText, Parameters, id_list};
pub use settings::{DatabaseSettings, sqlite_url};
pub use signals::{Signal, Signals};
pub use standby::StandbyState;

use crate::{Error, Result, VerbError};
use connections::Shared;
use health::Health;
use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use standby::{Reads, Standby};
use std::{sync::Arc, time::Duration};
use tokio::sync::{Mutex, OwnedMutexGuard, watch};
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

/// How often a transaction is tried if there is a serialization failure or a deadlock. After that,
/// the error is returned.
const MAX_ATTEMPTS: u32 = 5;

/// Key of PostgreSQL's advisory lock that a migrating process holds. Any constant would do.
const MIGRATION_LOCK: i64 = 0x6d65_6d6f_7261_6e64;

/// The divisor of an operation's share: how many connections it may use at a time.
const PARTS: u32 = 4;
/// The minimum of that share. One statement may wait for the result of another.
const MIN_SHARE: u32 = 2;

/// The number of connections to the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    /// Connections in use.
    pub busy: u32,
    /// Open connections that are not in use.
    pub idle: u32,
    /// The maximum number of connections.
    pub most: u32,
}

/// How a database's migrations differ from those of this version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migrations {
    /// Names of migrations that the database lacks.
    pub pending: Vec<String>,
    /// Names of migrations that a newer version has applied. A running server continues, because a
    /// release only adds to what its predecessor uses. No server starts.
    pub newer: Vec<String>,
}

/// A pool of connections. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Database {
    connection: Connection,
    /// SQLite has one writer at a time. Writers wait here in order of arrival. SQLite itself only
    /// polls, so an unlucky writer can time out. Writers of other processes still wait with the
    /// busy timeout.
    sqlite_writers: Option<Arc<Mutex<()>>>,
    /// Changes after every commit of this process.
    committed: Arc<watch::Sender<()>>,
    /// The standby for the reads of queries.
    standby: Option<Standby>,
}

impl Database {
    /// Wraps an open pool.
    fn new(connection: Connection) -> Self {
        let sqlite_writers = (connection.get_database_backend() == DbBackend::Sqlite)
            .then(|| Arc::new(Mutex::new(())));
        Self {
            connection,
            sqlite_writers,
            committed: Arc::new(watch::Sender::new(())),
            standby: None,
        }
    }

    fn with_standby(self, standby: Standby) -> Self {
        Self { standby: Some(standby), ..self }
    }

    /// The number of connections.
    pub fn pool(&self) -> Pool {
        let (size, idle, most) = match self.backend() {
            DbBackend::Postgres => {
                let pool = self.connection.get_postgres_connection_pool();
                (pool.size(), pool.num_idle(), pool.options().get_max_connections())
            }
            _ => {
                let pool = self.connection.get_sqlite_connection_pool();
                (pool.size(), pool.num_idle(), pool.options().get_max_connections())
            }
        };
        let idle = u32::try_from(idle).unwrap_or(u32::MAX).min(size);
        Pool { busy: size - idle, idle, most }
    }

    /// Calls `observer` after every statement, in the task that ran it. This is for metrics.
    #[must_use]
    pub fn observed(
        mut self,
        observer: impl Fn(&sea_orm::metric::Info<'_>) + Clone + Send + Sync + 'static,
    ) -> Self {
        if let Some(standby) = &mut self.standby {
            standby.pool.set_metric_callback(observer.clone());
        }
        self.connection.pool().set_metric_callback(observer);
        self
    }

    /// The same pool for one operation, which may use only a part of it at a time. So other
    /// operations find a connection.
    #[must_use]
    pub fn shared(&self) -> Self {
        let share = (self.pool().most / PARTS).max(MIN_SHARE);
        let connection = self.connection.with_share(usize::try_from(share).unwrap_or(usize::MAX));
        Self { connection, ..self.clone() }
    }

    /// The same for a query, whose reads a standby may answer, if there is one.
    #[must_use]
    pub fn shared_for_reads(&self) -> Self {
        let shared = self.shared();
        let Some(standby) = &self.standby else { return shared };
        let connection = shared.connection.with_reads(Reads::new(standby.clone()));
        Self { connection, ..shared }
    }

    /// What the standby is doing. `None` without a standby.
    pub fn standby(&self) -> Option<StandbyState> {
        self.standby.as_ref().map(Standby::state)
    }

    /// Waits until the standby has all that the database has now. Does nothing without a standby.
    ///
    /// # Errors
    /// [`Error::Setting`] with the reason why it cannot be used now.
    pub async fn try_standby(&self) -> Result<()> {
        let Some(standby) = &self.standby else { return Ok(()) };
        standby::try_out(standby, &self.connection).await.map_err(Error::Setting)
    }

    /// Compares the standby with the primary until `stopped` is cancelled. Without this, the
    /// primary answers all reads. Returns at once without a standby.
    pub async fn watch_standby(self, stopped: CancellationToken) {
        if let Some(standby) = self.standby {
            standby::run(standby, self.connection, stopped).await;
        }
    }

    /// Signals every commit of this process, for jobs that follow a transaction. Commits of other
    /// processes are not signalled.
    pub fn commits(&self) -> watch::Receiver<()> {
        self.committed.subscribe()
    }

    /// Signals a commit to the jobs, after a statement that wrote outside a transaction.
    pub fn announce_commit(&self) {
        self.committed.send_replace(());
    }

    /// The pool, for reads and for a write that is one statement.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The kind of database.
    pub fn backend(&self) -> DbBackend {
        self.connection.get_database_backend()
    }

    /// Begins a transaction for writing. Use [`in_transaction`], which also ends it.
    ///
    /// # Errors
    /// Returns errors of the database.
    pub async fn begin(&self) -> Result<WriteTransaction> {
        let turn = match &self.sqlite_writers {
            Some(writers) => Some(writers.clone().lock_owned().await),
            None => None,
        };
        self.begin_in(turn).await
    }

    async fn begin_in(&self, turn: Option<OwnedMutexGuard<()>>) -> Result<WriteTransaction> {
        let options = TransactionOptions {
            // The lock is taken at the beginning. At the first write, rows that were read before
            // could have changed.
            sqlite_transaction_mode: turn.as_ref().map(|_| SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let (connection, committed) = (self.connection.clone(), self.committed.clone());
        let shared = self.connection.in_share().await;
        uncancelled(async move {
            let health = connection.health.clone();
            let transaction = health.answer(connection.begin_with_options(options)).await?;
            Ok(WriteTransaction { transaction, committed, health, turn, shared })
        })
        .await
    }

    /// Checks whether a change could be stored now, at the cost of a lock. If a change has failed
    /// because the database cannot store any, it also stores a change without effect.
    ///
    /// # Errors
    /// Returns errors of the database.
    pub async fn try_to_write(&self) -> Result<()> {
        let turn = match &self.sqlite_writers {
            Some(writers) => match writers.clone().try_lock_owned() {
                Ok(turn) => Some(turn),
                // Another task is writing.
                Err(_) if !self.connection.health.cannot_write() => return Ok(()),
                Err(_) => Some(writers.clone().lock_owned().await),
            },
            None => None,
        };
        let trial = self.begin_in(turn).await?;
        if trial.reads_only().await? {
            self.connection.health.distrust();
            return Err(std::io::Error::other(connections::TAKES_NO_CHANGES).into());
        }
        if !self.connection.health.cannot_write() {
            return trial.roll_back().await;
        }
        trial.change_nothing().await?;
        trial.commit().await?;
        self.connection.health.can_write();
        Ok(())
    }

    /// Applies the missing migrations. If several processes start at the same time, one does it and
    /// the others wait.
    ///
    /// # Errors
    /// Returns errors of the database.
    pub async fn migrate(&self) -> Result<()> {
        self.migrate_alone(Migrator::up(&self.connection, None)).await
    }

    /// Takes back the last migrations. [`migration::loses`] says what is lost.
    ///
    /// # Errors
    /// Returns errors of the database, and refusals of migrations. The migrations before the one
    /// that failed are taken back then.
    pub async fn migrate_down(&self, steps: u32) -> Result<()> {
        self.migrate_alone(Migrator::down(&self.connection, Some(steps))).await
    }

    /// Migrates while no other process does.
    async fn migrate_alone(
        &self,
        migrating: impl Future<Output = std::result::Result<(), DbErr>>,
    ) -> Result<()> {
        if self.backend() != DbBackend::Postgres {
            return Ok(migrating.await?);
        }
        let lock = self.begin().await?;
        let sql = format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})");
        lock.inner().execute_unprepared(&sql).await?;
        migrating.await?;
        lock.commit().await
    }

    /// How the database's migrations differ from those of this version.
    ///
    /// # Errors
    /// Returns errors of the database.
    pub async fn migrations(&self) -> Result<Migrations> {
        let applied = self.connection.health.answer(migration::applied(&self.connection)).await?;
        let known: Vec<String> =
            Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect();
        let pending = known.iter().filter(|name| !applied.contains(name)).cloned().collect();
        let newer = applied.into_iter().filter(|name| !known.contains(name)).collect();
        Ok(Migrations { pending, newer })
    }

    /// Names of the missing migrations.
    ///
    /// # Errors
    /// Returns errors of the database.
    pub async fn pending_migrations(&self) -> Result<Vec<String>> {
        Ok(self.migrations().await?.pending)
    }

    /// Checks that the database answers.
    ///
    /// # Errors
    /// Returns errors of the database.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.connection.health.answer(self.connection.ping()).await?)
    }

    /// Whether [`checkpoint`](Self::checkpoint) has anything to do.
    pub fn has_checkpoints(&self) -> bool {
        self.sqlite_writers.is_some()
    }

    /// Copies SQLite's write-ahead log into the database file. Empties the log unless it is still
    /// being read. Nobody waits for this, and it waits only for this process's writer.
    ///
    /// # Errors
    /// Returns errors of the database.
    pub async fn checkpoint(&self) -> Result<()> {
        let Some(writers) = &self.sqlite_writers else { return Ok(()) };
        let _turn = writers.lock().await;
        connections::checkpoint(self.connection.get_sqlite_connection_pool()).await?;
        Ok(())
    }

    /// Writes SQLite's file anew and empties its write-ahead log, so that no deleted or changed
    /// text is left in either. Returns whether that is done: readers may still need the log. Has
    /// nothing to do on PostgreSQL. It goes on if the caller is cancelled.
    ///
    /// # Errors
    /// Returns errors of the database.
    pub async fn compact(&self) -> Result<bool> {
        let Some(writers) = self.sqlite_writers.clone() else { return Ok(true) };
        let connection = self.connection.clone();
        uncancelled(async move {
            let _turn = writers.lock_owned().await;
            Ok(connections::compact(connection.get_sqlite_connection_pool()).await?)
        })
        .await
    }

    /// Subscribes to channels of PostgreSQL's notifications. `None` on SQLite, which has none.
    ///
    /// # Errors
    /// Returns errors of the database.
    pub async fn listen(
        &self,
        channels: impl IntoIterator<Item = &str>,
    ) -> Result<Option<Listener>> {
        match self.backend() {
            DbBackend::Postgres => Listener::open(&self.connection, channels).await.map(Some),
            _ => Ok(None),
        }
    }

    /// Closes the pool after the running statements have ended.
    ///
    /// # Errors
    /// Returns errors of the database.
    pub async fn close(self) -> Result<()> {
        if let Some(standby) = self.standby {
            standby.pool.close().await?;
        }
        Ok((*self.connection).clone().close().await?)
    }
}

/// A transaction for writing. Dropping it rolls it back.
#[derive(Debug)]
pub struct WriteTransaction {
    transaction: DatabaseTransaction,
    committed: Arc<watch::Sender<()>>,
    health: Arc<Health>,
    /// Released after the transaction has ended.
    turn: Option<OwnedMutexGuard<()>>,
    /// Released after its connection is returned.
    shared: Shared,
}

impl WriteTransaction {
    /// The transaction itself.
    pub fn inner(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    /// Runs the work of this transaction. It ends if the database does not answer.
    ///
    /// # Errors
    /// Returns the error of the work, or that the database does not answer.
    pub async fn run<T, E: VerbError>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        self.health.answer_all(work).await.map_err(Error::from)?
    }

    /// Whether the server is read-only. SQLite would have refused to begin.
    async fn reads_only(&self) -> Result<bool> {
        if self.transaction.get_database_backend() == DbBackend::Sqlite {
            return Ok(false);
        }
        let asked = sql::statement(DbBackend::Postgres, connections::READS_ONLY, []);
        let row = self.health.answer(self.transaction.query_one_raw(asked)).await?;
        Ok(row.map(|row| row.try_get("", "reads_only")).transpose()?.unwrap_or_default())
    }

    /// Writes a value that is already there.
    async fn change_nothing(&self) -> Result<()> {
        if self.transaction.get_database_backend() == DbBackend::Postgres {
            // Assigns a transaction id, which is written at the commit.
            self.transaction.execute_unprepared("SELECT pg_current_xact_id()").await?;
            return Ok(());
        }
        let asked = sql::statement(DbBackend::Sqlite, "PRAGMA user_version", []);
        let row = self.transaction.query_one_raw(asked).await?;
        let row = row.ok_or_else(|| Error::Inconsistent("SQLite has no version".to_owned()))?;
        let version: i32 = row.try_get("", "user_version")?;
        // The version is on the first page. SQLite writes that page even if the value is the same.
        self.transaction.execute_unprepared(&format!("PRAGMA user_version = {version}")).await?;
        Ok(())
    }

    /// Commits.
    ///
    /// # Errors
    /// [`Error::CommitUnknown`] if the database's answer is lost. Also returns errors of the
    /// database.
    async fn commit(self) -> Result<()> {
        let Self { transaction, committed, health, turn, shared } = self;
        uncancelled(async move {
            let committing = health.answer(transaction.commit()).await;
            drop((turn, shared));
            match committing {
                Ok(()) => {
                    committed.send_replace(());
                    Ok(())
                }
                Err(error) if connections::refuses_commit(&error) => Err(Error::Database(error)),
                Err(error) => Err(Error::CommitUnknown(error)),
            }
        })
        .await
    }

    async fn roll_back(self) -> Result<()> {
        let Self { transaction, health, turn, shared, .. } = self;
        uncancelled(async move {
            let rolling_back = health.answer(transaction.rollback()).await;
            drop((turn, shared));
            Ok(rolling_back?)
        })
        .await
    }

    /// Commits if the work has succeeded; a refusal rolls back. `None` if the work should be
    /// retried after a serialization failure or a deadlock. It is tried at most [`MAX_ATTEMPTS`]
    /// times.
    pub async fn end<T, E: VerbError>(
        self,
        attempt: u32,
        work: Result<T, E>,
    ) -> Option<Result<T, E>> {
        if let Err(Some(Error::Database(error))) = work.as_ref().map_err(VerbError::failure) {
            self.health.note(error);
        }
        let result = match work {
            Ok(value) => self.commit().await.map(|()| value).map_err(E::from),
            Err(error) => {
                if let Err(broken) = self.roll_back().await {
                    tracing::warn!(
                        error = %broken,
                        "rollback failed; closing the connection has the same effect"
                    );
                }
                Err(error)
            }
        };
        if let Err(Some(error)) = result.as_ref().map_err(VerbError::failure)
            && attempt < MAX_ATTEMPTS
            && error.is_retryable()
        {
            tracing::debug!(attempt, %error, "transaction will be tried again");
            tokio::time::sleep(Duration::from_millis(u64::from(attempt) * 5)).await;
            return None;
        }
        Some(result)
    }
}

/// Converts the error of a statement that commits itself. Unless the database refused the
/// statement, its answer is lost, and the change may have happened.
pub(crate) fn of_a_commit(error: Error) -> Error {
    match error {
        Error::Database(error) if !connections::refuses_commit(&error) => {
            Error::CommitUnknown(error)
        }
        other => other,
    }
}

/// Runs the work to its end even if the caller is cancelled.
///
/// A caller may be cancelled at any time. Without this, a BEGIN that the driver has not counted yet
/// would remain open in the pool, and a ROLLBACK could follow a COMMIT.
async fn uncancelled<T: Send + 'static>(
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<T> {
    match tokio::spawn(work.in_current_span()).await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(ended) => Err(Error::Io(std::io::Error::other(ended))),
        },
    }
}

/// Runs the work in a transaction and commits it. If the work returns an error, including a
/// refusal, nothing is changed. After a conflict, such as a serialization failure or a deadlock,
/// the work runs again, a limited number of times. So it may borrow values but not consume them.
/// Returns the result of the last attempt.
///
/// # Errors
/// Returns errors of the work or the database. [`Error::CommitUnknown`] if the database does not
/// answer.
pub async fn in_transaction<T, E: VerbError>(
    database: &Database,
    work: impl AsyncFnOnce(&DatabaseTransaction) -> Result<T, E> + Clone,
) -> Result<T, E> {
    let mut attempt = 1;
    loop {
        let begun = database.begin().await?;
        // The future is boxed, since each function that receives it would otherwise double its
        // size.
        let result = begun.run(Box::pin(work.clone()(begun.inner()))).await;
        if let Some(result) = begun.end(attempt, result).await {
            return result;
        }
        attempt += 1;
    }
}
