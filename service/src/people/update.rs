//! Changing people.

use super::{
    errors::UpdatePersonError,
    locked::{lock, state},
    names::{PersonProblem, check_email, check_full_name, check_username, taken},
    policy,
    search::search_name,
};
use crate::{Result, Services, Viewer, database::in_transaction, ids};
use entity::{UserRole, user};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, IntoActiveModel, Set};
use uuid::Uuid;

/// Changes of a person. `None` keeps the value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonChanges {
    /// The unique username.
    pub username: Option<String>,
    /// The displayed name.
    pub full_name: Option<String>,
    /// The unique email address.
    pub email: Option<String>,
    /// What the person may do besides handling their own memos.
    pub role: Option<UserRole>,
}

/// Changes a person on behalf of an administrator.
///
/// # Errors
/// Returns the reason why the person is not changed.
pub async fn update(
    services: &Services,
    viewer: Viewer,
    id: Uuid,
    changes: &PersonChanges,
) -> Result<user::Model, UpdatePersonError> {
    let changes = checked(changes)?;
    let person =
        in_transaction(&services.database, async |transaction| -> Result<_, UpdatePersonError> {
            update_in(transaction, viewer, id, &changes).await
        })
        .await?;
    tracing::info!(
        id = %ids::user(id),
        role = person.role.as_str(),
        administrator = %ids::user(viewer.id),
        "person changed"
    );
    Ok(person)
}

fn checked(changes: &PersonChanges) -> Result<PersonChanges, PersonProblem> {
    changes.username.as_deref().map(check_username).transpose()?;
    changes.email.as_deref().map(check_email).transpose()?;
    let full_name = changes.full_name.as_deref().map(check_full_name).transpose()?;
    Ok(PersonChanges { full_name, ..changes.clone() })
}

async fn update_in(
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    id: Uuid,
    changes: &PersonChanges,
) -> Result<user::Model, UpdatePersonError> {
    let before = lock(transaction, id).await?.ok_or(UpdatePersonError::NotFound)?;
    if before.erased_at.is_some() {
        return Err(UpdatePersonError::Erased);
    }
    let demoted =
        before.role == UserRole::Admin && changes.role.is_some_and(|role| role != UserRole::Admin);
    if demoted {
        policy::revoke(viewer.id, state(transaction, &before).await?)?;
    }
    let (username, email) = (changes.username.as_deref(), changes.email.as_deref());
    if let Some(taken) = taken(transaction, username, email, Some(id)).await? {
        return Err(taken.into());
    }
    let mut after = before.clone();
    after.username = changes.username.clone().unwrap_or(after.username);
    after.full_name = changes.full_name.clone().unwrap_or(after.full_name);
    after.email = changes.email.clone().unwrap_or(after.email);
    after.role = changes.role.unwrap_or(after.role);
    after.search_name = search_name(&after.full_name, &after.username);
    if after == before {
        return Ok(before);
    }
    let mut row = before.into_active_model();
    row.username = Set(after.username);
    row.full_name = Set(after.full_name);
    row.email = Set(after.email);
    row.role = Set(after.role);
    row.search_name = Set(after.search_name);
    Ok(row.update(transaction).await?)
}
