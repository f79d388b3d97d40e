//! Reads from a standby: a PostgreSQL server that repeats the changes of the primary as they stream
//! in.
//!
//! A standby is always a little late, and nobody must notice that. Each operation asks the primary
//! how far its log goes, and uses the standby only if that has come as far. So it sees all that was
//! committed before it began, on any server: the person's own memo, a deletion, a lost access. If
//! the standby is late, silent or gone, the primary answers.

mod place;
mod watcher;

pub(super) use watcher::{run, try_out};

use super::health::Health;
use sea_orm::{
    DatabaseConnection, DbErr,
    sqlx::{self, PgConnection, postgres::PgConnectOptions},
};
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, AtomicU64, Ordering},
};
use tokio::sync::{self, OnceCell, mpsc, oneshot, watch};

/// Whether the standby is of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    /// It answers reads.
    Good,
    /// It does not catch up. What it is reading already may be finished.
    Late,
    /// It has not answered, or it cannot be trusted.
    None,
}

/// What a standby is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StandbyState {
    /// Whether it answers reads.
    pub is_used: bool,
    /// By how many bytes of the log it was behind when it was last asked.
    pub lag: u64,
}

/// A pool of connections to the standby, and what is known of it. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Standby {
    pub(super) pool: DatabaseConnection,
    health: Arc<Health>,
    watched: Arc<Watched>,
}

/// What the watcher knows and does.
#[derive(Debug)]
pub(super) struct Watched {
    /// How the watcher connects. It uses no connection of the pool.
    options: PgConnectOptions,
    is_of_use: watch::Sender<Use>,
    /// The running server that the watcher asks. Another one, perhaps behind the same address, can
    /// be further behind.
    instance: Mutex<Option<String>>,
    lag: AtomicU64,
    asking: mpsc::UnboundedSender<oneshot::Sender<()>>,
    asked: sync::Mutex<mpsc::UnboundedReceiver<oneshot::Sender<()>>>,
}

impl Watched {
    pub(super) fn new(options: PgConnectOptions) -> Arc<Self> {
        let (asking, asked) = mpsc::unbounded_channel();
        Arc::new(Self {
            options,
            is_of_use: watch::Sender::new(Use::None),
            instance: Mutex::default(),
            lag: AtomicU64::default(),
            asking,
            asked: sync::Mutex::new(asked),
        })
    }

    /// Refuses a connection that does not lead to the server that is watched.
    ///
    /// # Errors
    /// It leads to another, or the server does not answer.
    pub(super) async fn check(&self, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
        let instance = place::instance(connection).await?;
        if self.instance().as_ref() == Some(&instance) {
            return Ok(());
        }
        let text = "the standby has started anew, or its address leads to several servers";
        Err(sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::NotConnected, text)))
    }

    fn instance(&self) -> Option<String> {
        self.instance.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_instance(&self, instance: Option<String>) {
        *self.instance.lock().unwrap_or_else(PoisonError::into_inner) = instance;
    }
}

impl Standby {
    pub(super) fn new(
        pool: DatabaseConnection,
        health: Arc<Health>,
        watched: Arc<Watched>,
    ) -> Self {
        Self { pool, health, watched }
    }

    /// Whether it is used, and by how much it is late.
    pub(super) fn state(&self) -> StandbyState {
        let is_used = *self.watched.is_of_use.borrow() == Use::Good;
        StandbyState { is_used, lag: self.watched.lag.load(Ordering::Relaxed) }
    }

    /// Waits until it has all that was committed before this call. `false` if the primary must
    /// answer instead.
    async fn catches_up(&self) -> bool {
        if *self.watched.is_of_use.borrow() != Use::Good {
            return false;
        }
        let (sender, receiver) = oneshot::channel();
        tokio::select! {
            biased;
            caught_up = async {
                // The receiver lives as long as this standby.
                self.watched.asking.send(sender).is_ok() && receiver.await.is_ok()
            } => caught_up,
            () = self.until(|state| state != Use::Good) => false,
        }
    }

    /// Completes when that is so.
    async fn until(&self, is_so: impl Fn(Use) -> bool) {
        // An error means that the sender is gone, but this standby has it.
        let _ = self.watched.is_of_use.subscribe().wait_for(|state| is_so(*state)).await;
    }
}

/// The reads of one operation.
#[derive(Debug)]
pub(super) struct Reads {
    standby: Standby,
    caught_up: OnceCell<bool>,
    /// Whether a statement has failed. Then the primary answers the others as well, because the
    /// standby could be behind what the primary has already answered.
    given_up: AtomicBool,
}

impl Reads {
    pub(super) fn new(standby: Standby) -> Self {
        Self { standby, caught_up: OnceCell::new(), given_up: AtomicBool::new(false) }
    }

    /// The standby's pool, if it can answer this operation. The first call waits until the standby
    /// has caught up.
    pub(super) async fn pool(&self) -> Option<&DatabaseConnection> {
        let caught_up = *self.caught_up.get_or_init(|| self.standby.catches_up()).await;
        (caught_up && !self.given_up.load(Ordering::Relaxed)).then_some(&self.standby.pool)
    }

    /// The answer of the standby. `None` if there is none, so that the primary is asked.
    pub(super) async fn answer<T>(
        &self,
        statement: impl Future<Output = Result<T, DbErr>>,
    ) -> Option<T> {
        let failure = tokio::select! {
            biased;
            answer = self.standby.health.answer(statement) => match answer {
                Ok(answer) => return Some(answer),
                Err(error) => error.to_string(),
            },
            () = self.standby.until(|state| state == Use::None) => "it is gone".to_owned(),
        };
        // A standby may end any statement, for example if it reads what the primary has removed.
        tracing::debug!(failure, "the primary answers instead of the standby");
        self.given_up.store(true, Ordering::Relaxed);
        None
    }
}
