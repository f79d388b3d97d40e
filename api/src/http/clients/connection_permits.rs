//! Limits the number of connections, in total and per address.

use crate::{
    client_address::counted_as,
    metrics::{GaugeGuard, Metrics},
    settings::ClientLimits,
};
use ipnet::IpNet;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The permits of all connections.
pub(super) struct ConnectionPermits(Arc<Shared>);

struct Shared {
    max: usize,
    max_per_address: usize,
    trusted_proxies: Vec<IpNet>,
    metrics: Metrics,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    /// Addresses with at least one connection, so the map is never larger than the number of
    /// connections.
    by_address: HashMap<IpAddr, usize>,
}

/// The permit of a connection. Dropping it gives it back.
pub(super) struct ConnectionPermit {
    shared: Arc<Shared>,
    /// `None` for a proxy, which carries many clients.
    address: Option<IpAddr>,
    _connected: GaugeGuard,
}

impl ConnectionPermits {
    pub(super) fn new(limits: &ClientLimits, metrics: Metrics) -> Self {
        Self(Arc::new(Shared {
            max: limits.max_connections,
            max_per_address: limits.max_connections_per_address,
            trusted_proxies: limits.trusted_proxies.clone(),
            metrics,
            taken: Mutex::default(),
        }))
    }

    /// A permit for a connection from there, if one is free.
    pub(super) fn take(&self, peer: IpAddr) -> Option<ConnectionPermit> {
        let place = self.find(peer);
        if place.is_none() {
            self.0.metrics.turned_away();
        }
        place
    }

    fn find(&self, peer: IpAddr) -> Option<ConnectionPermit> {
        let shared = &self.0;
        let peer = peer.to_canonical();
        let is_proxy = shared.trusted_proxies.iter().any(|network| network.contains(&peer));
        let address = (!is_proxy).then(|| counted_as(peer));
        let mut taken = shared.taken();
        if taken.all >= shared.max {
            return None;
        }
        if let Some(address) = address {
            let of_address = taken.by_address.entry(address).or_default();
            if *of_address >= shared.max_per_address {
                return None;
            }
            *of_address += 1;
        }
        taken.all += 1;
        drop(taken);
        Some(ConnectionPermit {
            shared: shared.clone(),
            address,
            _connected: shared.metrics.connected(),
        })
    }
}

impl Shared {
    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        let mut taken = self.shared.taken();
        taken.all = taken.all.saturating_sub(1);
        let Some(address) = self.address else { return };
        if let Some(of_address) = taken.by_address.get_mut(&address) {
            *of_address = of_address.saturating_sub(1);
            if *of_address == 0 {
                taken.by_address.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ClientLimits, ConnectionPermits, Metrics};

    #[test]
    fn an_address_has_its_share_and_gives_it_back_and_a_proxy_has_no_share() {
        let limits = ClientLimits {
            max_connections: 4,
            max_connections_per_address: 2,
            trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
            ..ClientLimits::default()
        };
        let places = ConnectionPermits::new(&limits, Metrics::default());
        let take = |address: &str| places.take(address.parse().unwrap());
        let first = take("192.0.2.1").unwrap();
        let _second = take("::ffff:192.0.2.1").unwrap();
        assert!(take("192.0.2.1").is_none());
        drop(first);
        let _again = take("192.0.2.1").unwrap();
        let _proxies = [take("10.1.2.3").unwrap(), take("10.1.2.3").unwrap()];
        assert!(take("192.0.2.9").is_none(), "four are all");
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one() {
        let limits = ClientLimits { max_connections_per_address: 1, ..ClientLimits::default() };
        let places = ConnectionPermits::new(&limits, Metrics::default());
        let _one = places.take("2001:db8::1".parse().unwrap()).unwrap();
        assert!(places.take("2001:db8::2".parse().unwrap()).is_none());
        assert!(places.take("2001:db8:0:1::1".parse().unwrap()).is_some());
        assert_eq!(places.0.taken().by_address.len(), 1, "what was given back is forgotten");
    }
}
