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

use super::settings::DatabaseSettings;
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
use std::{
    ops::Deref,
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout},
};

/// How much longer an answer may take than the statement may run.
const ON_ITS_WAY: Duration = Duration::from_secs(2);
/// The time limit of a transaction, as a multiple of the limit of a statement. It also ends
/// transactions of jobs, which have no request with a limit.
const STATEMENTS: u32 = 3;

/// How long the database is asked about each returned connection after something went wrong.
const DOUBT: Duration = Duration::from_secs(60);

/// Asks PostgreSQL whether this connection is read-only.
pub(super) const READS_ONLY: &str =
    "SELECT current_setting('transaction_read_only')::boolean AS reads_only";
/// The error for a read-only server.
pub(super) const TAKES_NO_CHANGES: &str =
    "the server takes no changes, as a standby: give the address of the primary";

/// PostgreSQL's code for a change on a read-only server.
const READ_ONLY: &str = "25006";

/// What a pool's connections reveal about their database.
#[derive(Debug)]
pub(super) struct Health {
    /// How long PostgreSQL may take to answer. `None` for SQLite, which has no server that could be
    /// lost.
    limit: Option<Duration>,
    /// How long it may take to get a connection from the pool.
    acquire: Duration,
    /// Connections that were opened before this time are not used any more.
    distrusted: Mutex<Option<Instant>>,
    /// When a statement last failed or was cancelled before its answer.
    doubted: Mutex<Option<Instant>>,
    /// Whether a change failed because the database cannot store changes.
    cannot_write: AtomicBool,
}

impl Health {
    /// The initial state.
    pub(super) fn new(settings: &DatabaseSettings) -> Self {
        let answers = !settings.is_sqlite();
        Self {
            limit: answers.then(|| settings.statement_timeout + ON_ITS_WAY),
            acquire: settings.acquire_timeout,
            distrusted: Mutex::default(),
            doubted: Mutex::default(),
            cannot_write: AtomicBool::default(),
        }
    }

    /// Waits for the answer to a statement or another short step. The limit includes the wait for a
    /// connection.
    ///
    /// # Errors
    /// Returns errors of the database, or that it does not answer.
    pub(super) async fn answer<T>(
        &self,
        work: impl Future<Output = Result<T, DbErr>>,
    ) -> Result<T, DbErr> {
        let limit = self.limit.map(|limit| limit + self.acquire);
        let answer = self.within(limit, work).await.unwrap_or_else(|lost| Err(lost));
        answer.inspect_err(|error| self.note(error))
    }

    /// Waits for the answers to all statements of a transaction.
    ///
    /// # Errors
    /// Returns that the database does not answer.
    pub(super) async fn answer_all<T>(&self, work: impl Future<Output = T>) -> Result<T, DbErr> {
        self.within(self.limit.map(|limit| limit * STATEMENTS), work).await
    }

    async fn within<T>(
        &self,
        limit: Option<Duration>,
        work: impl Future<Output = T>,
    ) -> Result<T, DbErr> {
        // `work` is dropped after `unanswered`. So there is doubt before its connection is
        // returned.
        let work = pin!(work);
        let unanswered = Unanswered(Some(self));
        let answer = match limit {
            Some(limit) => timeout(limit, work).await.map_err(|_| {
                self.distrust();
                DbErr::Conn(RuntimeErr::Internal(no_answer(limit)))
            })?,
            None => work.await,
        };
        unanswered.answered();
        Ok(answer)
    }

    /// From now on, no connection that is open now is used.
    pub(super) fn distrust(&self) {
        set_to_now(&self.distrusted);
    }

    /// Whether a connection of this age may be used.
    fn trusts(&self, age: Duration) -> bool {
        passed(&self.distrusted).is_none_or(|passed| passed >= age)
    }

    /// Whether the database must be asked about a returned connection.
    fn doubts(&self) -> bool {
        passed(&self.doubted).is_some_and(|passed| passed < DOUBT)
    }

    /// Learns from an error of the database.
    pub(super) fn note(&self, error: &DbErr) {
        set_to_now(&self.doubted);
        if code_of(error).as_deref() == Some(READ_ONLY) {
            // The servers have switched their roles. The other connections lead to the same server.
            self.distrust();
        }
        if is_unable_to_write(error) {
            self.cannot_write.store(true, Ordering::Relaxed);
        }
    }

    /// Whether a change failed because the database cannot store changes. It is reset when a test
    /// change is stored.
    pub(super) fn cannot_write(&self) -> bool {
        self.cannot_write.load(Ordering::Relaxed)
    }

    /// Notes that a test change has been stored.
    pub(super) fn can_write(&self) {
        self.cannot_write.store(false, Ordering::Relaxed);
    }
}

/// If it is dropped before the answer, it notes a doubt.
struct Unanswered<'a>(Option<&'a Health>);

impl Unanswered<'_> {
    fn answered(mut self) {
        self.0 = None;
    }
}

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        if let Some(health) = self.0 {
            set_to_now(&health.doubted);
        }
    }
}

fn set_to_now(moment: &Mutex<Option<Instant>>) {
    *moment.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
}

/// How much time has passed since then.
fn passed(moment: &Mutex<Option<Instant>>) -> Option<Duration> {
    moment.lock().unwrap_or_else(PoisonError::into_inner).map(|moment| moment.elapsed())
}

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
    let (taken, released) = (health.clone(), health.clone());
    options
        .after_connect(|connection, _| Box::pin(refuse_read_only(connection)))
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
}

/// The permit for one connection of a share.
pub(super) type Shared = Option<OwnedSemaphorePermit>;

impl Connection {
    pub(super) fn new(inner: DatabaseConnection, health: Arc<Health>) -> Self {
        Self { inner, health, share: None }
    }

    /// The same pool, of which this many connections may be used at the same time.
    pub(super) fn with_share(&self, connections: usize) -> Self {
        Self { share: Some(Arc::new(Semaphore::new(connections))), ..self.clone() }
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
        self.health.answer(self.inner.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let _shared = self.in_share().await;
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

fn no_answer(limit: Duration) -> String {
    format!("the database has not answered for {} s", limit.as_secs())
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

/// Whether the database says that it cannot store anything now, because its disk is full, broken or
/// read-only.
///
/// Codes: [PostgreSQL](https://www.postgresql.org/docs/current/errcodes-appendix.html),
/// [SQLite](https://sqlite.org/rescode.html).
fn is_unable_to_write(error: &DbErr) -> bool {
    const POSTGRES: [&str; 3] = [READ_ONLY, "53100", "58030"];
    // Primary codes: read-only, input or output, full, cannot open. They are the lowest byte of
    // extended codes.
    const SQLITE: [u32; 4] = [8, 10, 13, 14];
    let Some(code) = code_of(error) else { return false };
    // Codes of PostgreSQL have five characters.
    match code.parse::<u32>() {
        Ok(number) if code.len() < 5 => SQLITE.contains(&(number & 0xff)),
        _ => POSTGRES.contains(&code.as_str()),
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
