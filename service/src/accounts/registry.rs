//! Who has an open connection, and when one of them may no longer be here: a person deactivated,
//! deleted or given another role, a session ended, by this process or another.
//!
//! Triggers count such changes in `sign_in_counter`. When the number has risen, two statements find
//! out whom of all those present it concerns, however many they are and whatever has changed; their
//! connections ask again whether they may go on.

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

/// How long changes are gathered.
const GATHERING: Duration = Duration::from_millis(20);
/// How often the counter is read although nobody called.
const FALLBACK: Duration = Duration::from_secs(1);

/// Those who have an open connection to this process. Cheap to clone.
#[derive(Debug, Clone)]
pub struct SessionRegistry(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// The counter as it was last read; negative before the first reading.
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

/// What was known when somebody was found to be signed in.
#[derive(Debug, Clone, Copy)]
pub struct Epoch(i64);

/// That a person is here. Dropped, it says that they have gone.
#[derive(Debug)]
pub struct Presence {
    live: SessionRegistry,
    number: u64,
    invalidation: Arc<Notify>,
}

impl Presence {
    /// Completes when the person may no longer be here: find out.
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
    /// To be taken before finding out whether somebody is signed in, and given to
    /// [`enter`](Self::enter).
    pub fn epoch(&self) -> Epoch {
        Epoch(*self.0.changes.borrow())
    }

    /// Says that a person is here, unless they are here `most` times already. If anything has
    /// changed since the epoch, they are invalidated at once.
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
        // Only now: whoever reads the counter later than this finds the person among those present.
        if *self.0.changes.borrow() != since.0 {
            invalidation.notify_one();
        }
        Some(Presence { live: self.clone(), number, invalidation })
    }

    /// Watches until `stopped` is cancelled; a failure is logged, and the next round tries again.
    pub async fn run(self, services: Services, signals: Signals, stopped: CancellationToken) {
        let mut commits = services.database.commits();
        let mut signalled = signals.subscribe(Signal::SignIns);
        // PostgreSQL calls by itself, whoever has committed.
        let hears_commits = services.database.backend() == DbBackend::Sqlite;
        let mut looked_at = -1;
        loop {
            match self.look(&services, looked_at).await {
                Ok(changes) => looked_at = changes,
                Err(error) => {
                    tracing::error!(%error, "who may be here could not be found out; it will be \
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
        // Before those present are looked at: whoever enters from now on is invalidated or seen.
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
