//! Slows down guessing of passwords, without locking out the real person.
//!
//! Failures are counted by person and address, by name and address, and by address. An attacker who
//! knows a person's name only delays the attacker's own address. The person signs in from another
//! one. The cost of each try limits distributed attacks. Each process counts for itself.

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

/// Failures for one name from one address before further tries are delayed.
const FREE_FOR_NAME: u32 = 5;
/// Failures from one address, for any names, before further tries are delayed. Many people may
/// share an address.
const FREE_FOR_ADDRESS: u32 = 50;
/// Longest delay.
const LONGEST: TimeDelta = TimeDelta::minutes(15);
/// How long failures are remembered without a further try.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::hours(1);
/// Most counters that are stored.
const MOST: usize = 100_000;

/// Most addresses that are remembered because people signed in there.
const MOST_ADDRESSES: usize = 50_000;

/// Counts failures, and remembers the addresses from which people have signed in.
#[derive(Debug)]
pub struct Throttle {
    failures: Mutex<HashMap<Key, Failures>>,
    known: Cache<IpAddr, ()>,
}

/// What is counted, and its address.
type Key = (Counted, Option<IpAddr>);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Counted {
    /// All tries from the address.
    All,
    /// The given name. For a mail address, only the part before the @ counts, because it is often
    /// the username as well. So the delay does not reveal whether a username and such an address
    /// belong together.
    Name(String),
    /// A person, by any of their names.
    Person(Uuid),
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: DateTime<Utc>,
    next: DateTime<Utc>,
}

/// A try that was allowed. It counts as a failure until it succeeds, so that concurrent tries also
/// count.
#[derive(Debug)]
pub struct Try<'t> {
    throttle: &'t Throttle,
    /// The counters of this try.
    counted: Vec<Counted>,
    address: Option<IpAddr>,
}

impl Default for Throttle {
    fn default() -> Self {
        Self { failures: Mutex::default(), known: Cache::new(MOST_ADDRESSES) }
    }
}

impl Throttle {
    /// Begins a try under that name; `person` is the person with this name, if there is one.
    ///
    /// # Errors
    /// The time to wait before the next try.
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

    /// Remembers that a person signed in or continued a session at that address.
    pub fn remember(&self, address: Option<IpAddr>) {
        if let Some(address) = address {
            self.known.insert(counted_as(address), ());
        }
    }

    /// Whether a person has signed in at that address before.
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
    /// No password was checked: this does not count as a try.
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
    /// for other names remain, otherwise the owner of one account could guess without end.
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

/// No delay for `free` failures, then one second, two, four and so on.
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
        // Even where a username and an address could belong to one person, nobody's names are
        // counted together.
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
