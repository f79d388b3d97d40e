//! What every function of this crate needs: database, clock, randomness. Functions that need the
//! file store or the settings of deletion get these as arguments.

use crate::{
    clock::{Clock, Randomness, new_id},
    database::Database,
    directory::Directory,
    sign_in_check::SignInCheck,
};
use chrono::{DateTime, Utc};
use entity::UserRole;
use std::sync::Arc;
use uuid::Uuid;

/// The context of all operations. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Services {
    /// The database.
    pub database: Database,
    /// People, tags, deals and resolutions that were read before.
    pub directory: Directory,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Randomness for ids.
    pub randomness: Arc<dyn Randomness>,
    /// Whether notifications are also sent by mail. Otherwise they are in the API only.
    pub sends_mail: bool,
    /// Whether the viewer of this operation has access.
    pub sign_in: SignInCheck,
}

impl Services {
    /// Services that send no mails, for whoever has access.
    pub fn new(database: Database, clock: Arc<dyn Clock>, randomness: Arc<dyn Randomness>) -> Self {
        Self {
            database,
            directory: Directory::default(),
            clock,
            randomness,
            sends_mail: false,
            sign_in: SignInCheck::default(),
        }
    }

    /// The current time.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The same for one operation, which may use only a part of the database's connections.
    #[must_use]
    pub fn of_operation(&self, sign_in: SignInCheck) -> Self {
        Self { database: self.database.shared(), sign_in, ..self.clone() }
    }

    /// The same for a query. A standby may answer its reads.
    #[must_use]
    pub fn of_query(&self, sign_in: SignInCheck) -> Self {
        Self { database: self.database.shared_for_reads(), sign_in, ..self.clone() }
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
    /// What the person may do besides handling their own memos.
    pub role: UserRole,
}

impl Viewer {
    /// Whoever works at the server's command line. No person has this id.
    pub const OPERATOR: Self = Self { id: Uuid::nil(), role: UserRole::Admin };

    /// Whether the person may read every sent memo.
    pub fn is_chief(self) -> bool {
        self.role == UserRole::Chief
    }

    /// Whether the person is an administrator.
    pub fn is_admin(self) -> bool {
        self.role == UserRole::Admin
    }
}
