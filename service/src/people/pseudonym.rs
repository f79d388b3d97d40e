//! The pseudonym of an erased person. It comes from the id alone, so a repetition gives the same.

use super::search::search_name;
use crate::Result;
use chrono::{DateTime, Utc};
use entity::{UserRole, user};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, IntoActiveModel, Set};
use uuid::Uuid;

/// Puts a pseudonym in the place of names and address, and ends the person's rights. The caller has
/// locked the person.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn give_pseudonym(
    transaction: &DatabaseTransaction,
    person: user::Model,
    now: DateTime<Utc>,
) -> Result<user::Model> {
    let (username, full_name, email) = pseudonym(person.id);
    let mut person = person.into_active_model();
    person.search_name = Set(search_name(&full_name, &username));
    person.username = Set(username);
    person.full_name = Set(full_name);
    person.email = Set(email);
    person.role = Set(UserRole::Member);
    person.active = Set(false);
    person.erased_at = Set(Some(now));
    Ok(person.update(transaction).await?)
}

/// Username, full name and email address. No mail can reach the domain ([RFC
/// 2606](https://www.rfc-editor.org/rfc/rfc2606#section-2)).
fn pseudonym(id: Uuid) -> (String, String, String) {
    let id = id.simple().to_string();
    // The end of an id is random, and its beginning is a time.
    let end = id.get(24..).unwrap_or(&id);
    let username = format!("erased-{id}");
    let email = format!("{username}@erased.invalid");
    (username, format!("Erased person {end}"), email)
}

#[cfg(test)]
mod tests {
    use super::pseudonym;
    use crate::people::{check_email, check_full_name, check_username};
    use uuid::Uuid;

    #[test]
    fn a_pseudonym_is_as_good_as_a_name() {
        let (username, full_name, email) = pseudonym(Uuid::from_u128(0x7f));
        assert_eq!(username, "erased-0000000000000000000000000000007f");
        assert_eq!(full_name, "Erased person 0000007f");
        assert_eq!(email, "erased-0000000000000000000000000000007f@erased.invalid");
        assert_eq!(check_username(&username), Ok(()));
        assert_eq!(check_email(&email), Ok(()));
        assert_eq!(check_full_name(&full_name), Ok(full_name));
        assert_ne!(pseudonym(Uuid::from_u128(0x80)).1, "Erased person 0000007f");
    }
}
