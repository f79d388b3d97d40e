//! The events of this process: one reader for all who listen.

use super::{
    read,
    sequence::{CHANNEL, place},
};
use crate::{Result, Services, Viewer, access::hears, accounts, database::Listener};
use entity::memo_event;
use futures_util::{Stream, stream};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::watch;

/// How many of the latest events are kept in memory, for those who listen.
const RECENT: usize = 1_000;
/// How long changes are gathered before their events are placed.
const GATHERING: Duration = Duration::from_millis(20);
/// How often the database is asked although nobody called: for events of a process that ended between its commit and the placing, and while PostgreSQL's
/// notifications do not come through.
const FALLBACK: Duration = Duration::from_secs(1);

/// The latest events, and a signal when there are more. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Feed(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// In their order, without gaps.
    recent: Mutex<VecDeque<Arc<memo_event::Model>>>,
    /// The last place that was read; negative before the first reading.
    head: watch::Sender<i64>,
    /// Changes when another process tells of sign-ins: the one connection that hears PostgreSQL's notifications is here.
    sign_ins: watch::Sender<()>,
}

/// Why nobody can listen from that place on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListenRefusal {
    /// Some events after it are no longer kept.
    Expired,
    /// There is no such event.
    Unknown,
}

impl Default for Feed {
    fn default() -> Self {
        Self(Arc::new(Shared {
            recent: Mutex::default(),
            head: watch::Sender::new(-1),
            sign_ins: watch::Sender::new(()),
        }))
    }
}

impl Feed {
    /// Places and reads events until `stopped` changes; a failure is logged, and the next round tries again.
    pub async fn run(self, services: Services, mut stopped: watch::Receiver<()>) {
        let mut commits = services.database.commits();
        let mut listener = None;
        loop {
            // Here nothing cancels it, as it would in the `select!` below.
            listener = keep_listening(&services, listener).await;
            if let Err(error) = self.advance(&services).await {
                tracing::error!(%error, "events could not be read; it will be tried again");
            }
            tokio::select! {
                _ = stopped.changed() => break,
                _ = commits.changed() => tokio::time::sleep(GATHERING).await,
                channel = next(&mut listener) => match channel.as_deref() {
                    Some(accounts::CHANNEL) => { self.0.sign_ins.send_replace(()); }
                    Some(_) => {}
                    None => {
                        tracing::warn!("notifications of other processes do not come; the table is read every second");
                        close(listener.take()).await;
                    }
                },
                () = tokio::time::sleep(FALLBACK) => {}
            }
        }
        close(listener).await;
        // Whoever listens hears no more.
        self.0.head.send_replace(i64::MAX);
    }

    /// Wakes when PostgreSQL has told that somebody's right to be here may have ended.
    pub fn sign_ins(&self) -> watch::Receiver<()> {
        self.0.sign_ins.subscribe()
    }

    /// Gives places to new events, and reads all that are not read yet.
    async fn advance(&self, services: &Services) -> Result<()> {
        place(services).await?;
        let mut head = *self.0.head.borrow();
        if head < 0 {
            head = read::last_position(services).await?;
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

    /// What happens from now on, or from after that place on, and the viewer may hear. It ends with the server.
    ///
    /// # Errors
    /// What the database answers.
    pub async fn listen(
        &self,
        services: Services,
        viewer: Viewer,
        after: Option<i64>,
    ) -> Result<Result<impl Stream<Item = Result<Arc<memo_event::Model>>> + Send + 'static, ListenRefusal>>
    {
        let last = read::last_position(&services).await?;
        let position = match after {
            Some(after) if after > last => return Ok(Err(ListenRefusal::Unknown)),
            Some(after) if !read::is_kept(&services, after).await? => return Ok(Err(ListenRefusal::Expired)),
            Some(after) => after,
            None => last,
        };
        let chief_after = if viewer.is_chief() { read::chief_after(&services, viewer).await? } else { None };
        let ear = Ear {
            shared: self.0.clone(),
            services,
            viewer,
            chief_after,
            position,
            heard: VecDeque::new(),
            head: self.0.head.subscribe(),
        };
        Ok(Ok(stream::unfold(ear, async |mut ear| ear.next().await.map(|event| (event, ear)))))
    }
}

/// The channel of the next notification of another process, `None` when they come no more; for ever,
/// where there is no listener.
async fn next(listener: &mut Option<Listener>) -> Option<String> {
    match listener {
        Some(listener) => listener.next().await,
        None => std::future::pending().await,
    }
}

/// The listener if it is still there, or else a new one, if there can be one.
async fn keep_listening(services: &Services, listener: Option<Listener>) -> Option<Listener> {
    if let Some(mut listener) = listener {
        if listener.is_there().await {
            return Some(listener);
        }
        listener.close().await;
    }
    let opened = services.database.listen([CHANNEL, accounts::CHANNEL]).await;
    opened
        .inspect_err(|error| tracing::warn!(%error, "notifications of other processes cannot be heard; the table is read every second"))
        .ok()
        .flatten()
}

async fn close(listener: Option<Listener>) {
    if let Some(listener) = listener {
        listener.close().await;
    }
}

/// One who listens.
struct Ear {
    shared: Arc<Shared>,
    services: Services,
    viewer: Viewer,
    /// From after which place on they hear everything; `None` for those who never do.
    chief_after: Option<i64>,
    /// The last place that was looked at.
    position: i64,
    heard: VecDeque<Arc<memo_event::Model>>,
    head: watch::Receiver<i64>,
}

impl Ear {
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
            let events = match self.recent() {
                Some(events) => events,
                None => match read::after(&self.services, self.position).await {
                    Ok(events) => events.into_iter().map(Arc::new).collect(),
                    Err(error) => return Some(Err(error)),
                },
            };
            // A gap at the end of what is kept: there is nothing to be heard of it any more.
            self.position = events.last().and_then(|event| event.position).unwrap_or(head);
            let (viewer, chief_after) = (self.viewer, self.chief_after);
            self.heard.extend(events.into_iter().filter(|event| hears(event, viewer, chief_after)));
        }
    }

    /// The next events from memory; `None` if they do not reach back far enough.
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
