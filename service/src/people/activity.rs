//! Deactivating people who do not work here any more, and letting them in again.

use super::{
    locked::{denial, lock},
    refusal::PeopleRefusal,
};
use crate::{Result, Services, Viewer, accounts, database::in_transaction, ids};
use entity::user;
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use uuid::Uuid;

/// Ends a person's right to sign in, from the next request on, or gives it back, on behalf of an administrator. Their memos stay. Doing it again
/// changes nothing.
///
/// # Errors
/// What the database answers; nothing is changed then.
pub async fn set_active(
    services: &Services,
    viewer: Viewer,
    id: Uuid,
    active: bool,
) -> Result<Result<user::Model, PeopleRefusal>> {
    let changed = in_transaction!(services.database, |transaction| {
        let Some(person) = lock(transaction, id).await? else { return Ok(Err(PeopleRefusal::NotFound)) };
        if person.active == active {
            return Ok(Ok(person));
        }
        if !active && let Some(denial) = denial(transaction, viewer, &person).await? {
            return Ok(Err(denial.into()));
        }
        if !active {
            // Let in again, they sign in again.
            accounts::revoke(services, transaction, id, None).await?;
        }
        let mut person = person.into_active_model();
        person.active = Set(active);
        Ok(Ok(person.update(transaction).await?))
    })?;
    if changed.is_ok() {
        tracing::info!(id = %ids::user(id), active, administrator = %ids::user(viewer.id), "person's activity set");
    }
    Ok(changed)
}
