//! What every function of this crate needs: database, clock, randomness, file store, settings.

use crate::{
    clock::{Clock, Randomness, new_id},
    database::Database,
    files::FileStore,
    observed_time::LastLook,
};
use chrono::{DateTime, TimeDelta, Utc};
use entity::UserRole;
use std::sync::Arc;
use uuid::Uuid;

/// The parts that the services work with. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Services {
    /// The database.
    pub database: Database,
    /// The bytes of files.
    pub file_store: FileStore,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// When this process last recorded the time.
    pub last_look: Arc<LastLook>,
    /// Randomness for ids.
    pub randomness: Arc<dyn Randomness>,
    /// How deletions are confirmed and how long they can be undone.
    pub deletion: DeletionSettings,
    /// Whether notifications are mailed as well; otherwise people find them in the API alone.
    pub sends_mail: bool,
}

impl Services {
    /// The present moment.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The same for one operation, which uses no more than a part of the database's connections.
    #[must_use]
    pub fn of_operation(&self) -> Self {
        Self { database: self.database.shared(), ..self.clone() }
    }

    /// A new UUIDv7.
    pub fn new_id(&self) -> Uuid {
        new_id(self.clock.now(), self.randomness.as_ref())
    }
}

/// How deletions are confirmed and how long they can be undone.
#[derive(Clone)]
pub struct DeletionSettings {
    /// For how long a deleted memo can be restored.
    pub restorable_for: TimeDelta,
    /// Key of the confirmation tokens; the same for all processes on one database.
    pub confirmation_key: [u8; 32],
}

impl std::fmt::Debug for DeletionSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeletionSettings")
            .field("restorable_for", &self.restorable_for)
            .finish_non_exhaustive()
    }
}

/// The signed-in person on whose behalf something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewer {
    /// The person.
    pub id: Uuid,
    /// What the person may do beside their own memos.
    pub role: UserRole,
}

impl Viewer {
    /// Whether the person may read every sent memo.
    pub fn is_chief(self) -> bool {
        self.role == UserRole::Chief
    }

    /// Whether the person runs the system.
    pub fn is_admin(self) -> bool {
        self.role == UserRole::Admin
    }
}
