//! The people of the demonstration office as whom a visitor can sign in.

use crate::{
    auth::{DemoPerson, TokenKeys},
    cli::{Failure, token},
};
use chrono::TimeDelta;
use service::{Services, people};

const TOKEN_LIFETIME: TimeDelta = TimeDelta::days(30);

const PEOPLE: [(&str, &str); 6] = [
    ("author", "wrote the memos; may delete one until its recipient acts on it"),
    ("recipient", "received them; may delete one too, although that is discouraged"),
    ("subscriber", "subscribes to some of them; may not delete any"),
    ("stranger", "has no part in the memos, and cannot see them"),
    ("chief", "may read every sent memo; may not delete any"),
    ("admin", "places holds and sees the deletion log; may not delete any memo"),
];

/// The people who are there, each with a token.
pub(super) async fn all(services: &Services, keys: &TokenKeys) -> Result<Vec<DemoPerson>, Failure> {
    let mut all = Vec::new();
    for (username, about) in PEOPLE {
        let person = people::by_username(services, username).await?;
        if let Some(person) = person.filter(|person| person.active) {
            let token = token::issue(services, keys, &person, TOKEN_LIFETIME)?;
            let (username, full_name) = (person.username, person.full_name);
            all.push(DemoPerson { username, full_name, about, token });
        }
    }
    Ok(all)
}
