//! Somebody who is signed in.

use chrono::{DateTime, Utc};
use std::time::Duration;
use uuid::Uuid;

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who.
    pub person: entity::user::Model,
    /// In which session, if in one of this server's.
    pub session: Option<Uuid>,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

impl SignedIn {
    /// How long it still lasts, at most a month: no connection lasts longer.
    pub fn expires_in(&self, now: DateTime<Utc>) -> Duration {
        const LONGEST: Duration = Duration::from_secs(30 * 24 * 60 * 60);
        (self.expires_at - now).to_std().unwrap_or_default().min(LONGEST)
    }
}
