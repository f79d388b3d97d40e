//! Limits how often one person and one address may send requests.
//!
//! Each has a number of requests per minute, to use at once or over time. Used requests come back
//! evenly (the generic cell rate algorithm, which stores one time per key). The memory is bounded:
//! keys that were idle longest are forgotten first.

use crate::settings::RateLimits;
use chrono::{DateTime, TimeDelta, Utc};
use quick_cache::sync::Cache;
use std::{
    convert::Infallible,
    hash::Hash,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;

/// Most people, and most addresses, that are remembered.
const REMEMBERED: usize = 50_000;

/// The used parts of the limits.
pub struct Rates {
    people: RateLimit<Uuid>,
    writers: RateLimit<Uuid>,
    addresses: RateLimit<IpAddr>,
    sign_ins: RateLimit<IpAddr>,
}

/// A limit is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exceeded {
    /// The limit, and how much it allows.
    pub message: String,
    /// After how many seconds another try can succeed.
    pub retry_after: u64,
}

impl Rates {
    /// Starts with unused limits.
    pub fn new(limits: RateLimits) -> Self {
        Self {
            people: RateLimit::new(
                limits.operations_per_person,
                "operations per minute are allowed for a person",
            ),
            writers: RateLimit::new(
                limits.mutations_per_person,
                "mutations per minute are allowed for a person",
            ),
            addresses: RateLimit::new(
                limits.operations_per_address,
                "operations per minute are allowed from an address",
            ),
            sign_ins: RateLimit::new(
                limits.sign_ins_per_address,
                "attempts to sign in per minute are allowed from an address",
            ),
        }
    }

    /// Counts an operation from an address.
    ///
    /// # Errors
    /// There were too many.
    pub fn operation_from(&self, address: IpAddr, now: DateTime<Utc>) -> Result<(), Exceeded> {
        self.addresses.take(&address, now)
    }

    /// Counts an operation of a person.
    ///
    /// # Errors
    /// There were too many.
    pub fn operation_of(&self, person: Uuid, now: DateTime<Utc>) -> Result<(), Exceeded> {
        self.people.take(&person, now)
    }

    /// Counts so many mutations of one operation of a person.
    ///
    /// # Errors
    /// There were too many. None of these is counted then.
    pub fn mutations_of(
        &self,
        person: Uuid,
        number: u32,
        now: DateTime<Utc>,
    ) -> Result<(), Exceeded> {
        self.writers.take_several(&person, number, now)
    }

    /// How many operations and how many mutations the person could send at once. `None` if there is
    /// no limit.
    pub fn left(&self, person: Uuid, now: DateTime<Utc>) -> (Option<u32>, Option<u32>) {
        (self.people.left(&person, now), self.writers.left(&person, now))
    }

    /// Counts an attempt to sign in from an address.
    ///
    /// # Errors
    /// There were too many attempts.
    pub fn sign_in_from(&self, address: IpAddr, now: DateTime<Utc>) -> Result<(), Exceeded> {
        self.sign_ins.take(&address, now)
    }
}

/// A limit, and how much of it each key has used.
struct RateLimit<K> {
    a_minute: u32,
    words: &'static str,
    /// When the whole allowance of each key is restored.
    full_at: Cache<K, Arc<Mutex<DateTime<Utc>>>>,
}

impl<K: Copy + Eq + Hash> RateLimit<K> {
    fn new(a_minute: u32, words: &'static str) -> Self {
        Self { a_minute, words, full_at: Cache::new(if a_minute == 0 { 0 } else { REMEMBERED }) }
    }

    fn take(&self, key: &K, now: DateTime<Utc>) -> Result<(), Exceeded> {
        self.take_several(key, 1, now)
    }

    /// How much of the allowance is not used. `None` if there is no limit.
    fn left(&self, key: &K, now: DateTime<Utc>) -> Option<u32> {
        let one = self.one()?;
        let full_at = self
            .full_at
            .get(key)
            .map_or(now, |full_at| *full_at.lock().unwrap_or_else(PoisonError::into_inner));
        let left = now + TimeDelta::minutes(1) - full_at.max(now);
        let left = left.num_milliseconds() / one.num_milliseconds().max(1);
        Some(u32::try_from(left).unwrap_or_default().min(self.a_minute))
    }

    /// After how long one request comes back. `None` if there is no limit.
    fn one(&self) -> Option<TimeDelta> {
        let a_minute = i32::try_from(self.a_minute).unwrap_or(i32::MAX);
        (a_minute > 0).then(|| TimeDelta::minutes(1) / a_minute)
    }

    fn take_several(&self, key: &K, number: u32, now: DateTime<Utc>) -> Result<(), Exceeded> {
        let Some(one) = self.one() else { return Ok(()) };
        let minute = TimeDelta::minutes(1);
        if number > self.a_minute {
            return Err(Exceeded {
                message: format!(
                    "This request contains {number}, but at most {} {}. Send fewer at a time.",
                    self.a_minute, self.words
                ),
                retry_after: 60,
            });
        }
        let asked = one * i32::try_from(number).unwrap_or(i32::MAX);
        let Ok(full_at) =
            self.full_at.get_or_insert_with(key, || Ok::<_, Infallible>(Arc::new(Mutex::new(now))));
        let mut full_at = full_at.lock().unwrap_or_else(PoisonError::into_inner);
        // If the clock is set back, nobody loses their allowance for longer than a minute.
        let after = (*full_at).clamp(now, now + minute) + asked;
        if after <= now + minute {
            *full_at = after;
            return Ok(());
        }
        let wait = after - minute - now;
        let seconds =
            u64::try_from((wait.num_milliseconds() + 999) / 1_000).unwrap_or_default().max(1);
        Err(Exceeded {
            message: format!(
                "Too many requests: at most {} {}. Try again in {seconds} s.",
                self.a_minute, self.words
            ),
            retry_after: seconds,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{DateTime, RateLimit, TimeDelta, Utc};

    #[test]
    fn an_allowance_is_used_at_once_and_comes_back_evenly() {
        let limit = RateLimit::new(6, "things");
        let mut now: DateTime<Utc> = DateTime::UNIX_EPOCH;
        assert_eq!(limit.left(&1, now), Some(6));
        for _ in 0..6 {
            limit.take(&1, now).unwrap();
        }
        assert_eq!(limit.left(&1, now), Some(0));
        let exceeded = limit.take(&1, now).unwrap_err();
        assert_eq!(exceeded.retry_after, 10);
        assert_eq!(exceeded.message, "Too many requests: at most 6 things. Try again in 10 s.");
        limit.take(&2, now).unwrap();
        now += TimeDelta::seconds(10);
        assert_eq!(limit.left(&1, now), Some(1));
        limit.take(&1, now).unwrap();
        assert!(limit.take(&1, now).is_err());
        // Back in time, and a long time later.
        assert!(limit.take(&1, now - TimeDelta::days(1)).is_err());
        now += TimeDelta::days(1);
        for _ in 0..6 {
            limit.take(&1, now).unwrap();
        }
        assert!(limit.take(&1, now).is_err());
        // Several at once are all taken, or none is.
        now += TimeDelta::minutes(1);
        limit.take_several(&1, 4, now).unwrap();
        assert!(limit.take_several(&1, 3, now).is_err());
        limit.take_several(&1, 2, now).unwrap();
        assert!(limit.take_several(&2, 7, now).unwrap_err().message.contains("contains 7"));
    }

    #[test]
    fn no_limit_is_no_limit_and_the_memory_is_bounded() {
        let none = RateLimit::new(0, "things");
        let some = RateLimit::new(1, "things");
        for key in 0..200_000 {
            none.take(&1, DateTime::UNIX_EPOCH).unwrap();
            some.take(&key, DateTime::UNIX_EPOCH).unwrap();
        }
        assert_eq!(none.left(&1, DateTime::UNIX_EPOCH), None);
        assert_eq!(none.full_at.len(), 0);
        assert!(some.full_at.len() <= 50_000);
    }
}
