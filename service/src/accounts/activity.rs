//! Deactivates people who have left, and reactivates them.

use super::{
    errors::{DeactivatePersonError, ReactivatePersonError},
    sessions,
};
use crate::{
    Result, Services, Viewer,
    database::in_transaction,
    ids,
    people::{lock, policy, state},
};
use entity::user;
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use uuid::Uuid;

/// Ends a person's right to sign in from the next request on. An administrator does this. The
/// person's memos remain. Repeating this changes nothing.
///
/// # Errors
/// Returns the reason why the person is not deactivated.
pub async fn deactivate(
    services: &Services,
    viewer: Viewer,
    id: Uuid,
) -> Result<user::Model, DeactivatePersonError> {
    let person = in_transaction(
        &services.database,
        async |transaction| -> Result<_, DeactivatePersonError> {
            let person = lock(transaction, id).await?.ok_or(DeactivatePersonError::NotFound)?;
            if !person.active {
                return Ok(person);
            }
            policy::revoke(viewer.id, state(transaction, &person).await?)?;
            // After a reactivation, the person must sign in again.
            sessions::revoke(services, transaction, id, None).await?;
            let mut person = person.into_active_model();
            person.active = Set(false);
            Ok(person.update(transaction).await?)
        },
    )
    .await?;
    log(viewer, id, false);
    Ok(person)
}

/// Restores a person's right to sign in. An administrator does this. Repeating this changes
/// nothing.
///
/// # Errors
/// Returns the reason why the person is not reactivated.
pub async fn reactivate(
    services: &Services,
    viewer: Viewer,
    id: Uuid,
) -> Result<user::Model, ReactivatePersonError> {
    let person = in_transaction(
        &services.database,
        async |transaction| -> Result<_, ReactivatePersonError> {
            let person = lock(transaction, id).await?.ok_or(ReactivatePersonError::NotFound)?;
            if person.active {
                return Ok(person);
            }
            if person.erased_at.is_some() {
                return Err(ReactivatePersonError::Erased);
            }
            let mut person = person.into_active_model();
            person.active = Set(true);
            Ok(person.update(transaction).await?)
        },
    )
    .await?;
    log(viewer, id, true);
    Ok(person)
}

fn log(viewer: Viewer, id: Uuid, active: bool) {
    tracing::info!(id = %ids::user(id), active, administrator = %ids::user(viewer.id),
        "person's activity set");
}
