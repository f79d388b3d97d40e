//! What a demo prints when it is ready.

use super::token;
use crate::{auth::TokenKeys, cli::Failure};
use chrono::TimeDelta;
use service::{Services, people};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

const TOKENS_LAST: TimeDelta = TimeDelta::days(30);

const PEOPLE: [(&str, &str); 6] = [
    ("author", "wrote the memos; may delete one until its recipient acts on it"),
    ("recipient", "got them; may delete one too, though that is discouraged"),
    ("subscriber", "reads some of them along; deletes none"),
    ("stranger", "has no part in them: for this person they do not exist"),
    ("chief", "may read every sent memo, which gives no right to delete"),
    ("admin", "places holds and sees the deletion log, which gives no right to delete either"),
];

const TO_TRY: &str = "\
Try, with the tabs that GraphiQL opens with:
  StartHere        as author: the memos you sent, and which of them you may delete
  PreviewDeletion  \"Order new chairs for the meeting room\": nothing speaks against it
                   \"Book a service for the spray booth\": no more, the recipient has acted on it
                   \"Brandt family: the table top has split\": nobody may, it is on hold
                   \"Hotel Lindenhof wants forty writing desks\", as recipient: every warning \
    there is
  DeleteMemo       with the confirmationToken of the preview where it warned
  RestoreMemo      with the id of the receipt";

/// Who can sign in, each with a token, and what they can try.
pub(super) async fn people(services: &Services, keys: &TokenKeys) -> Result<String, Failure> {
    let mut tokens = Vec::new();
    for (username, what) in PEOPLE {
        if let Some(person) =
            people::by_username(services, username).await?.filter(|person| person.active)
        {
            let token = token::issue(services, keys, &person, TOKENS_LAST)?;
            tokens.push(format!("{username:11} {}: {what}\n{token}\n", person.full_name));
        }
    }
    if tokens.is_empty() {
        return Ok(
            "The database holds other people than the demo's: `memoranda token USERNAME` makes a \
             token.\n"
                .to_owned(),
        );
    }
    let days = TOKENS_LAST.num_days();
    let head =
        format!("Tokens, good for {days} days. Paste one into the bar at the top of GraphiQL:");
    Ok(format!("{head}\n\n{}\n{TO_TRY}\n", tokens.join("\n")))
}

/// Where GraphiQL is, who can sign in, and where the data stays.
pub(super) fn text(address: SocketAddr, people: &str, stays: &str) -> String {
    let url = format!("http://{}", reachable(address));
    let endpoint = format!("{url}/graphql, with the header `Authorization: Bearer TOKEN`");
    format!("\nGraphiQL: {url}/\nEndpoint: {endpoint}\n\n{people}\n{stays} Ctrl-C stops.\n")
}

/// An address that a browser on this machine can open.
fn reachable(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => (Ipv4Addr::LOCALHOST, address.port()).into(),
        IpAddr::V6(ip) if ip.is_unspecified() => (Ipv6Addr::LOCALHOST, address.port()).into(),
        _ => address,
    }
}
