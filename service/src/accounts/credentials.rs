//! Setting and changing passwords.

use super::{
    password::{self, PasswordProblem, Requester},
    sessions::revoke,
};
use crate::{Result, Services, Viewer, database::in_transaction, ids};
use entity::{credential, user};
use sea_orm::{EntityTrait, IntoActiveModel, sea_query::OnConflict};
use uuid::Uuid;

/// Why a password is not set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetRefusal {
    /// There is nobody with that id.
    NotFound,
    /// The password is not acceptable.
    Password(PasswordProblem),
    /// Too many passwords are being hashed.
    Busy,
}

/// Why a person's password stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeRefusal {
    /// The current password is another, or there is none.
    Wrong,
    /// The new password is not acceptable.
    Password(PasswordProblem),
    /// Too many passwords are being hashed.
    Busy,
}

/// Gives a person a password, on behalf of an administrator, and ends all their sessions.
///
/// # Errors
/// What the database answers; nothing is changed then.
pub async fn set_password(
    services: &Services,
    viewer: Viewer,
    id: Uuid,
    password: &str,
) -> Result<Result<user::Model, SetRefusal>> {
    let set = set_password_of(services, id, password).await?;
    if set.is_ok() {
        tracing::info!(id = %ids::user(id), administrator = %ids::user(viewer.id), "password set");
    }
    Ok(set)
}

/// The same on behalf of whoever runs the server.
///
/// # Errors
/// What the database answers; nothing is changed then.
pub async fn set_password_of(
    services: &Services,
    id: Uuid,
    password: &str,
) -> Result<Result<user::Model, SetRefusal>> {
    let person = user::Entity::find_by_id(id).one(services.database.connection()).await?;
    let Some(person) = person else { return Ok(Err(SetRefusal::NotFound)) };
    if let Err(problem) = password::check(password, &person) {
        return Ok(Err(SetRefusal::Password(problem)));
    }
    let Ok(hash) = password::hash(services, password).await? else { return Ok(Err(SetRefusal::Busy)) };
    store(services, id, hash, None).await?;
    Ok(Ok(person))
}

/// Changes the viewer's password, and ends their sessions but for the one in which they do it.
///
/// # Errors
/// What the database answers; nothing is changed then.
pub async fn change_password(
    services: &Services,
    person: &user::Model,
    session: Option<Uuid>,
    current: &str,
    new: &str,
) -> Result<Result<(), ChangeRefusal>> {
    let credential = credential::Entity::find_by_id(person.id).one(services.database.connection()).await?;
    let hash = credential.map(|credential| credential.password_hash);
    match password::verify(current, hash, Requester::Known).await? {
        Ok(true) => {}
        Ok(false) => return Ok(Err(ChangeRefusal::Wrong)),
        Err(_) => return Ok(Err(ChangeRefusal::Busy)),
    }
    if let Err(problem) = password::check(new, person) {
        return Ok(Err(ChangeRefusal::Password(problem)));
    }
    let Ok(hash) = password::hash(services, new).await? else { return Ok(Err(ChangeRefusal::Busy)) };
    store(services, person.id, hash, session).await?;
    tracing::info!(id = %ids::user(person.id), "password changed");
    Ok(Ok(()))
}

async fn store(services: &Services, id: Uuid, password_hash: String, session: Option<Uuid>) -> Result<()> {
    let row = credential::Model { user_id: id, password_hash, changed_at: services.now() };
    in_transaction!(services.database, |transaction| {
        let replacing = OnConflict::column(credential::Column::UserId)
            .update_columns([credential::Column::PasswordHash, credential::Column::ChangedAt])
            .to_owned();
        credential::Entity::insert(row.clone().into_active_model())
            .on_conflict(replacing)
            .exec_without_returning(transaction)
            .await?;
        revoke(services, transaction, id, session).await
    })
}
