//! The uploads under way: how many of each person, and how much room they have.

use crate::http::{rates::Exceeded, refusal::Refusal};
use service::files::{Reservation, Room};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use uuid::Uuid;

/// After how many seconds to try again where somebody sends too many files at a time.
const AGAIN: u64 = 5;

/// The uploads under way.
pub(crate) struct Uploads {
    max_of_person: usize,
    room: Room,
    /// People with at least one.
    by_person: Arc<Mutex<HashMap<Uuid, usize>>>,
}

/// An upload under way, until it is dropped.
pub(super) struct UnderWay {
    pub(super) room: Reservation,
    person: Uuid,
    by_person: Arc<Mutex<HashMap<Uuid, usize>>>,
}

impl Uploads {
    /// At most so many of a person at a time, and so many bytes of all files together.
    pub(crate) fn new(max_of_person: usize, max_storage: Option<u64>) -> Self {
        Self { max_of_person, room: Room::new(max_storage), by_person: Arc::default() }
    }

    /// A person begins one.
    ///
    /// # Errors
    /// They have as many as they may.
    pub(super) fn begin(&self, person: Uuid) -> Result<UnderWay, Refusal> {
        let mut by_person = lock(&self.by_person);
        let of_person = by_person.entry(person).or_default();
        if *of_person >= self.max_of_person {
            let message = format!(
                "You send too many files: at most {} of a person at a time. Send this one when \
                 another is done.",
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
