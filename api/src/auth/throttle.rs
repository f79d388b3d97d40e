//! Slows down those who guess passwords, and nobody else.
//!
//! Failures are counted by person and address, whatever name of theirs is given, by name and
//! address, and by address: whoever knows somebody's name can delay their own address, but not the
//! person, who signs in from another. What a distributed attack could still try is bounded by the
//! cost of each try. Each process counts for itself.

use crate::client_address::counted_as;
use chrono::{DateTime, TimeDelta, Utc};
use quick_cache::sync::Cache;
use service::accounts::Requester;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};
use uuid::Uuid;

/// Failures for one name from one address before its tries are delayed.
const FREE_FOR_NAME: u32 = 5;
/// Failures from one address, for whatever names, before its tries are delayed. Many people may
/// share one.
const FREE_FOR_ADDRESS: u32 = 50;
/// Longest delay.
const LONGEST: TimeDelta = TimeDelta::minutes(15);
/// After how long without a try its failures are forgotten.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::hours(1);
/// Most counters that are kept.
const MOST: usize = 100_000;

/// Most addresses that are remembered as those of people who were here.
const MOST_ADDRESSES: usize = 50_000;

/// Counts failures, and remembers from where people have signed in.
#[derive(Debug)]
pub struct Throttle {
    failures: Mutex<HashMap<Key, Failures>>,
    known: Cache<IpAddr, ()>,
}

/// What is counted, and an address.
type Key = (Counted, Option<IpAddr>);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Counted {
    /// What comes from the address, whoever it is about.
    All,
    /// A name as it is given: of an address the part before the sign, which often is the username
    /// as well. So whether a username and an address belong together does not show, where they are
    /// alike.
    Name(String),
    /// A person, whichever of their names is given.
    Person(Uuid),
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: DateTime<Utc>,
    next: DateTime<Utc>,
}

/// A try that was let through. It counts as a failure until it has succeeded, so that many at the
/// same time are counted as well.
#[derive(Debug)]
pub struct Try<'t> {
    throttle: &'t Throttle,
    /// Who it is about.
    counted: Vec<Counted>,
    address: Option<IpAddr>,
}

impl Default for Throttle {
    fn default() -> Self {
        Self { failures: Mutex::default(), known: Cache::new(MOST_ADDRESSES) }
    }
}

impl Throttle {
    /// Begins a try under that name, which is that person's, if it is somebody's.
    ///
    /// # Errors
    /// After how long to try again.
    pub fn begin(
        &self,
        name: &str,
        person: Option<Uuid>,
        address: Option<IpAddr>,
        now: DateTime<Utc>,
    ) -> Result<Try<'_>, TimeDelta> {
        let name = name.split('@').next().unwrap_or_default();
        let name: String = name.trim().to_lowercase().chars().take(254).collect();
        let address = address.map(counted_as);
        let mut counted = vec![Counted::Name(name)];
        counted.extend(person.map(Counted::Person));
        let mut keys = vec![((Counted::All, address), FREE_FOR_ADDRESS)];
        keys.extend(counted.iter().map(|counted| ((counted.clone(), address), FREE_FOR_NAME)));
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
        let waits =
            keys.iter().filter_map(|(key, _)| known(&counters, key)).map(|known| known.next - now);
        if let Some(wait) = waits.max().filter(|wait| *wait > TimeDelta::zero()) {
            return Err(wait);
        }
        for (key, free) in keys {
            let count = known(&counters, &key).map_or(0, |known| known.count).saturating_add(1);
            counters.insert(key, Failures { count, last: now, next: now + delay(count, free) });
        }
        Ok(Try { throttle: self, counted, address })
    }

    /// Somebody has signed in from that address, or gone on with a session.
    pub fn remember(&self, address: Option<IpAddr>) {
        if let Some(address) = address {
            self.known.insert(counted_as(address), ());
        }
    }

    /// Whether somebody was at that address before.
    pub fn requester(&self, address: Option<IpAddr>) -> Requester {
        match address.and_then(|address| self.known.get(&counted_as(address))) {
            Some(()) => Requester::Known,
            None => Requester::Stranger,
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Failures>> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Try<'_> {
    /// No password was looked at: it counts as no try.
    pub fn withdrawn(self) {
        let mut counters = self.throttle.lock();
        for counted in self.counted.into_iter().chain([Counted::All]) {
            if let Some(failures) = counters.get_mut(&(counted, self.address)) {
                failures.count = failures.count.saturating_sub(1);
                failures.next = failures.last;
            }
        }
    }

    /// The password was right: the failures for this name from this address are forgotten. Those
    /// for other names are not, or whoever has an account could guess for ever.
    pub fn succeeded(self) {
        self.throttle.remember(self.address);
        let mut counters = self.throttle.lock();
        for counted in self.counted {
            counters.remove(&(counted, self.address));
        }
        if let Some(failures) = counters.get_mut(&(Counted::All, self.address)) {
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
    use service::accounts::Requester;
    use std::net::IpAddr;
    use uuid::Uuid;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn address(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn delays_grow_and_end() {
        let throttle = Throttle::default();
        let here = address("192.0.2.1");
        for _ in 0..FREE_FOR_NAME {
            throttle.begin("ada", None, here, NOW).unwrap();
        }
        let mut now = NOW;
        for seconds in [1, 2, 4, 8] {
            let wait = throttle.begin("Ada ", None, here, now).unwrap_err();
            assert_eq!(wait, TimeDelta::seconds(seconds));
            now += wait;
            throttle.begin("ada", None, here, now).unwrap();
        }
        for _ in 0..30 {
            now += LONGEST;
            throttle.begin("ada", None, here, now).unwrap();
        }
        assert_eq!(throttle.begin("ada", None, here, now).unwrap_err(), LONGEST);
        throttle.begin("ada", None, here, now + TimeDelta::hours(1)).unwrap().succeeded();
        throttle.begin("ada", None, here, now + TimeDelta::hours(1)).unwrap();
    }

    #[test]
    fn another_address_is_not_delayed_and_another_name_only_after_many() {
        let throttle = Throttle::default();
        let here = address("192.0.2.1");
        for _ in 0..FREE_FOR_NAME {
            throttle.begin("ada", None, here, NOW).unwrap();
        }
        throttle.begin("ada", None, here, NOW).unwrap_err();
        throttle.begin("ada", None, address("192.0.2.2"), NOW).unwrap();
        for n in 0..FREE_FOR_ADDRESS - FREE_FOR_NAME {
            throttle.begin(&format!("person {n}"), None, here, NOW).unwrap();
        }
        throttle.begin("grace", None, here, NOW).unwrap_err();
        throttle.begin("grace", None, address("192.0.2.2"), NOW).unwrap();
    }

    #[test]
    fn signing_in_oneself_does_not_pay_for_guessing_others() {
        let throttle = Throttle::default();
        let here = address("192.0.2.1");
        for n in 0..FREE_FOR_ADDRESS {
            throttle.begin("mallory", None, here, NOW).unwrap().succeeded();
            throttle.begin(&format!("person {n}"), None, here, NOW).unwrap();
        }
        throttle.begin("person", None, here, NOW).unwrap_err();
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one_address() {
        let throttle = Throttle::default();
        for n in 0..FREE_FOR_NAME {
            throttle.begin("ada", None, address(&format!("2001:db8::{n}")), NOW).unwrap();
        }
        throttle.begin("ada", None, address("2001:db8::ffff"), NOW).unwrap_err();
        throttle.begin("ada", None, address("2001:db8:0:1::1"), NOW).unwrap();
    }

    #[test]
    fn a_person_has_as_many_tries_by_whatever_name() {
        let throttle = Throttle::default();
        let (here, ada) = (address("192.0.2.1"), Some(Uuid::from_u128(1)));
        for n in 0..FREE_FOR_NAME {
            let name = if n % 2 == 0 { "ada" } else { "lovelace@example.org" };
            throttle.begin(name, ada, here, NOW).unwrap();
        }
        throttle.begin("ada", ada, here, NOW).unwrap_err();
        throttle.begin("lovelace@example.org", ada, here, NOW).unwrap_err();
        // Nobody's names are counted alike, where a username and an address could be of one person.
        for _ in 0..FREE_FOR_NAME {
            throttle.begin("nobody", None, here, NOW).unwrap();
        }
        throttle.begin("nobody@example.org", None, here, NOW).unwrap_err();
    }

    #[test]
    fn where_somebody_has_signed_in_is_known() {
        let throttle = Throttle::default();
        let (here, there) = (address("192.0.2.1"), address("192.0.2.2"));
        throttle.begin("ada", None, here, NOW).unwrap().succeeded();
        throttle.begin("ada", None, there, NOW).unwrap();
        assert_eq!(throttle.requester(here), Requester::Known);
        assert_eq!(throttle.requester(there), Requester::Stranger);
        assert_eq!(throttle.requester(None), Requester::Stranger);
    }
}
