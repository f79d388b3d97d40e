//! Deleting people to whom nothing refers.

use super::{
    locked::{lock, objection},
    refusal::PeopleRefusal,
};
use crate::{
    Result, Services, Viewer,
    database::in_transaction,
    deleted_memos::{Target, leave_names},
    ids,
};
use entity::user;
use sea_orm::{DatabaseTransaction, EntityTrait, SqlErr, TransactionTrait};
use uuid::Uuid;

/// Deletes a person, on behalf of an administrator, unless anything but their own choice of mails refers to them.
///
/// # Errors
/// What the database answers; nothing is changed then.
pub async fn delete(services: &Services, viewer: Viewer, id: Uuid) -> Result<Result<(), PeopleRefusal>> {
    let deleted = in_transaction!(services.database, |transaction| {
        let Some(person) = lock(transaction, id).await? else { return Ok(Err(PeopleRefusal::NotFound)) };
        if let Some(objection) = objection(transaction, viewer, &person).await? {
            return Ok(Err(objection.into()));
        }
        Ok(if try_to_delete(transaction, id).await? { Ok(()) } else { Err(PeopleRefusal::HasHistory) })
    })?;
    if deleted.is_ok() {
        tracing::info!(id = %ids::user(id), administrator = %ids::user(viewer.id), "person deleted");
    }
    Ok(deleted)
}

/// Whether the keys let the row go. They know best what refers to it: no list of tables here could miss a new one.
async fn try_to_delete(transaction: &DatabaseTransaction, id: Uuid) -> Result<bool> {
    // PostgreSQL refuses everything after an error, up to the savepoint before it.
    let savepoint = transaction.begin().await?;
    // What only deleted memos have of the person does not hold it.
    leave_names(&savepoint, Target::Person(id)).await?;
    match user::Entity::delete_by_id(id).exec(&savepoint).await {
        Ok(_) => {
            savepoint.commit().await?;
            Ok(true)
        }
        Err(error) if matches!(error.sql_err(), Some(SqlErr::ForeignKeyConstraintViolation(_))) => {
            savepoint.rollback().await?;
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}
