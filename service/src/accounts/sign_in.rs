//! Signing in with a password.

use super::{
    credentials::replace_imported,
    errors::SignInError,
    imported::ImportedHash,
    password::{self, Requester, StoredHash},
    sessions::{SessionSettings, Started, start},
};
use crate::{
    Result, Services,
    database::{Parameters, sql::equals_text},
    ids,
};
use entity::{credential, identity, user};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, Statement,
};
use uuid::Uuid;

/// The result of looking up the name that is given for a sign-in. There may be no person.
#[derive(Debug, Default)]
pub struct Account {
    person: Option<user::Model>,
    stored: StoredHash,
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
    let Account { person, stored } = account;
    let imported = stored.hash.clone().filter(|hash| ImportedHash::parse(hash).is_some());
    let is_right = password::verify(password, stored, requester).await?.ok_or(SignInError::Busy)?;
    let person = person.filter(|person| person.active && is_right).ok_or(SignInError::Wrong)?;
    if let Some(imported) = imported
        && let Err(error) = replace_imported(services, person.id, &imported, password).await
    {
        tracing::warn!(%error, id = %ids::user(person.id), "imported password hash not replaced");
    }
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
    let stored = stored_hash_statement(services.database.backend(), id);
    let mut found = StoredHash::default();
    if let Some(row) = connection.query_one_raw(stored).await? {
        found.hash = row.try_get("", "password_hash")?;
        let iterations: Option<String> = row.try_get("", "imported_iterations")?;
        let iterations = iterations.and_then(|iterations| iterations.parse().ok());
        found.imported_iterations = iterations.unwrap_or_default();
    }
    Ok(Account { person, stored: found })
}

/// A person's hash, and how long imported hashes take while there are any.
fn stored_hash_statement(backend: DbBackend, person: Uuid) -> Statement {
    Parameters::new(backend).bind("person", person).statement(
        "SELECT
            (SELECT c.password_hash FROM credentials c WHERE c.user_id = :person) AS password_hash,
            (
                SELECT i.value
                FROM installation i
                WHERE i.name = 'imported_iterations'
                    AND EXISTS (
                        SELECT 1 FROM credentials c WHERE c.password_hash LIKE 'pbkdf2%'
                    )
            ) AS imported_iterations",
    )
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        assert_statement("stored_hash", |backend| stored_hash_statement(backend, Uuid::nil()));
    }
}
