//! Signing in with a password.

use super::{
    errors::SignInError,
    password::{self, Requester},
    sessions::{SessionSettings, Started, start},
};
use crate::{Result, Services, database::sql::equals_text};
use entity::{credential, identity, user};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
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

/// How a person can sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaysToSignIn {
    /// Whether they have a password.
    pub has_password: bool,
    /// The providers at which they are known.
    pub issuers: Vec<String>,
}

/// How a person can sign in, if they are active.
///
/// # Errors
/// Returns errors of the database.
pub async fn ways_to_sign_in(services: &Services, person: Uuid) -> Result<WaysToSignIn> {
    let connection = services.database.connection();
    let credential = credential::Entity::find_by_id(person).one(connection).await?;
    let identities = identity::Entity::find()
        .filter(identity::Column::UserId.eq(person))
        .order_by_asc(identity::Column::Issuer)
        .all(connection)
        .await?;
    let issuers = identities.into_iter().map(|identity| identity.issuer).collect();
    Ok(WaysToSignIn { has_password: credential.is_some(), issuers })
}
