//! Slows down those who guess passwords, and nobody else.
//!
//! Failures are counted by name and address, and by address: whoever knows somebody's name can delay their own address, but not the person, who signs in from
//! another. What a distributed attack could still try is bounded by the cost of each try. Each process counts for itself.

use crate::http::counted_as;
use chrono::{DateTime, TimeDelta, Utc};
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Failures for one name from one address before its tries are delayed.
const FREE_FOR_NAME: u32 = 5;
/// Failures from one address, for whatever names, before its tries are delayed. Many people may share one.
const FREE_FOR_ADDRESS: u32 = 50;
/// Longest delay.
const LONGEST: TimeDelta = TimeDelta::minutes(15);
/// After how long without a try its failures are forgotten.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::hours(1);
/// Most counters that are kept.
const MOST: usize = 100_000;

/// Counts failures.
#[derive(Debug, Default)]
pub struct Throttle(Mutex<HashMap<Key, Failures>>);

/// A name (none stands for all) and an address.
type Key = (Option<String>, Option<IpAddr>);

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: DateTime<Utc>,
    next: DateTime<Utc>,
}

/// A try that was let through. It counts as a failure until it has succeeded, so that many at the same time are counted as well.
#[derive(Debug)]
pub struct Try<'t> {
    throttle: &'t Throttle,
    name: String,
    address: Option<IpAddr>,
}

impl Throttle {
    /// Begins a try.
    ///
    /// # Errors
    /// After how long to try again.
    pub fn begin(
        &self,
        name: &str,
        address: Option<IpAddr>,
        now: DateTime<Utc>,
    ) -> Result<Try<'_>, TimeDelta> {
        let name: String = name.trim().to_lowercase().chars().take(254).collect();
        let address = address.map(counted_as);
        let keys = [((Some(name.clone()), address), FREE_FOR_NAME), ((None, address), FREE_FOR_ADDRESS)];
        let mut counters = self.lock();
        if counters.len() >= MOST {
            counters.retain(|_, failures| now < failures.next);
            if counters.len() >= MOST {
                counters.clear();
            }
        }
        let known = |counters: &HashMap<Key, Failures>, key: &Key| {
            counters.get(key).copied().filter(|failures| now - failures.last < FORGOTTEN_AFTER)
        };
        let waits = keys.iter().filter_map(|(key, _)| known(&counters, key)).map(|known| known.next - now);
        if let Some(wait) = waits.max().filter(|wait| *wait > TimeDelta::zero()) {
            return Err(wait);
        }
        for (key, free) in keys {
            let count = known(&counters, &key).map_or(0, |known| known.count).saturating_add(1);
            counters.insert(key, Failures { count, last: now, next: now + delay(count, free) });
        }
        Ok(Try { throttle: self, name, address })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Failures>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Try<'_> {
    /// The password was right: the failures for this name from this address are forgotten. Those for other names are not, or whoever has an account could guess
    /// for ever.
    pub fn succeeded(self) {
        let mut counters = self.throttle.lock();
        counters.remove(&(Some(self.name), self.address));
        if let Some(failures) = counters.get_mut(&(None, self.address)) {
            failures.count = failures.count.saturating_sub(1);
            failures.next = failures.last;
        }
    }
}

/// None for so many failures; then one second, two, four and so on.
fn delay(count: u32, free: u32) -> TimeDelta {
    let Some(over) = count.checked_sub(free) else { return TimeDelta::zero() };
    TimeDelta::seconds(1_i64.checked_shl(over.min(20)).unwrap_or(i64::MAX)).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::{FREE_FOR_ADDRESS, FREE_FOR_NAME, LONGEST, Throttle};
    use chrono::{DateTime, TimeDelta, Utc};
    use std::net::IpAddr;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn address(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn delays_grow_and_end() {
        let throttle = Throttle::default();
        let here = address("192.0.2.1");
        for _ in 0..FREE_FOR_NAME {
            throttle.begin("ada", here, NOW).unwrap();
        }
        let mut now = NOW;
        for seconds in [1, 2, 4, 8] {
            let wait = throttle.begin("Ada ", here, now).unwrap_err();
            assert_eq!(wait, TimeDelta::seconds(seconds));
            now += wait;
            throttle.begin("ada", here, now).unwrap();
        }
        for _ in 0..30 {
            now += LONGEST;
            throttle.begin("ada", here, now).unwrap();
        }
        assert_eq!(throttle.begin("ada", here, now).unwrap_err(), LONGEST);
        throttle.begin("ada", here, now + TimeDelta::hours(1)).unwrap().succeeded();
        throttle.begin("ada", here, now + TimeDelta::hours(1)).unwrap();
    }

    #[test]
    fn another_address_is_not_delayed_and_another_name_only_after_many() {
        let throttle = Throttle::default();
        let here = address("192.0.2.1");
        for _ in 0..FREE_FOR_NAME {
            throttle.begin("ada", here, NOW).unwrap();
        }
        throttle.begin("ada", here, NOW).unwrap_err();
        throttle.begin("ada", address("192.0.2.2"), NOW).unwrap();
        for n in 0..FREE_FOR_ADDRESS - FREE_FOR_NAME {
            throttle.begin(&format!("person {n}"), here, NOW).unwrap();
        }
        throttle.begin("grace", here, NOW).unwrap_err();
        throttle.begin("grace", address("192.0.2.2"), NOW).unwrap();
    }

    #[test]
    fn signing_in_oneself_does_not_pay_for_guessing_others() {
        let throttle = Throttle::default();
        let here = address("192.0.2.1");
        for n in 0..FREE_FOR_ADDRESS {
            throttle.begin("mallory", here, NOW).unwrap().succeeded();
            throttle.begin(&format!("person {n}"), here, NOW).unwrap();
        }
        throttle.begin("person", here, NOW).unwrap_err();
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one_address() {
        let throttle = Throttle::default();
        for n in 0..FREE_FOR_NAME {
            throttle.begin("ada", address(&format!("2001:db8::{n}")), NOW).unwrap();
        }
        throttle.begin("ada", address("2001:db8::ffff"), NOW).unwrap_err();
        throttle.begin("ada", address("2001:db8:0:1::1"), NOW).unwrap();
    }
}
