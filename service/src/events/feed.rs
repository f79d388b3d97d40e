//! The events of this process: one reader serves all subscribers.

use super::{
    read::{self, BATCH, Missed},
    sequence::place,
};
use crate::{
    Error, Result, Services, Viewer,
    access::sees_event,
    database::{Signal, Signals},
};
use entity::memo_event;
use futures_util::{Stream, stream};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore, watch};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How many of the latest events are kept in memory for subscribers.
const RECENT: usize = 1_000;
/// How long to wait after a commit, so that several events are sequenced together.
const GATHERING: Duration = Duration::from_millis(20);
/// How often the database is read without a signal. This finds events of a process that ended
/// between its commit and the sequencing. It also covers a failure of PostgreSQL's notifications.
const FALLBACK: Duration = Duration::from_secs(1);

/// How many subscribers of this process read events from the database at a time. The others wait in
/// order of arrival, so that queries and mutations still get connections.
pub const MAX_CATCH_UPS: usize = 4;

/// The latest events, with a signal for new ones. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Feed(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// In order, without gaps.
    recent: Mutex<VecDeque<Arc<memo_event::Model>>>,
    /// The position of the last event that was read. Negative before the first read.
    head: watch::Sender<i64>,
    /// A permit for each read of events that are no longer in memory.
    catch_ups: Arc<Semaphore>,
}

impl Shared {
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
    /// Some later events are no longer kept.
    Expired,
    /// There is no such event.
    Unknown,
}

impl Default for Feed {
    fn default() -> Self {
        Self(Arc::new(Shared {
            recent: Mutex::default(),
            head: watch::Sender::new(-1),
            catch_ups: Arc::new(Semaphore::new(MAX_CATCH_UPS)),
        }))
    }
}

impl Feed {
    /// Sequences and reads events until `stopped` is cancelled. A failure is logged, and the next
    /// round retries.
    pub async fn run(self, services: Services, signals: Signals, stopped: CancellationToken) {
        let mut commits = services.database.commits();
        let mut signalled = signals.subscribe(Signal::Events);
        loop {
            if let Err(error) = self.advance(&services).await {
                tracing::error!(%error, "events could not be read; it will be tried again");
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

    /// Waits for a turn to read events from the database. Dropping the permit ends the turn. There
    /// are [`MAX_CATCH_UPS`] turns. A caller that stops waiting leaves the queue.
    ///
    /// # Errors
    /// None, because the semaphore is never closed.
    pub async fn catch_up_turn(&self) -> Result<OwnedSemaphorePermit> {
        self.0.catch_up().await
    }

    /// The position of the last event that was read. `None` before the first read and after the
    /// end.
    pub fn last_position(&self) -> Option<i64> {
        let head = *self.0.head.borrow();
        (0..i64::MAX).contains(&head).then_some(head)
    }

    /// Assigns positions to new events, and reads all events that are not read yet.
    async fn advance(&self, services: &Services) -> Result<()> {
        place(services).await?;
        let mut head = *self.0.head.borrow();
        if head < 0 {
            head = read::last_position(services.database.connection()).await?;
            self.0.head.send_replace(head);
        }
        loop {
            let events = read::after(services, head).await?;
            let Some(last) = events.last().and_then(|event| event.position) else { return Ok(()) };
            head = last;
            {
                let mut recent = self.0.recent.lock().unwrap_or_else(PoisonError::into_inner);
                recent.extend(events.into_iter().map(Arc::new));
                let surplus = recent.len().saturating_sub(RECENT);
                recent.drain(..surplus);
            }
            self.0.head.send_replace(head);
        }
    }

    /// The stream of events that the viewer may receive, from now on or after a position. With a
    /// memo's id, it contains only the events of that memo. It ends with the server.
    ///
    /// # Errors
    /// Returns errors of the database.
    pub async fn listen(
        &self,
        services: Services,
        viewer: Viewer,
        memo_id: Option<Uuid>,
        after: Option<i64>,
    ) -> Result<
        Result<impl Stream<Item = Result<Arc<memo_event::Model>>> + Send + 'static, ListenRefusal>,
    > {
        let position = match after {
            None => read::last_position(services.database.connection()).await?,
            Some(after) => {
                let _turn = self.0.catch_up().await?;
                if after > read::last_position(services.database.connection()).await? {
                    return Ok(Err(ListenRefusal::Unknown));
                }
                if !read::is_kept(&services, after).await? {
                    return Ok(Err(ListenRefusal::Expired));
                }
                after
            }
        };
        let chief_after =
            if viewer.is_chief() { read::chief_after(&services, viewer).await? } else { None };
        let subscriber = EventSubscriber {
            shared: self.0.clone(),
            services,
            viewer,
            memo_id,
            chief_after,
            position,
            heard: VecDeque::new(),
            head: self.0.head.subscribe(),
        };
        Ok(Ok(stream::unfold(subscriber, async |mut subscriber| {
            subscriber.next().await.map(|event| (event, subscriber))
        })))
    }
}

/// A subscriber.
struct EventSubscriber {
    shared: Arc<Shared>,
    services: Services,
    viewer: Viewer,
    memo_id: Option<Uuid>,
    /// They receive all events after this position. `None` if they are not company management.
    chief_after: Option<i64>,
    /// The last position that was examined.
    position: i64,
    heard: VecDeque<Arc<memo_event::Model>>,
    head: watch::Receiver<i64>,
}

impl EventSubscriber {
    async fn next(&mut self) -> Option<Result<Arc<memo_event::Model>>> {
        loop {
            if let Some(event) = self.heard.pop_front() {
                return Some(Ok(event));
            }
            let head = *self.head.borrow_and_update();
            if head == i64::MAX {
                return None;
            }
            if head <= self.position {
                self.head.changed().await.ok()?;
                continue;
            }
            let (events, reached) = match self.recent() {
                // If the latest events were removed, nothing is left to deliver.
                Some(events) => {
                    let last = events.last().and_then(|event| event.position);
                    (events, last.unwrap_or(head))
                }
                None => match self.catch_up(head).await {
                    Ok(caught_up) => caught_up,
                    Err(error) => return Some(Err(error)),
                },
            };
            self.position = reached;
            let (viewer, memo_id, chief_after) = (self.viewer, self.memo_id, self.chief_after);
            let is_wanted = |event: &Arc<memo_event::Model>| {
                memo_id.is_none_or(|memo_id| memo_id == event.memo_id)
                    && sees_event(event, viewer, chief_after)
            };
            self.heard.extend(events.into_iter().filter(is_wanted));
        }
    }

    /// The next events from the database, and the position up to which they are complete.
    async fn catch_up(&self, head: i64) -> Result<(Vec<Arc<memo_event::Model>>, i64)> {
        let (viewer, memo_id) = (self.viewer, self.memo_id);
        let missed = Missed { viewer, memo_id, after: self.position, until: head };
        let events = {
            let _turn = self.shared.catch_up().await?;
            read::missed(&self.services, missed).await?
        };
        let is_full = u64::try_from(events.len()).is_ok_and(|found| found == BATCH);
        let last = events.last().and_then(|event| event.position).filter(|_| is_full);
        Ok((events.into_iter().map(Arc::new).collect(), last.unwrap_or(head)))
    }

    /// The next events from memory. `None` if memory does not reach back far enough.
    fn recent(&self) -> Option<Vec<Arc<memo_event::Model>>> {
        let recent = self.shared.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let first = recent.front()?.position?;
        if first > self.position + 1 {
            return None;
        }
        let next = recent.partition_point(|event| event.position <= Some(self.position));
        Some(recent.iter().skip(next).cloned().collect())
    }
}
