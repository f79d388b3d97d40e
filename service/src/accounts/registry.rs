//! The open connections, and the discovery of those whose person has lost access. A person may be
//! deactivated, deleted or given another role, or a session may end, in this process or another.
//!
//! Triggers count such changes in `sign_in_counter`. When the number rises, two statements find all
//! connections that are affected, no matter how many there are. These connections then check
//! whether they may continue.

use crate::{
    Error, Result, Services,
    database::{Parameters, Signal, Signals, sql::is_one_of},
};
use entity::{UserRole, session, user};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QuerySelect, Statement,
};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How long to wait after a commit, so that several changes are checked together.
const GATHERING: Duration = Duration::from_millis(20);
/// How often the counter is read without a signal.
const FALLBACK: Duration = Duration::from_secs(1);

/// The open connections of this process. Cheap to clone.
#[derive(Debug, Clone)]
pub struct SessionRegistry(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// The last value of the counter. Negative before the first read.
    changes: watch::Sender<i64>,
    present: Mutex<Present>,
}

#[derive(Debug, Default)]
struct Present {
    next: u64,
    people: HashMap<u64, Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
    person: Uuid,
    role: UserRole,
    session: Option<Uuid>,
    invalidation: Arc<Notify>,
}

/// The state of the registry at the time of an authentication.
#[derive(Debug, Clone, Copy)]
pub struct Epoch(i64);

/// A registered connection of a person. Dropping it removes the connection.
#[derive(Debug)]
pub struct Presence {
    live: SessionRegistry,
    number: u64,
    invalidation: Arc<Notify>,
}

impl Presence {
    /// Completes when the person may have lost access. The caller must then check this.
    pub async fn invalidated(&self) {
        self.invalidation.notified().await;
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        self.live.present().people.remove(&self.number);
    }
}

impl Default for SessionRegistry {
    fn default() -> Self {
        Self(Arc::new(Shared { changes: watch::Sender::new(-1), present: Mutex::default() }))
    }
}

impl SessionRegistry {
    /// Call this before authenticating a person, and pass the result to [`enter`](Self::enter).
    pub fn epoch(&self) -> Epoch {
        Epoch(*self.0.changes.borrow())
    }

    /// Registers a connection of a person. `None` if they already have `most` connections. If
    /// anything has changed since the epoch, the connection is invalidated immediately.
    pub fn enter(
        &self,
        since: Epoch,
        person: &user::Model,
        session: Option<Uuid>,
        most: usize,
    ) -> Option<Presence> {
        let invalidation = Arc::new(Notify::new());
        let entry = Entry {
            person: person.id,
            role: person.role,
            session,
            invalidation: invalidation.clone(),
        };
        let number = {
            let mut present = self.present();
            if present.people.values().filter(|entry| entry.person == person.id).count() >= most {
                return None;
            }
            present.next += 1;
            let number = present.next;
            present.people.insert(number, entry);
            number
        };
        // This comparison comes after the registration: a later read of the counter finds the
        // connection.
        if *self.0.changes.borrow() != since.0 {
            invalidation.notify_one();
        }
        Some(Presence { live: self.clone(), number, invalidation })
    }

    /// Watches until `stopped` is cancelled. A failure is logged, and the next round retries.
    pub async fn run(self, services: Services, signals: Signals, stopped: CancellationToken) {
        let mut commits = services.database.commits();
        let mut signalled = signals.subscribe(Signal::SignIns);
        // PostgreSQL notifies all processes of a change itself.
        let hears_commits = services.database.backend() == DbBackend::Sqlite;
        let mut looked_at = -1;
        loop {
            match self.look(&services, looked_at).await {
                Ok(changes) => looked_at = changes,
                Err(error) => {
                    tracing::error!(%error, "open connections could not be checked; it will be \
                        tried again");
                }
            }
            tokio::select! {
                () = stopped.cancelled() => return,
                _ = commits.changed(), if hears_commits => tokio::time::sleep(GATHERING).await,
                _ = signalled.changed() => {}
                () = tokio::time::sleep(FALLBACK) => {}
            }
        }
    }

    async fn look(&self, services: &Services, looked_at: i64) -> Result<i64> {
        let counted = sign_in_counter_statement(services.database.backend());
        let row = services.database.connection().query_one_raw(counted).await?;
        let row =
            row.ok_or_else(|| Error::Inconsistent("there is no counter of sign-ins".to_owned()))?;
        let changes: i64 = row.try_get("", "changes")?;
        if changes == looked_at {
            return Ok(changes);
        }
        // This precedes the reading of the connections: a later one is either found or invalidated
        // by `enter`.
        self.0.changes.send_replace(changes);
        let present: Vec<Entry> = self.present().people.values().cloned().collect();
        for entry in self.invalid(services, present).await? {
            entry.invalidation.notify_one();
        }
        Ok(changes)
    }

    async fn invalid(&self, services: &Services, present: Vec<Entry>) -> Result<Vec<Entry>> {
        if present.is_empty() {
            return Ok(present);
        }
        let database = &services.database;
        let people: HashSet<Uuid> = present.iter().map(|entry| entry.person).collect();
        let people: Vec<Uuid> = people.into_iter().collect();
        let active: HashMap<Uuid, UserRole> = user::Entity::find()
            .select_only()
            .columns([user::Column::Id, user::Column::Role])
            .filter(is_one_of(database.backend(), user::Column::Id, &people))
            .filter(user::Column::Active.eq(true))
            .into_tuple::<(Uuid, UserRole)>()
            .all(database.connection())
            .await?
            .into_iter()
            .collect();
        let sessions: Vec<Uuid> = present.iter().filter_map(|entry| entry.session).collect();
        let lasting: HashSet<Uuid> = session::Entity::find()
            .select_only()
            .column(session::Column::Id)
            .filter(is_one_of(database.backend(), session::Column::Id, &sessions))
            .filter(session::Column::RevokedAt.is_null())
            .into_tuple::<Uuid>()
            .all(database.connection())
            .await?
            .into_iter()
            .collect();
        let is_good = |entry: &Entry| {
            active.get(&entry.person) == Some(&entry.role)
                && entry.session.is_none_or(|session| lasting.contains(&session))
        };
        Ok(present.into_iter().filter(|entry| !is_good(entry)).collect())
    }

    fn present(&self) -> MutexGuard<'_, Present> {
        self.0.present.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn sign_in_counter_statement(backend: DbBackend) -> Statement {
    Parameters::new(backend).statement(
        "SELECT changes
        FROM sign_in_counter
        WHERE id = 1",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        assert_statement("sign_in_counter", sign_in_counter_statement);
    }
}
