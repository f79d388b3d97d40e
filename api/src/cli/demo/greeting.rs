//! What a demo prints when it is ready.

use crate::auth::DemoPerson;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The addresses, the people, what to try, and where the data is kept.
pub(super) fn text(
    address: SocketAddr,
    has_desk: bool,
    people: &[DemoPerson],
    data_note: &str,
) -> String {
    let url = format!("http://{}", reachable(address));
    let desk = if has_desk { "desk" } else { "" };
    let first_step = if people.is_empty() {
        "This database does not have the demo's people.".to_owned()
    } else {
        let names: Vec<&str> = people.iter().map(|person| person.username.as_str()).collect();
        format!("Choose a person there: {}.", names.join(", "))
    };
    format!(
        "Open {url}/{desk} in a browser.
{first_step}
As recipient, preview \"Hotel Lindenhof wants forty writing desks\": it shows all warnings.

GraphiQL: {url}/graphql, also for programs that send `Authorization: Bearer TOKEN`
Token:    memoranda token author
{data_note}
Ctrl-C stops."
    )
}

/// An address that a browser on this machine can open.
fn reachable(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => (Ipv4Addr::LOCALHOST, address.port()).into(),
        IpAddr::V6(ip) if ip.is_unspecified() => (Ipv6Addr::LOCALHOST, address.port()).into(),
        _ => address,
    }
}
