//! Adding people.

use super::{
    by_ids,
    errors::AddPersonError,
    names::{PersonProblem, check_email, check_full_name, check_username, taken},
    search::search_name,
};
use crate::{
    Result, Services,
    database::{in_transaction, lock::lock_table},
    idempotency::{CreateError, Created, IdempotencyKey, create_once},
    ids,
};
use entity::{UserRole, user};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, IntoActiveModel};
use uuid::Uuid;

/// A new person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPerson {
    /// Unique username of 1 to 64 letters, digits, `.`, `_` and `-`. The first character is a
    /// letter or a digit.
    pub username: String,
    /// 1 to 250 characters.
    pub full_name: String,
    /// Unique email address.
    pub email: String,
    /// What the person may do besides handling their own memos.
    pub role: UserRole,
}

/// Adds a person.
///
/// # Errors
/// Returns the reason why nobody was added.
pub async fn add(services: &Services, new: &NewPerson) -> Result<user::Model, AddPersonError> {
    let full_name = checked(new)?;
    in_transaction(&services.database, async |transaction| -> Result<_, AddPersonError> {
        add_in(services, transaction, services.new_id(), new, &full_name).await
    })
    .await
}

/// Adds a person, once for each key.
///
/// # Errors
/// Returns the reason why nobody was added.
pub async fn add_once(
    services: &Services,
    key: Option<&IdempotencyKey>,
    new: &NewPerson,
) -> Result<Created<user::Model>, CreateError<AddPersonError>> {
    let full_name = checked(new).map_err(|problem| CreateError::Operation(problem.into()))?;
    create_once(
        services,
        key,
        async |transaction, id| add_in(services, transaction, id, new, &full_name).await,
        async |id| Ok(by_ids(services, &[id]).await?.pop()),
    )
    .await
}

async fn add_in(
    services: &Services,
    transaction: &DatabaseTransaction,
    id: Uuid,
    new: &NewPerson,
    full_name: &str,
) -> Result<user::Model, AddPersonError> {
    lock_table::<user::Entity>(transaction).await?;
    if let Some(taken) = taken(transaction, Some(&new.username), Some(&new.email), None).await? {
        return Err(taken.into());
    }
    let person = user::Model {
        id,
        username: new.username.clone(),
        search_name: search_name(full_name, &new.username),
        full_name: full_name.to_owned(),
        email: new.email.clone(),
        role: new.role,
        active: true,
        created_at: services.now(),
        erased_at: None,
    };
    let person = person.into_active_model().insert(transaction).await?;
    tracing::info!(id = %ids::user(person.id), role = person.role.as_str(), "person added");
    Ok(person)
}

fn checked(new: &NewPerson) -> Result<String, PersonProblem> {
    check_username(&new.username)?;
    check_email(&new.email)?;
    check_full_name(&new.full_name)
}
