//! A person who is signed in.

use chrono::{DateTime, Utc};
use service::sign_in_check::SignInCheck;
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

/// A person who is signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The person.
    pub person: Arc<entity::user::Model>,
    /// The session, if it is one of this server's.
    pub session: Option<Uuid>,
    /// When the token expires.
    pub expires_at: DateTime<Utc>,
    /// Whether the database still has to confirm that the person has access.
    pub check: SignInCheck,
}

impl SignedIn {
    /// How long the token is still valid, at most a month: no connection lasts longer.
    pub fn expires_in(&self, now: DateTime<Utc>) -> Duration {
        const LONGEST: Duration = Duration::from_secs(30 * 24 * 60 * 60);
        (self.expires_at - now).to_std().unwrap_or_default().min(LONGEST)
    }
}
