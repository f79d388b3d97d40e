//! Time and randomness, which callers pass in. Tests control them; the program uses the system's.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use std::{
    sync::{
        LazyLock,
        atomic::{AtomicI64, Ordering},
    },
    time::Instant,
};
use uuid::{Builder, Uuid};

/// A source of the time.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// The current time, in UTC, in whole milliseconds. Stored times equal those that clients get,
    /// and clients' clocks have this precision.
    fn now(&self) -> DateTime<Utc>;

    /// How much time has passed since a fixed moment of this process. Unlike the clock, nobody can
    /// set it.
    fn steady(&self) -> TimeDelta;
}

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
    fn now(&self) -> DateTime<Utc> {
        let now = Utc::now();
        now.duration_trunc(TimeDelta::milliseconds(1)).unwrap_or(now)
    }

    fn steady(&self) -> TimeDelta {
        static BEGINNING: LazyLock<Instant> = LazyLock::new(Instant::now);
        TimeDelta::from_std(BEGINNING.elapsed()).unwrap_or(TimeDelta::MAX)
    }
}

/// A clock for tests, which shows what it is set to.
#[derive(Debug)]
pub struct ManualClock {
    /// The time that it shows, in microseconds.
    shown: AtomicI64,
    /// The time that has passed, in microseconds.
    passed: AtomicI64,
}

impl ManualClock {
    /// A clock that shows `now`.
    pub fn new(now: DateTime<Utc>) -> Self {
        Self { shown: AtomicI64::new(now.timestamp_micros()), passed: AtomicI64::new(0) }
    }

    /// Lets time pass: moves the clock forward.
    pub fn advance(&self, by: TimeDelta) {
        self.set(by);
        self.passed.fetch_add(by.num_microseconds().unwrap_or(i64::MAX), Ordering::SeqCst);
    }

    /// Sets the clock forward or back. No time passes.
    pub fn set(&self, by: TimeDelta) {
        self.shown.fetch_add(by.num_microseconds().unwrap_or(i64::MAX), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.shown.load(Ordering::SeqCst)).unwrap_or_default()
    }

    fn steady(&self) -> TimeDelta {
        TimeDelta::microseconds(self.passed.load(Ordering::SeqCst))
    }
}

/// A source of the random part of ids.
pub trait Randomness: Send + Sync + std::fmt::Debug {
    /// Ten random bytes.
    fn bytes(&self) -> [u8; 10];
}

/// The operating system's random numbers.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    #[expect(
        clippy::disallowed_methods,
        clippy::expect_used,
        reason = "the one place that asks for randomness; without any, nothing is safe"
    )]
    fn bytes(&self) -> [u8; 10] {
        let mut bytes = [0; 10];
        getrandom::fill(&mut bytes).expect("the operating system has random numbers");
        bytes
    }
}

/// A new UUIDv7 for this time.
pub fn new_id(now: DateTime<Utc>, randomness: &dyn Randomness) -> Uuid {
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
    Builder::from_unix_timestamp_millis(millis, &randomness.bytes()).into_uuid()
}
