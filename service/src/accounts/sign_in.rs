//! Signing in with a password.

use super::{
    errors::SignInError,
    password::{self, Requester},
    sessions::{SessionSettings, Started, start},
};
use crate::{Result, Services, database::sql::equals_text};
use entity::{credential, user};
use sea_orm::{EntityTrait, QueryFilter};
use uuid::Uuid;

/// The result of looking up the name that is given for a sign-in. There may be no person.
#[derive(Debug, Default)]
pub struct Account {
    person: Option<user::Model>,
    hash: Option<String>,
}

impl Account {
    /// The person's id, if there is one. An answer must not reveal it.
    pub fn person_id(&self) -> Option<Uuid> {
        self.person.as_ref().map(|person| person.id)
    }
}

/// Signs a person in.
///
/// # Errors
/// Returns the reason why nobody is signed in.
pub async fn with_password(
    services: &Services,
    account: Account,
    password: &str,
    requester: Requester,
    user_agent: Option<&str>,
    settings: &SessionSettings,
) -> Result<Started, SignInError> {
    let Account { person, hash } = account;
    let is_right = password::verify(password, hash, requester).await?.ok_or(SignInError::Busy)?;
    let person = person.filter(|person| person.active && is_right).ok_or(SignInError::Wrong)?;
    Ok(start(services, person, user_agent, settings).await?)
}

/// Looks up a username or an email address, ignoring case. It always takes two statements.
///
/// # Errors
/// Returns errors of the database.
pub async fn account(services: &Services, name: &str) -> Result<Account> {
    let connection = services.database.connection();
    // No username contains an `@`, and every email address does. PostgreSQL refuses U+0000.
    let column = if name.contains('@') { user::Column::Email } else { user::Column::Username };
    let name = name.trim().replace('\0', "\u{fffd}");
    let person = user::Entity::find().filter(equals_text(column, &name)).one(connection).await?;
    let id = person.as_ref().map(|person| person.id).unwrap_or_default();
    let credential = credential::Entity::find_by_id(id).one(connection).await?;
    Ok(Account { person, hash: credential.map(|credential| credential.password_hash) })
}
