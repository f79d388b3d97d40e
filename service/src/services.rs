//! What every function of this crate needs: database, clock, randomness. What only some need, the
//! file store and the settings of deletion, is handed to those.

use crate::{
    clock::{Clock, Randomness, new_id},
    database::Database,
};
use chrono::{DateTime, Utc};
use entity::UserRole;
use std::sync::Arc;
use uuid::Uuid;

/// The parts that the services work with. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Services {
    /// The database.
    pub database: Database,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness for ids.
    pub randomness: Arc<dyn Randomness>,
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
