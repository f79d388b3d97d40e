//! The rows of this process: one reader serves all subscribers.

use super::{
    BATCH, Part, Sequenced,
    sequence::{last_position, place},
};
use crate::{Error, Result, Services, database::Signals};
use futures_util::{Stream, stream};
use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore, watch};
use tokio_util::sync::CancellationToken;

/// How many of the latest rows are kept in memory for subscribers.
const RECENT: usize = 1_000;
/// How long to wait after a commit, so that several rows are sequenced together.
const GATHERING: Duration = Duration::from_millis(20);
/// How often the database is read without a signal. This finds rows of a process that ended between
/// its commit and the sequencing. It also covers a failure of PostgreSQL's notifications.
const FALLBACK: Duration = Duration::from_secs(1);

/// How many subscribers of a feed read rows from the database at a time. The others wait in order
/// of arrival, so that queries and mutations still get connections.
pub const MAX_CATCH_UPS: usize = 4;

/// The latest rows, with a signal for new ones. Cheap to clone.
pub struct Feed<S: Sequenced>(Arc<Shared<S>>);

struct Shared<S: Sequenced> {
    /// In order, without gaps.
    recent: Mutex<VecDeque<Arc<S::Row>>>,
    /// The position of the last row that was read. Negative before the first read.
    head: watch::Sender<i64>,
    /// A permit for each read of rows that are no longer in memory.
    catch_ups: Arc<Semaphore>,
}

impl<S: Sequenced> Shared<S> {
    async fn catch_up(&self) -> Result<OwnedSemaphorePermit> {
        let closed = |_: AcquireError| {
            Error::Inconsistent("the semaphore of catch-ups is closed".to_owned())
        };
        self.catch_ups.clone().acquire_owned().await.map_err(closed)
    }
}

/// Why a client cannot subscribe from a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListenRefusal {
    /// Some later rows are no longer kept.
    Expired,
    /// There is no such row.
    Unknown,
}

impl<S: Sequenced> Clone for Feed<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<S: Sequenced> fmt::Debug for Feed<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Feed").field(&S::SEQUENCE.table).finish_non_exhaustive()
    }
}

impl<S: Sequenced> Default for Feed<S> {
    fn default() -> Self {
        Self(Arc::new(Shared {
            recent: Mutex::default(),
            head: watch::Sender::new(-1),
            catch_ups: Arc::new(Semaphore::new(MAX_CATCH_UPS)),
        }))
    }
}

impl<S: Sequenced> Feed<S> {
    /// Sequences and reads rows until `stopped` is cancelled. A failure is logged, and the next
    /// round retries.
    pub async fn run(self, services: Services, signals: Signals, stopped: CancellationToken) {
        let mut commits = services.database.commits();
        let mut signalled = signals.subscribe(S::SEQUENCE.signal);
        loop {
            if let Err(error) = self.advance(&services).await {
                let table = S::SEQUENCE.table;
                tracing::error!(%error, table, "new rows could not be read for subscribers; it \
                    will be tried again");
            }
            tokio::select! {
                () = stopped.cancelled() => break,
                _ = commits.changed() => tokio::time::sleep(GATHERING).await,
                _ = signalled.changed() => {}
                () = tokio::time::sleep(FALLBACK) => {}
            }
        }
        // This ends all subscriptions.
        self.0.head.send_replace(i64::MAX);
    }

    /// Waits for a turn to read rows from the database. Dropping the permit ends the turn. There
    /// are [`MAX_CATCH_UPS`] turns. A caller that stops waiting leaves the queue.
    ///
    /// # Errors
    /// None, because the semaphore is never closed.
    pub async fn catch_up_turn(&self) -> Result<OwnedSemaphorePermit> {
        self.0.catch_up().await
    }

    /// The position of the last row that was read. `None` before the first read and after the end.
    pub fn last_position(&self) -> Option<i64> {
        let head = *self.0.head.borrow();
        (0..i64::MAX).contains(&head).then_some(head)
    }

    /// Assigns positions to new rows, and reads all rows that are not read yet.
    async fn advance(&self, services: &Services) -> Result<()> {
        place(services, S::SEQUENCE).await?;
        let mut head = *self.0.head.borrow();
        if head < 0 {
            head = last_position(services.database.connection(), S::SEQUENCE).await?;
            self.0.head.send_replace(head);
        }
        loop {
            let rows = S::after(services, head).await?;
            let Some(last) = rows.last().and_then(S::position) else { return Ok(()) };
            head = last;
            {
                let mut recent = self.0.recent.lock().unwrap_or_else(PoisonError::into_inner);
                recent.extend(rows.into_iter().map(Arc::new));
                let surplus = recent.len().saturating_sub(RECENT);
                recent.drain(..surplus);
            }
            self.0.head.send_replace(head);
        }
    }

    /// The stream of rows that the subscriber wants, from now on or after a position. It ends with
    /// the server.
    ///
    /// # Errors
    /// Returns errors of the database.
    pub async fn listen(
        &self,
        services: Services,
        wanted: S::Wanted,
        after: Option<i64>,
    ) -> Result<Result<impl Stream<Item = Result<Arc<S::Row>>> + Send + 'static, ListenRefusal>>
    {
        let last = async || last_position(services.database.connection(), S::SEQUENCE).await;
        let position = match after {
            None => last().await?,
            Some(after) => {
                let _turn = self.0.catch_up().await?;
                if after > last().await? {
                    return Ok(Err(ListenRefusal::Unknown));
                }
                if !S::is_kept(&services, after).await? {
                    return Ok(Err(ListenRefusal::Expired));
                }
                after
            }
        };
        let subscriber = Subscriber {
            shared: self.0.clone(),
            services,
            wanted,
            position,
            heard: VecDeque::new(),
            head: self.0.head.subscribe(),
        };
        Ok(Ok(stream::unfold(subscriber, async |mut subscriber| {
            subscriber.next().await.map(|row| (row, subscriber))
        })))
    }
}

/// A subscriber.
struct Subscriber<S: Sequenced> {
    shared: Arc<Shared<S>>,
    services: Services,
    wanted: S::Wanted,
    /// The last position that was examined.
    position: i64,
    heard: VecDeque<Arc<S::Row>>,
    head: watch::Receiver<i64>,
}

impl<S: Sequenced> Subscriber<S> {
    async fn next(&mut self) -> Option<Result<Arc<S::Row>>> {
        loop {
            if let Some(row) = self.heard.pop_front() {
                return Some(Ok(row));
            }
            let head = *self.head.borrow_and_update();
            if head == i64::MAX {
                return None;
            }
            if head <= self.position {
                self.head.changed().await.ok()?;
                continue;
            }
            let (rows, reached) = match self.recent() {
                // If the latest rows were removed, nothing is left to deliver.
                Some(rows) => {
                    let last = rows.last().and_then(|row| S::position(row));
                    (rows, last.unwrap_or(head))
                }
                None => match self.catch_up(head).await {
                    Ok(caught_up) => caught_up,
                    Err(error) => return Some(Err(error)),
                },
            };
            self.position = reached;
            let wanted = rows.into_iter().filter(|row| S::is_wanted(&self.wanted, row));
            self.heard.extend(wanted);
        }
    }

    /// The next rows from the database, and the position up to which they are complete.
    async fn catch_up(&self, head: i64) -> Result<(Vec<Arc<S::Row>>, i64)> {
        let part = Part { after: self.position, until: head };
        let rows = {
            let _turn = self.shared.catch_up().await?;
            S::missed(&self.services, &self.wanted, part).await?
        };
        let is_full = u64::try_from(rows.len()).is_ok_and(|found| found == BATCH);
        let last = rows.last().and_then(S::position).filter(|_| is_full);
        Ok((rows.into_iter().map(Arc::new).collect(), last.unwrap_or(head)))
    }

    /// The next rows from memory. `None` if memory does not reach back far enough.
    fn recent(&self) -> Option<Vec<Arc<S::Row>>> {
        let recent = self.shared.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let first = S::position(recent.front()?)?;
        if first > self.position + 1 {
            return None;
        }
        let next = recent.partition_point(|row| S::position(row) <= Some(self.position));
        Some(recent.iter().skip(next).cloned().collect())
    }
}
