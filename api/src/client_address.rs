//! Addresses of clients, as limits and throttles count them.

use std::net::{IpAddr, Ipv6Addr};

/// What an address is counted as: of IPv6, whoever has one address has a whole network of them.
pub(crate) fn counted_as(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address => address,
    }
}
