//! Erases what a server would erase, at a time that the test chooses.

use api::backend::Backend;
use chrono::TimeDelta;
use service::{
    Result, accounts, events,
    files::{self, PurgedUploads},
    idempotency, mail,
    memo_deletion::{self, Purged},
    observed_time::{ObservedTime, TimeObserver},
};
use std::sync::Arc;

/// Erases what is due by the time that the office has observed. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Purger {
    backend: Backend,
    time: Arc<TimeObserver>,
}

impl Purger {
    /// Erases the data of that backend.
    pub fn of(backend: &Backend) -> Self {
        let time = TimeObserver::new(backend.deletion.restorable_for);
        Self { backend: backend.clone(), time: Arc::new(time) }
    }

    /// Records the time, as each server does once a minute.
    pub async fn observe(&self) -> Result<ObservedTime> {
        self.time.observe(&self.backend.services).await
    }

    /// Confirms, for an operator, that the clock is right.
    pub async fn confirm_clock(&self) -> Result<TimeDelta> {
        self.time.confirm(&self.backend.services).await
    }

    /// Erases deleted memos that can no longer be restored, and bytes that nothing uses.
    pub async fn deletions(&self) -> Result<Purged> {
        let Backend { services, file_store, .. } = &self.backend;
        memo_deletion::purge(services, file_store, self.observe().await?).await
    }

    /// Removes files that were unused for that long.
    pub async fn uploads(&self, kept_for: TimeDelta) -> Result<PurgedUploads> {
        let Backend { services, file_store, .. } = &self.backend;
        files::purge(services, file_store, self.observe().await?, kept_for).await
    }

    /// Removes events that are older than that.
    pub async fn events(&self, kept_for: TimeDelta) -> Result<u64> {
        events::purge(&self.backend.services, self.observe().await?, kept_for).await
    }

    /// Removes sessions that ended a while ago.
    pub async fn sessions(&self) -> Result<u64> {
        accounts::purge(&self.backend.services, self.observe().await?).await
    }

    /// Removes idempotency keys that have expired.
    pub async fn idempotency_keys(&self) -> Result<u64> {
        idempotency::purge(&self.backend.services, self.observe().await?).await
    }

    /// Removes mails that were sent a while ago.
    pub async fn mails(&self) -> Result<u64> {
        mail::purge(&self.backend.services, self.observe().await?).await
    }
}
