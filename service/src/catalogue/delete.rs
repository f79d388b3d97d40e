//! Deleting deals, tags and resolutions that no memo uses.

use super::{kinds::CatalogueKind, refusal::CatalogueRefusal};
use crate::{
    Result, Services, Viewer,
    database::{in_transaction, sql::lock_table},
    deleted_memos::leave_names,
    memos::is_live,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

/// Deletes a deal, a tag or a resolution, unless a memo uses it. Deleted memos that used it do not
/// count: a restore names what it cannot link again.
///
/// # Errors
/// What the database answers; nothing is changed then.
pub async fn delete<E: CatalogueKind>(
    services: &Services,
    viewer: Viewer,
    id: Uuid,
) -> Result<Result<(), CatalogueRefusal>> {
    let deleted = in_transaction!(services.database, |transaction| {
        lock_table::<E>(transaction).await?;
        // Once this lock is got, whoever links it to a memo has either committed that, or waits for this to end.
        if E::find_by_id(id).lock_exclusive().one(transaction).await?.is_none() {
            return Ok(Err(CatalogueRefusal::NotFound));
        }
        let uses =
            E::Use::find().filter(E::USED.eq(id)).filter(is_live(E::USED_BY)).count(transaction).await?;
        if uses > 0 {
            return Ok(Err(CatalogueRefusal::InUse(uses)));
        }
        leave_names(transaction, E::TARGET(id)).await?;
        E::delete_by_id(id).exec(transaction).await?;
        Ok(Ok(()))
    })?;
    if deleted.is_ok() {
        tracing::info!(kind = E::WORD, %id, person = %viewer.id, "deleted");
    }
    Ok(deleted)
}
