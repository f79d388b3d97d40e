//! Limits how many operations run, and how many bytes of answers wait for clients to read them.
//!
//! An operation holds its permit until its answer is sent or given up. Otherwise, a client that
//! reads nothing could send requests without end.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

/// One address may hold one of so many parts of all permits.
const PARTS: usize = 4;

/// An answer up to this size is always sent: a mutation must not lose its answer. The permits limit
/// how many such answers there are.
const SMALL: usize = 65_536;

/// The permits of a server.
pub(crate) struct Permits(Arc<Shared>);

struct Shared {
    max_running: usize,
    max_unsent: usize,
    max_unsent_of_connection: usize,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    running: usize,
    /// Addresses with at least one permit.
    by_address: HashMap<IpAddr, usize>,
    unsent: usize,
}

/// How many bytes of answers one connection has not read yet. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(in crate::http) struct Unsent(Arc<AtomicUsize>);

/// Why an operation does not run, or its answer is discarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(in crate::http) enum Overload {
    /// The maximum of running operations is reached.
    #[error("at most {0} operations run or wait to be read at a time")]
    Running(usize),
    /// The maximum of running operations of that address is reached.
    #[error("at most {0} operations from an address run or wait to be read at a time")]
    RunningOfAddress(usize),
    /// Clients do not read their answers fast enough.
    #[error("at most {0} bytes of answers wait to be read at a time")]
    Unsent(usize),
    /// This client does not read its answers fast enough.
    #[error("at most {0} bytes of answers wait to be read on a connection")]
    UnsentOfConnection(usize),
}

/// What an operation holds until its answer is sent.
pub(in crate::http) struct Permit {
    shared: Arc<Shared>,
    connection: Unsent,
    /// The address whose share includes this operation; `None` for an answer of a subscription.
    address: Option<IpAddr>,
    bytes: usize,
}

/// The permits of an answer. They are given back when the answer is sent or given up.
#[derive(Clone)]
pub(in crate::http) struct Held {
    _permits: Arc<[Permit]>,
}

impl FromIterator<Permit> for Held {
    fn from_iter<I: IntoIterator<Item = Permit>>(permits: I) -> Self {
        Self { _permits: permits.into_iter().collect() }
    }
}

impl Permits {
    /// Limits the running operations, and the bytes of waiting answers in total and per connection.
    pub(super) fn new(
        max_running: usize,
        max_unsent: usize,
        max_unsent_of_connection: usize,
    ) -> Self {
        let taken = Mutex::default();
        Self(Arc::new(Shared { max_running, max_unsent, max_unsent_of_connection, taken }))
    }

    /// A permit to run an operation of that address, whose answer goes to that connection.
    ///
    /// # Errors
    /// There is no free permit. Nothing has run.
    pub(super) fn take(&self, address: IpAddr, connection: &Unsent) -> Result<Permit, Overload> {
        let shared = &self.0;
        let mut taken = shared.taken();
        if taken.running >= shared.max_running {
            return Err(Overload::Running(shared.max_running));
        }
        shared.check_unsent(&taken, connection, 1)?;
        let share = (shared.max_running / PARTS).max(1);
        let of_address = taken.by_address.entry(address).or_default();
        if *of_address >= share {
            return Err(Overload::RunningOfAddress(share));
        }
        *of_address += 1;
        taken.running += 1;
        drop(taken);
        let (shared, connection) = (shared.clone(), connection.clone());
        Ok(Permit { shared, connection, address: Some(address), bytes: 0 })
    }

    /// A permit for an answer of a subscription.
    ///
    /// # Errors
    /// Too many bytes wait to be read.
    pub(super) fn answer(&self, connection: &Unsent, bytes: usize) -> Result<Permit, Overload> {
        let mut permit = Permit {
            shared: self.0.clone(),
            connection: connection.clone(),
            address: None,
            bytes: 0,
        };
        permit.hold(bytes)?;
        Ok(permit)
    }
}

impl Permit {
    /// Reserves space for an answer of so many bytes, until the client reads it.
    ///
    /// # Errors
    /// Too many bytes already wait.
    pub(super) fn hold(&mut self, bytes: usize) -> Result<(), Overload> {
        let mut taken = self.shared.taken();
        if bytes > SMALL {
            self.shared.check_unsent(&taken, &self.connection, bytes)?;
        }
        taken.unsent += bytes;
        self.connection.0.fetch_add(bytes, Ordering::Relaxed);
        self.bytes += bytes;
        Ok(())
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut taken = self.shared.taken();
        taken.unsent = taken.unsent.saturating_sub(self.bytes);
        self.connection.0.fetch_sub(self.bytes, Ordering::Relaxed);
        let Some(address) = self.address else { return };
        taken.running = taken.running.saturating_sub(1);
        if let Some(of_address) = taken.by_address.get_mut(&address) {
            *of_address = of_address.saturating_sub(1);
            if *of_address == 0 {
                taken.by_address.remove(&address);
            }
        }
    }
}

impl Shared {
    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn check_unsent(
        &self,
        taken: &Taken,
        connection: &Unsent,
        more: usize,
    ) -> Result<(), Overload> {
        if connection.0.load(Ordering::Relaxed).saturating_add(more) > self.max_unsent_of_connection
        {
            return Err(Overload::UnsentOfConnection(self.max_unsent_of_connection));
        }
        if taken.unsent.saturating_add(more) > self.max_unsent {
            return Err(Overload::Unsent(self.max_unsent));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{IpAddr, Overload, Permits, Unsent};

    const ONE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const OTHER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    #[test]
    fn an_address_holds_its_share_of_the_permits_and_gives_it_back() {
        let permits = Permits::new(8, 1_000_000, 1_000_000);
        let connection = Unsent::default();
        let first = permits.take(ONE, &connection).unwrap();
        let _second = permits.take(ONE, &connection).unwrap();
        assert_eq!(permits.take(ONE, &connection).err(), Some(Overload::RunningOfAddress(2)));
        let _others: Vec<_> = (3..9)
            .map(|n| permits.take(IpAddr::from([192, 0, 2, n]), &connection).unwrap())
            .collect();
        assert_eq!(permits.take(OTHER, &connection).err(), Some(Overload::Running(8)));
        drop(first);
        let _again = permits.take(ONE, &connection).unwrap();
        assert_eq!(
            permits.0.taken().by_address.len(),
            7,
            "an address without permits is \
            forgotten"
        );
    }

    #[test]
    fn what_waits_to_be_read_is_bounded_of_a_connection_and_of_all() {
        let permits = Permits::new(8, 300_000, 200_000);
        let (one, other) = (Unsent::default(), Unsent::default());
        let mut first = permits.take(ONE, &one).unwrap();
        first.hold(200_000).unwrap();
        assert_eq!(permits.take(ONE, &one).err(), Some(Overload::UnsentOfConnection(200_000)));
        let mut second = permits.take(OTHER, &other).unwrap();
        assert_eq!(second.hold(100_001).err(), Some(Overload::Unsent(300_000)));
        second.hold(65_536).unwrap();
        second.hold(65_536).unwrap();
        assert_eq!(permits.take(OTHER, &other).err(), Some(Overload::Unsent(300_000)));
        assert_eq!(permits.answer(&other, 66_000).err(), Some(Overload::Unsent(300_000)));
        drop(first);
        assert!(permits.answer(&other, 65_537).is_ok());
        drop(second);
        assert_eq!(permits.0.taken().unsent, 0);
        assert_eq!(
            (one.0.load(super::Ordering::Relaxed), other.0.load(super::Ordering::Relaxed)),
            (0, 0)
        );
    }
}
