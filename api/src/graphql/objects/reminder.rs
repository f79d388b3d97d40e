//! A reminder.

use crate::graphql::id::Kind;
use async_graphql::{ID, Object};
use chrono::{DateTime, Utc};
use entity::reminder;

pub struct Reminder(pub reminder::Model);

/// A date on which the viewer wants to be reminded of a memo. Nobody else sees it.
#[Object]
impl Reminder {
    /// The global id.
    pub async fn id(&self) -> ID {
        Kind::Reminder.id(self.0.id)
    }

    /// When to remind.
    async fn due_at(&self) -> DateTime<Utc> {
        self.0.due_at
    }

    /// When the viewer put it aside; null if they did not.
    async fn dismissed_at(&self) -> Option<DateTime<Utc>> {
        self.0.dismissed_at
    }

    /// When it was set.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}
