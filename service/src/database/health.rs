//! What a pool's connections reveal about their database: whether it answers, which of them can be
//! trusted, and whether it can store changes.

use super::settings::DatabaseSettings;
use crate::code_of;
use sea_orm::{DbErr, RuntimeErr};
use std::{
    pin::pin,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::time::{Instant, timeout};

/// How much longer an answer may take than the statement may run.
const ON_ITS_WAY: Duration = Duration::from_secs(2);
/// The time limit of a transaction, as a multiple of the limit of a statement. It also ends
/// transactions of jobs, which have no request with a limit.
const STATEMENTS: u32 = 3;

/// How long the database is asked about each returned connection after something went wrong.
const DOUBT: Duration = Duration::from_secs(60);

/// PostgreSQL's code for a change on a read-only server.
const READ_ONLY: &str = "25006";

/// What a pool's connections reveal about their database.
#[derive(Debug)]
pub(super) struct Health {
    /// How long PostgreSQL may take to answer. `None` for SQLite, which has no server that could be
    /// lost.
    pub(super) limit: Option<Duration>,
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

    /// Waits at most that long. What is open then is distrusted.
    ///
    /// # Errors
    /// Returns that the database does not answer.
    pub(super) async fn within<T>(
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
    pub(super) fn trusts(&self, age: Duration) -> bool {
        passed(&self.distrusted).is_none_or(|passed| passed >= age)
    }

    /// Whether the database must be asked about a returned connection.
    pub(super) fn doubts(&self) -> bool {
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

/// The error of a database that did not answer.
pub(super) fn no_answer(limit: Duration) -> String {
    format!("the database has not answered for {} s", limit.as_secs())
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
