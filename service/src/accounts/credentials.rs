//! Setting and changing passwords.

use super::{
    errors::{ChangePasswordError, SetPasswordError},
    password::{self, Requester, StoredHash},
    sessions::revoke,
};
use crate::{Result, Services, Viewer, database::in_transaction, ids};
use entity::{credential, user};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

/// Sets a person's password and ends all their sessions. An administrator does this.
///
/// # Errors
/// Returns the reason why it is not set.
pub async fn set_password(
    services: &Services,
    viewer: Viewer,
    id: Uuid,
    password: &str,
) -> Result<user::Model, SetPasswordError> {
    let person = set_password_of(services, id, password).await?;
    tracing::info!(id = %ids::user(id), administrator = %ids::user(viewer.id), "password set");
    Ok(person)
}

/// The same, on behalf of the server's operator.
///
/// # Errors
/// Returns the reason why it is not set.
pub async fn set_password_of(
    services: &Services,
    id: Uuid,
    password: &str,
) -> Result<user::Model, SetPasswordError> {
    let person = user::Entity::find_by_id(id).one(services.database.connection()).await?;
    let person = person.ok_or(SetPasswordError::NotFound)?;
    if person.erased_at.is_some() {
        return Err(SetPasswordError::Erased);
    }
    password::check(password, &person)?;
    let hash = password::hash(services, password).await?.ok_or(SetPasswordError::Busy)?;
    store(services, id, hash, None).await?;
    Ok(person)
}

/// Changes the viewer's password. Ends their sessions except the current one.
///
/// # Errors
/// Returns the reason why it is not changed.
pub async fn change_password(
    services: &Services,
    person: &user::Model,
    session: Option<Uuid>,
    current: &str,
    new: &str,
) -> Result<(), ChangePasswordError> {
    let credential =
        credential::Entity::find_by_id(person.id).one(services.database.connection()).await?;
    let hash = credential.map(|credential| credential.password_hash);
    let stored = StoredHash { hash, ..StoredHash::default() };
    let verified = password::verify(current, stored, Requester::Known).await?;
    if !verified.ok_or(ChangePasswordError::Busy)? {
        return Err(ChangePasswordError::Wrong);
    }
    password::check(new, person)?;
    let hash = password::hash(services, new).await?.ok_or(ChangePasswordError::Busy)?;
    store(services, person.id, hash, session).await?;
    tracing::info!(id = %ids::user(person.id), "password changed");
    Ok(())
}

/// Replaces an imported hash by one of ours, after the password has matched it. Sessions and the
/// time of the last change stay, because the password is the same. If too many passwords are being
/// hashed, a later sign-in does it.
pub(super) async fn replace_imported(
    services: &Services,
    id: Uuid,
    imported: &str,
    password: &str,
) -> Result<()> {
    let Some(hash) = password::hash(services, password).await? else { return Ok(()) };
    credential::Entity::update_many()
        .col_expr(credential::Column::PasswordHash, Expr::value(hash))
        .filter(credential::Column::UserId.eq(id))
        // Somebody may have set another password meanwhile.
        .filter(credential::Column::PasswordHash.eq(imported))
        .exec(services.database.connection())
        .await?;
    tracing::info!(id = %ids::user(id), "imported password hash replaced");
    Ok(())
}

async fn store(
    services: &Services,
    id: Uuid,
    password_hash: String,
    session: Option<Uuid>,
) -> Result<()> {
    let row = credential::Model { user_id: id, password_hash, changed_at: services.now() };
    in_transaction(&services.database, async |transaction| -> Result<_> {
        let replacing = OnConflict::column(credential::Column::UserId)
            .update_columns([credential::Column::PasswordHash, credential::Column::ChangedAt])
            .to_owned();
        credential::Entity::insert(row.clone().into_active_model())
            .on_conflict(replacing)
            .exec_without_returning(transaction)
            .await?;
        revoke(services, transaction, id, session).await
    })
    .await
}
