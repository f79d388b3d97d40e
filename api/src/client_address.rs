//! Addresses of clients, as limits and throttles count them.

use std::net::{IpAddr, Ipv6Addr};

/// The key under which an address is counted. For IPv6 it is the network, because the owner of one
/// address owns a whole network.
pub(crate) fn counted_as(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address => address,
    }
}
