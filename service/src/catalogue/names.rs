//! Creating and renaming tags and resolutions. Names that differ in capitals alone count as the same.

use super::{kinds::NamedKind, refusal::CatalogueRefusal};
use crate::{
    Result, Services, Viewer,
    database::{
        in_transaction,
        sql::{equals_text, lock_table},
    },
    ids,
};
use sea_orm::{ColumnTrait, DatabaseTransaction, IntoActiveModel, QueryFilter, QuerySelect, sea_query::Expr};
use uuid::Uuid;

/// Creates a tag or a resolution. The name is already checked by [`crate::text`].
///
/// # Errors
/// What the database answers; nothing is changed then.
pub async fn create_named<E>(
    services: &Services,
    viewer: Viewer,
    name: &str,
) -> Result<Result<E::Model, CatalogueRefusal>>
where
    E: NamedKind<Model: IntoActiveModel<E::ActiveModel>>,
    E::ActiveModel: Send,
{
    let created = in_transaction!(services.database, |transaction| {
        lock_table::<E>(transaction).await?;
        if let Some(refusal) = taken::<E>(transaction, name, None).await? {
            return Ok(Err(refusal));
        }
        let id = services.new_id();
        let row = E::row(id, name.to_owned());
        E::insert(row.into_active_model()).exec_without_returning(transaction).await?;
        Ok(Ok(id))
    })?;
    Ok(created.map(|id| {
        tracing::info!(kind = E::WORD, id = %ids::typed(E::WORD, id), person = %ids::user(viewer.id), "created");
        E::row(id, name.to_owned())
    }))
}

/// Renames a tag or a resolution. The name is already checked by [`crate::text`].
///
/// # Errors
/// What the database answers; nothing is changed then.
pub async fn rename<E: NamedKind>(
    services: &Services,
    viewer: Viewer,
    id: Uuid,
    name: &str,
) -> Result<Result<E::Model, CatalogueRefusal>> {
    let renamed = in_transaction!(services.database, |transaction| {
        lock_table::<E>(transaction).await?;
        if E::find_by_id(id).one(transaction).await?.is_none() {
            return Ok(Err(CatalogueRefusal::NotFound));
        }
        if let Some(refusal) = taken::<E>(transaction, name, Some(id)).await? {
            return Ok(Err(refusal));
        }
        E::update_many().col_expr(E::NAME, Expr::value(name)).filter(E::ID.eq(id)).exec(transaction).await?;
        Ok(Ok(()))
    })?;
    Ok(renamed.map(|()| {
        tracing::info!(kind = E::WORD, id = %ids::typed(E::WORD, id), person = %ids::user(viewer.id), "renamed");
        E::row(id, name.to_owned())
    }))
}

/// The refusal if another one has the name. With the table locked, it stays free until the transaction ends.
async fn taken<E: NamedKind>(
    transaction: &DatabaseTransaction,
    name: &str,
    except: Option<Uuid>,
) -> Result<Option<CatalogueRefusal>> {
    let mut others = E::find().select_only().column(E::NAME).filter(equals_text(E::NAME, name));
    if let Some(id) = except {
        others = others.filter(E::ID.ne(id));
    }
    let other: Option<String> = others.into_tuple().one(transaction).await?;
    Ok(other.map(CatalogueRefusal::NameTaken))
}
