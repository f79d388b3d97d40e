//! The uploads in progress: how many each person has, and how much space they reserve.

use crate::http::{rates::Exceeded, refusal::Refusal};
use service::files::{Reservation, Room};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use uuid::Uuid;

/// After how many seconds a person with too many uploads may try again.
const AGAIN: u64 = 5;

/// The uploads in progress.
pub(crate) struct Uploads {
    max_of_person: usize,
    room: Room,
    /// People with at least one upload.
    by_person: Arc<Mutex<HashMap<Uuid, usize>>>,
}

/// An upload in progress, until it is dropped.
pub(super) struct UnderWay {
    pub(super) room: Reservation,
    person: Uuid,
    by_person: Arc<Mutex<HashMap<Uuid, usize>>>,
}

impl Uploads {
    /// Limits the uploads of each person, and the bytes of all files together.
    pub(crate) fn new(max_of_person: usize, max_storage: Option<u64>) -> Self {
        Self { max_of_person, room: Room::new(max_storage), by_person: Arc::default() }
    }

    /// Begins an upload of that person.
    ///
    /// # Errors
    /// The person already has as many uploads as allowed.
    pub(super) fn begin(&self, person: Uuid) -> Result<UnderWay, Refusal> {
        let mut by_person = lock(&self.by_person);
        let of_person = by_person.entry(person).or_default();
        if *of_person >= self.max_of_person {
            let message = format!(
                "You send too many files: at most {} of a person at a time. Send this file when \
                 another one is done.",
                self.max_of_person
            );
            return Err(Exceeded { message, retry_after: AGAIN }.into());
        }
        *of_person += 1;
        drop(by_person);
        Ok(UnderWay { room: self.room.reservation(), person, by_person: self.by_person.clone() })
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut by_person = lock(&self.by_person);
        if let Some(of_person) = by_person.get_mut(&self.person) {
            *of_person = of_person.saturating_sub(1);
            if *of_person == 0 {
                by_person.remove(&self.person);
            }
        }
    }
}

fn lock(by_person: &Mutex<HashMap<Uuid, usize>>) -> MutexGuard<'_, HashMap<Uuid, usize>> {
    by_person.lock().unwrap_or_else(PoisonError::into_inner)
}
