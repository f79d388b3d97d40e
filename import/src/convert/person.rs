//! People.

use super::{
    Converted,
    text::{clean, cut},
};
use crate::{
    oddity::Oddity,
    options::{Options, STAFF, SUPERUSER},
    staging::PersonRow,
};
use chrono::{DateTime, Utc};
use entity::{UserRole, user};
use service::{
    accounts::iterations_of,
    people::{is_email, is_username, search_name},
    text::{MAX_NAME, name},
};
use std::collections::HashSet;
use uuid::Uuid;

/// The domain of placeholders for addresses. Nobody can ever have it, so no mail can arrive there.
const NO_DOMAIN: &str = "no-address.invalid";
/// The most characters of a username.
const MAX_USERNAME: usize = 64;

/// The names and addresses that people have already, in lower case.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    pub(crate) usernames: HashSet<String>,
    pub(crate) emails: HashSet<String>,
}

impl Taken {
    /// Takes the names of a person.
    pub(crate) fn take(&mut self, person: &user::Model) {
        self.usernames.insert(person.username.to_lowercase());
        self.emails.insert(person.email.to_lowercase());
    }

    /// Frees the names of a person, who may keep or change them.
    pub(crate) fn free(&mut self, person: &user::Model) {
        self.usernames.remove(&person.username.to_lowercase());
        self.emails.remove(&person.email.to_lowercase());
    }
}

/// Converts a person, whose names nobody else has.
pub(crate) fn convert(
    person: &PersonRow,
    groups: &[&str],
    options: &Options,
    taken: &Taken,
    id: impl FnOnce(DateTime<Utc>) -> Uuid,
    now: DateTime<Utc>,
) -> Converted<user::Model> {
    let mut oddities = Vec::new();
    let username = username(person, taken);
    if username != person.username {
        oddities.push((Oddity::UsernameChanged, Some(username.clone())));
    }
    let full_name = full_name(person, &username, &mut oddities);
    let email = email(person, &username, taken, &mut oddities);
    let (is_active, is_staff) =
        (person.is_active.unwrap_or_default(), person.is_staff.unwrap_or_default());
    if !is_active {
        oddities.push((Oddity::Inactive, None));
    } else if !is_staff {
        oddities.push((Oddity::NotStaff, None));
    }
    if groups.is_empty() && !person.is_superuser.unwrap_or_default() {
        oddities.push((Oddity::NoGroup, None));
    }
    if person.date_joined.is_none() {
        oddities.push((Oddity::NoDate, None));
    }
    let flags = [(SUPERUSER, person.is_superuser), (STAFF, person.is_staff)];
    let flags = flags.into_iter().filter(|(_, set)| set.unwrap_or_default());
    let role = options.role_of(groups.iter().copied().chain(flags.map(|(flag, _)| flag)));
    let created_at = person.date_joined.unwrap_or(now);
    let row = user::Model {
        id: id(created_at),
        search_name: search_name(&full_name, &username),
        username,
        full_name,
        email,
        role,
        active: is_active && is_staff,
        created_at,
        erased_at: None,
    };
    Converted { row, oddities }
}

/// A username with the letters that are allowed here. If somebody has it, the id follows.
fn username(person: &PersonRow, taken: &Taken) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let spelt: String = person.username.chars().map(|c| if allowed(c) { c } else { '-' }).collect();
    let spelt = spelt.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    let has_letter = person.username.chars().any(|c| c.is_ascii_alphanumeric());
    let spelt = if has_letter { cut(spelt, MAX_USERNAME) } else { "person" };
    let is_free = |name: &str| !taken.usernames.contains(&name.to_lowercase());
    if is_free(spelt) && has_letter && is_username(spelt) {
        return spelt.to_owned();
    }
    let id = person.id.unsigned_abs().to_string();
    let numbered = format!("{}-{id}", cut(spelt, MAX_USERNAME - 1 - id.len()));
    // Somebody else may really have that name.
    let mut further = (2_u32..).map(|n| format!("{}-{id}-{n}", cut(spelt, 32)));
    if is_free(&numbered) { numbered } else { further.find(|name| is_free(name)).unwrap_or(id) }
}

fn full_name(
    person: &PersonRow,
    username: &str,
    oddities: &mut Vec<(Oddity, Option<String>)>,
) -> String {
    let part = |part: &Option<String>| clean(part.as_deref().unwrap_or_default());
    let given = format!("{} {}", part(&person.first_name), part(&person.last_name));
    let given = given.trim();
    if let Ok(name) = name(given) {
        return name;
    }
    if let Ok(name) = name(cut(given, MAX_NAME)) {
        oddities.push((Oddity::NameTooLong, Some(given.to_owned())));
        return name;
    }
    oddities.push((Oddity::NoFullName, None));
    username.to_owned()
}

fn email(
    person: &PersonRow,
    username: &str,
    taken: &Taken,
    oddities: &mut Vec<(Oddity, Option<String>)>,
) -> String {
    let given = person.email.as_deref().unwrap_or_default().trim();
    if is_email(given) && !taken.emails.contains(&given.to_lowercase()) {
        return given.to_owned();
    }
    oddities.push((Oddity::NoEmail, Some(given.to_owned()).filter(|given| !given.is_empty())));
    placeholder_email(username)
}

/// An address that stands for none.
pub(crate) fn placeholder_email(username: &str) -> String {
    format!("{}@{NO_DOMAIN}", username.trim_end_matches('.'))
}

/// Whether an address stands for none.
pub(crate) fn has_no_address(person: &user::Model) -> bool {
    person.email.ends_with(NO_DOMAIN)
}

/// The password's hash, if it can be verified here.
pub(crate) fn password(person: &PersonRow) -> (Option<&str>, Option<Oddity>) {
    match person.password.as_deref() {
        Some(hash) if iterations_of(hash).is_some() => (Some(hash), None),
        None | Some("") => (None, Some(Oddity::NoPassword)),
        Some(hash) if hash.starts_with('!') => (None, Some(Oddity::NoPassword)),
        Some(_) => (None, Some(Oddity::PasswordNotTaken)),
    }
}

/// Who stands for people who are not there.
pub(crate) fn unknown(id: Uuid, taken: &Taken, now: DateTime<Utc>) -> user::Model {
    let names = (1_u32..).map(|n| match n {
        1 => "unknown-person".to_owned(),
        n => format!("unknown-person-{n}"),
    });
    let mut free = names.filter(|name| !taken.usernames.contains(name));
    let username = free.next().unwrap_or_default();
    let full_name = "Unknown person".to_owned();
    user::Model {
        id,
        search_name: search_name(&full_name, &username),
        email: placeholder_email(&username),
        username,
        full_name,
        role: UserRole::Member,
        active: false,
        created_at: now,
        erased_at: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(username: &str, email: &str) -> PersonRow {
        PersonRow {
            id: 7,
            username: username.to_owned(),
            first_name: None,
            last_name: None,
            email: Some(email.to_owned()),
            password: None,
            is_superuser: Some(false),
            is_staff: Some(true),
            is_active: Some(true),
            date_joined: None,
        }
    }

    fn convert(person: &PersonRow, taken: &Taken) -> Converted<user::Model> {
        let (options, now) = (Options::new("x"), DateTime::UNIX_EPOCH);
        super::convert(person, &["co-workers"], &options, taken, |_| Uuid::nil(), now)
    }

    #[test]
    fn usernames_and_addresses_are_unique_and_allowed() {
        let mut taken = Taken::default();
        for (given, email, username, address) in [
            ("Elena.", "Elena.@example.com", "Elena.", "Elena@no-address.invalid"),
            ("elena.", "e@example.com", "elena.-7", "e@example.com"),
            ("олена", "E@example.com", "person-7", "person-7@no-address.invalid"),
            ("a b+c@d", "", "a-b-c-d", "a-b-c-d@no-address.invalid"),
            ("-x-", "x@example", "x-", "x-@no-address.invalid"),
        ] {
            let Converted { row, .. } = convert(&person(given, email), &taken);
            assert_eq!((row.username.as_str(), row.email.as_str()), (username, address), "{given}");
            assert!(is_username(&row.username) && is_email(&row.email), "{row:?}");
            taken.take(&row);
        }
        let long = convert(&person(&"x".repeat(150), "l@example.com"), &taken).row;
        assert_eq!(long.username.len(), 64);
        taken.take(&long);
        let again = convert(&person(&"x".repeat(150), "m@example.com"), &taken).row;
        assert!(again.username.ends_with("-7") && is_username(&again.username));
    }

    #[test]
    fn somebody_without_a_name_is_shown_by_the_username() {
        let row = convert(&person("ada", "a@example.com"), &Taken::default()).row;
        assert_eq!(row.full_name, "ada");
        let long = PersonRow {
            first_name: Some("f".repeat(150)),
            last_name: Some("l".repeat(150)),
            ..person("ada", "a@example.com")
        };
        assert_eq!(convert(&long, &Taken::default()).row.full_name.chars().count(), 250);
    }
}
