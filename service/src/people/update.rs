//! Changing people.

use super::{
    add::{PersonRefusal, check_email, check_full_name, check_username, taken},
    locked::{denial, lock},
    refusal::PeopleRefusal,
    search::search_name,
};
use crate::{Result, Services, Viewer, database::in_transaction, ids};
use entity::{UserRole, user};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, IntoActiveModel, Set};
use uuid::Uuid;

/// What changes of a person; `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonChanges {
    /// The unique short name.
    pub username: Option<String>,
    /// The name to show.
    pub full_name: Option<String>,
    /// The unique address.
    pub email: Option<String>,
    /// What the person may do beside their own memos.
    pub role: Option<UserRole>,
}

/// Changes a person, on behalf of an administrator.
///
/// # Errors
/// What the database answers; nothing is changed then.
pub async fn update(
    services: &Services,
    viewer: Viewer,
    id: Uuid,
    changes: &PersonChanges,
) -> Result<Result<user::Model, PeopleRefusal>> {
    let changes = match checked(changes) {
        Ok(changes) => changes,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    let changed =
        in_transaction!(services.database, |transaction| update_in(transaction, viewer, id, &changes).await)?;
    if let Ok(person) = &changed {
        tracing::info!(id = %ids::user(id), role = person.role.word(), administrator = %ids::user(viewer.id), "person changed");
    }
    Ok(changed)
}

fn checked(changes: &PersonChanges) -> Result<PersonChanges, PersonRefusal> {
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
) -> Result<Result<user::Model, PeopleRefusal>> {
    let Some(before) = lock(transaction, id).await? else { return Ok(Err(PeopleRefusal::NotFound)) };
    let demoted = before.role == UserRole::Admin && changes.role.is_some_and(|role| role != UserRole::Admin);
    if demoted && let Some(denial) = denial(transaction, viewer, &before).await? {
        return Ok(Err(denial.into()));
    }
    if let Some(refusal) =
        taken(transaction, changes.username.as_deref(), changes.email.as_deref(), Some(id)).await?
    {
        return Ok(Err(refusal.into()));
    }
    let mut after = before.clone();
    after.username = changes.username.clone().unwrap_or(after.username);
    after.full_name = changes.full_name.clone().unwrap_or(after.full_name);
    after.email = changes.email.clone().unwrap_or(after.email);
    after.role = changes.role.unwrap_or(after.role);
    after.search_name = search_name(&after.full_name, &after.username);
    if after == before {
        return Ok(Ok(before));
    }
    let mut row = before.into_active_model();
    row.username = Set(after.username);
    row.full_name = Set(after.full_name);
    row.email = Set(after.email);
    row.role = Set(after.role);
    row.search_name = Set(after.search_name);
    Ok(Ok(row.update(transaction).await?))
}
