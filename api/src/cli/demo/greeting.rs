//! What a demo prints when it is ready.

use super::token;
use crate::{auth::TokenKeys, cli::Failure};
use chrono::TimeDelta;
use service::{Services, people};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

const TOKEN_LIFETIME: TimeDelta = TimeDelta::days(30);

const PEOPLE: [(&str, &str); 6] = [
    ("author", "wrote the memos; may delete one until its recipient acts on it"),
    ("recipient", "received them; may delete one too, although that is discouraged"),
    ("subscriber", "subscribes to some of them; may not delete any"),
    ("stranger", "has no part in the memos, and cannot see them"),
    ("chief", "may read every sent memo; may not delete any"),
    ("admin", "places holds and sees the deletion log; may not delete any memo"),
];

const TO_TRY: &str = "\
Try these tabs, which GraphiQL opens at first:
  StartHere        as author: the memos you sent, and which of them you may delete
  PreviewDeletion  \"Order new chairs for the meeting room\": allowed, without warnings
                   \"Book a service for the spray booth\": denied, the recipient has acted on it
                   \"Brandt family: the table top has split\": denied to everyone, it is on hold
                   \"Hotel Lindenhof wants forty writing desks\", as recipient: all \
    possible warnings
  DeleteMemo       with the confirmationToken of the preview, if it warned
  RestoreMemo      with the id of the receipt";

/// The people of the demo with their tokens, and what to try.
pub(super) async fn people(services: &Services, keys: &TokenKeys) -> Result<String, Failure> {
    let mut tokens = Vec::new();
    for (username, what) in PEOPLE {
        if let Some(person) =
            people::by_username(services, username).await?.filter(|person| person.active)
        {
            let token = token::issue(services, keys, &person, TOKEN_LIFETIME)?;
            tokens.push(format!("{username:11} {}: {what}\n{token}\n", person.full_name));
        }
    }
    if tokens.is_empty() {
        return Ok(
            "The database does not have the demo's people: `memoranda token USERNAME` prints a \
             token.\n"
                .to_owned(),
        );
    }
    let days = TOKEN_LIFETIME.num_days();
    let head =
        format!("Tokens, valid for {days} days. Paste one into the bar at the top of GraphiQL:");
    Ok(format!("{head}\n\n{}\n{TO_TRY}\n", tokens.join("\n")))
}

/// The addresses, the people, and where the data is kept.
pub(super) fn text(address: SocketAddr, people: &str, data_note: &str) -> String {
    let url = format!("http://{}", reachable(address));
    let endpoint = format!("{url}/graphql, with the header `Authorization: Bearer TOKEN`");
    format!("\nGraphiQL: {url}/\nEndpoint: {endpoint}\n\n{people}\n{data_note} Ctrl-C stops.\n")
}

/// An address that a browser on this machine can open.
fn reachable(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => (Ipv4Addr::LOCALHOST, address.port()).into(),
        IpAddr::V6(ip) if ip.is_unspecified() => (Ipv6Addr::LOCALHOST, address.port()).into(),
        _ => address,
    }
}
