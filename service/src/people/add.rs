//! Adding people, and what their names and addresses must be like.

use super::{errors::AddPersonError, search::search_name};
use crate::{
    Result, Services,
    database::{in_transaction, lock::lock_table, sql::equals_text},
    ids,
    text::{self, TextProblem},
};
use entity::{UserRole, user};
use lettre::Address;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
};
use uuid::Uuid;

/// A person to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPerson {
    /// Unique short name: letters, digits, `.`, `_`, `-`, the first a letter or a digit; 1–64
    /// characters.
    pub username: String,
    /// 1–250 characters.
    pub full_name: String,
    /// Unique address.
    pub email: String,
    /// What the person may do beside their own memos.
    pub role: UserRole,
}

/// What is wrong with a person's names or address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PersonProblem {
    /// The short name has other characters, begins with none of a name, or is too long.
    #[error(
        "username {0:?}: give 1 to 64 letters, digits, dots, hyphens or underscores, the first a \
         letter or a digit"
    )]
    Username(String),
    /// The name is empty, too long or contains U+0000.
    #[error("full name {0}")]
    FullName(TextProblem),
    /// That is no address.
    #[error("email {0:?}: give an address such as name@example.org")]
    Email(String),
}

/// What somebody else has already, in capitals or not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Taken {
    /// That short name.
    #[error("username {0:?} is taken: choose another")]
    Username(String),
    /// That address.
    #[error("email {0:?} belongs to somebody else: choose another")]
    Email(String),
}

/// Adds a person.
///
/// # Errors
/// Why nobody is added.
pub async fn add(services: &Services, new: &NewPerson) -> Result<user::Model, AddPersonError> {
    let full_name = checked(new)?;
    let person = in_transaction!(services.database, |transaction| -> AddPersonError {
        lock_table::<user::Entity>(transaction).await?;
        if let Some(taken) = taken(transaction, Some(&new.username), Some(&new.email), None).await?
        {
            return Err(taken.into());
        }
        let person = user::Model {
            id: services.new_id(),
            username: new.username.clone(),
            search_name: search_name(&full_name, &new.username),
            full_name: full_name.clone(),
            email: new.email.clone(),
            role: new.role,
            active: true,
            created_at: services.now(),
        };
        Ok(person.into_active_model().insert(transaction).await?)
    })?;
    tracing::info!(id = %ids::user(person.id), role = person.role.word(), "person added");
    Ok(person)
}

fn checked(new: &NewPerson) -> Result<String, PersonProblem> {
    check_username(&new.username)?;
    check_email(&new.email)?;
    check_full_name(&new.full_name)
}

/// What speaks against a short name.
pub(crate) fn check_username(username: &str) -> Result<(), PersonProblem> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    // What is part of paths and commands elsewhere is neither a folder nor a flag there.
    let begins_well = username.starts_with(|c: char| c.is_ascii_alphanumeric());
    if !begins_well || username.len() > 64 || !username.chars().all(allowed) {
        return Err(PersonProblem::Username(username.to_owned()));
    }
    Ok(())
}

/// What speaks against an address.
pub(crate) fn check_email(email: &str) -> Result<(), PersonProblem> {
    // As a mail's recipient, and one alone.
    let is_address = email.parse::<Address>().is_ok_and(|address| address.domain().contains('.'));
    if !is_address
        || email.len() > 254
        || email.contains(|c: char| c.is_whitespace() || c.is_control() || c == '"')
    {
        return Err(PersonProblem::Email(email.to_owned()));
    }
    Ok(())
}

/// The name as it is stored, or what speaks against it.
pub(crate) fn check_full_name(full_name: &str) -> Result<String, PersonProblem> {
    text::name(full_name).map_err(PersonProblem::FullName)
}

/// Which of the short name and the address somebody else has. With the table locked, what is free
/// stays free until the transaction ends.
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
