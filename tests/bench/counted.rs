//! What is the same in every counted run: time, ids, and the number of connections.

use crate::office::BEGUN;
use chrono::{DateTime, TimeDelta, Utc};
use service::{
    Services,
    clock::{ManualClock, Randomness},
    database::Database,
};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// Few, so that each of them has soon prepared every statement.
pub(crate) const CONNECTIONS: u32 = 2;

/// The multiplier of a [linear congruential
/// generator](https://en.wikipedia.org/wiki/Linear_congruential_generator) (Knuth's MMIX).
const MULTIPLIER: u64 = 6_364_136_223_846_793_005;
const INCREMENT: u64 = 1_442_695_040_888_963_407;

/// When every counted run happens.
pub(crate) fn now() -> DateTime<Utc> {
    let begun = DateTime::from_timestamp_millis(BEGUN).unwrap_or_default();
    begun + TimeDelta::days(730)
}

/// How many statements the server has run regularly, without a request.
static REGULAR: AtomicU64 = AtomicU64::new(0);

/// Counts the statements that the server runs every second: new events and notifications, changes
/// of sign-ins. How many fall between two requests depends on the machine.
pub(crate) fn observed(database: Database) -> Database {
    database.observed(|info| {
        let sql = &info.statement.sql;
        let is_regular = ["memo_event", "notification", "SELECT changes FROM sign_in_counter"];
        if sql.starts_with("SELECT") && is_regular.iter().any(|part| sql.contains(part)) {
            REGULAR.fetch_add(1, Ordering::Relaxed);
        }
    })
}

/// The number of these statements so far.
pub(crate) fn regular_statements() -> u64 {
    REGULAR.load(Ordering::Relaxed)
}

/// Services with that time, and with ids that repeat in every run.
pub(crate) fn services(database: Database) -> Services {
    Services::new(
        database,
        Arc::new(ManualClock::new(now())),
        Arc::new(Repeated(AtomicU64::new(1))),
    )
}

/// The same numbers in every run.
#[derive(Debug)]
struct Repeated(AtomicU64);

impl Repeated {
    fn next(&self) -> [u8; 8] {
        let step = |state: u64| Some(state.wrapping_mul(MULTIPLIER).wrapping_add(INCREMENT));
        let before = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, step);
        before.unwrap_or_else(|state| state).to_be_bytes()
    }
}

impl Randomness for Repeated {
    fn bytes(&self) -> [u8; 10] {
        let mut bytes = [0; 10];
        let numbers = self.next().into_iter().chain(self.next());
        bytes.iter_mut().zip(numbers).for_each(|(byte, number)| *byte = number);
        bytes
    }
}

/// Valgrind looks for this function by its name. When it is called, a counted part begins.
#[inline(never)]
pub(crate) fn a_counted_part_begins() {
    std::hint::black_box(());
}
