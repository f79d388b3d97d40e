//! Rules for people's names and email addresses.

use crate::{
    Result,
    database::sql::equals_text,
    text::{self, TextProblem},
};
use entity::user;
use lettre::Address;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use uuid::Uuid;

/// What is wrong with a person's names or email address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PersonProblem {
    /// The username has other characters, starts with a wrong one, or is too long.
    #[error(
        "username {0:?}: give 1 to 64 letters, digits, dots, hyphens or underscores, the first a \
         letter or a digit"
    )]
    Username(String),
    /// The name is empty, too long or contains U+0000.
    #[error("full name {0}")]
    FullName(TextProblem),
    /// This is not an email address.
    #[error("email {0:?}: give an address such as name@example.org")]
    Email(String),
}

/// What another person already has, ignoring case.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Taken {
    /// This username.
    #[error("username {0:?} is taken: choose another")]
    Username(String),
    /// This email address.
    #[error("email {0:?} belongs to somebody else: choose another")]
    Email(String),
}

/// Whether this can be a username.
pub fn is_username(username: &str) -> bool {
    check_username(username).is_ok()
}

/// Whether this can be the email address of a person.
pub fn is_email(email: &str) -> bool {
    check_email(email).is_ok()
}

/// Checks a username.
pub(crate) fn check_username(username: &str) -> Result<(), PersonProblem> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    // Elsewhere, usernames are parts of paths and commands. They must not look like a hidden folder
    // or a flag.
    let begins_well = username.starts_with(|c: char| c.is_ascii_alphanumeric());
    if !begins_well || username.len() > 64 || !username.chars().all(allowed) {
        return Err(PersonProblem::Username(username.to_owned()));
    }
    Ok(())
}

/// Checks an email address.
pub(crate) fn check_email(email: &str) -> Result<(), PersonProblem> {
    // The address must be usable as the recipient of a mail, and be only one address.
    let is_address = email.parse::<Address>().is_ok_and(|address| address.domain().contains('.'));
    if !is_address
        || email.len() > 254
        || email.contains(|c: char| c.is_whitespace() || c.is_control() || c == '"')
    {
        return Err(PersonProblem::Email(email.to_owned()));
    }
    Ok(())
}

/// Checks a name and returns it as it is stored.
pub(crate) fn check_full_name(full_name: &str) -> Result<String, PersonProblem> {
    text::name(full_name).map_err(PersonProblem::FullName)
}

/// Which of username and email address another person has. The table is locked, so an unused one
/// stays unused until the transaction ends.
pub(crate) async fn taken(
    transaction: &DatabaseTransaction,
    username: Option<&str>,
    email: Option<&str>,
    except: Option<Uuid>,
) -> Result<Option<Taken>> {
    let has_another = async |column: user::Column, value: &str| -> Result<bool> {
        let mut others = user::Entity::find().filter(equals_text(column, value));
        if let Some(id) = except {
            others = others.filter(user::Column::Id.ne(id));
        }
        Ok(others.one(transaction).await?.is_some())
    };
    if let Some(username) = username
        && has_another(user::Column::Username, username).await?
    {
        return Ok(Some(Taken::Username(username.to_owned())));
    }
    if let Some(email) = email
        && has_another(user::Column::Email, email).await?
    {
        return Ok(Some(Taken::Email(email.to_owned())));
    }
    Ok(None)
}
