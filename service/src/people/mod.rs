//! People.

use crate::{
    Result, Services, Viewer,
    database::{in_transaction, sql::is_one_of},
    text::{self, TextProblem},
};
use entity::{UserRole, user};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

/// A person to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPerson {
    /// Unique short name: letters, digits, `.`, `_`, `-`; 1–64 characters.
    pub username: String,
    /// 1–250 characters.
    pub full_name: String,
    /// Unique address.
    pub email: String,
    /// What the person may do beside their own memos.
    pub role: UserRole,
}

/// Why a person is not added.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PersonRefusal {
    /// The short name has other characters, or is too long.
    #[error("username {0:?}: give 1 to 64 letters, digits, dots, hyphens or underscores")]
    Username(String),
    /// The name is empty, too long or contains U+0000.
    #[error("full name {0}")]
    FullName(TextProblem),
    /// That is no address.
    #[error("email {0:?}: give an address such as name@example.org")]
    Email(String),
    /// Somebody has that short name.
    #[error("username {0:?} is taken: choose another")]
    UsernameTaken(String),
    /// Somebody has that address.
    #[error("email {0:?} belongs to somebody else: choose another")]
    EmailTaken(String),
}

/// Adds a person.
///
/// # Errors
/// What the database answers.
pub async fn add(services: &Services, new: &NewPerson) -> Result<Result<user::Model, PersonRefusal>> {
    let full_name = match checked(new) {
        Ok(full_name) => full_name,
        Err(refusal) => return Ok(Err(refusal)),
    };
    in_transaction!(services.database, |transaction| {
        if find(transaction, user::Column::Username, &new.username).await?.is_some() {
            return Ok(Err(PersonRefusal::UsernameTaken(new.username.clone())));
        }
        if find(transaction, user::Column::Email, &new.email).await?.is_some() {
            return Ok(Err(PersonRefusal::EmailTaken(new.email.clone())));
        }
        let person = user::Model {
            id: services.new_id(),
            username: new.username.clone(),
            full_name: full_name.clone(),
            email: new.email.clone(),
            role: new.role,
            active: true,
            created_at: services.now(),
        };
        Ok(Ok(person.into_active_model().insert(transaction).await?))
    })
}

fn checked(new: &NewPerson) -> Result<String, PersonRefusal> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if new.username.is_empty() || new.username.len() > 64 || !new.username.chars().all(allowed) {
        return Err(PersonRefusal::Username(new.username.clone()));
    }
    let looks_like_an_address =
        new.email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    if !looks_like_an_address
        || new.email.len() > 254
        || new.email.contains(|c: char| c.is_whitespace() || c.is_control())
    {
        return Err(PersonRefusal::Email(new.email.clone()));
    }
    text::required(&new.full_name, text::MAX_NAME).map_err(PersonRefusal::FullName)
}

async fn find<C: sea_orm::ConnectionTrait>(
    connection: &C,
    column: user::Column,
    value: &str,
) -> Result<Option<user::Model>> {
    Ok(user::Entity::find().filter(column.eq(value)).one(connection).await?)
}

/// The person with that short name.
///
/// # Errors
/// What the database answers.
pub async fn by_username(services: &Services, username: &str) -> Result<Option<user::Model>> {
    find(services.database.connection(), user::Column::Username, username).await
}

/// People by their ids. Whoever is signed in sees everybody.
///
/// # Errors
/// What the database answers.
pub async fn by_ids(services: &Services, ids: &[Uuid]) -> Result<Vec<user::Model>> {
    Ok(user::Entity::find()
        .filter(is_one_of(services.database.backend(), user::Column::Id, ids))
        .all(services.database.connection())
        .await?)
}

/// The person who signs in; `None` if unknown or inactive.
///
/// # Errors
/// What the database answers.
pub async fn sign_in(services: &Services, id: Uuid) -> Result<Option<user::Model>> {
    let person = user::Entity::find_by_id(id).one(services.database.connection()).await?;
    Ok(person.filter(|person| person.active))
}

impl From<&user::Model> for Viewer {
    fn from(person: &user::Model) -> Self {
        Self { id: person.id, role: person.role }
    }
}
