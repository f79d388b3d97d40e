//! Creates and renames tags and resolutions. Names are unique without regard to case.

use super::{
    errors::{CreateNamedError, RenameError},
    kinds::NamedKind,
};
use crate::{
    Result, Services, Viewer,
    database::{in_transaction, lock::lock_table, sql::equals_text},
    idempotency::{CreateError, Created, IdempotencyKey, create_once},
    ids,
};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, IntoActiveModel, QueryFilter, QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

/// Creates a tag or a resolution, once for each key. [`crate::text`] has checked the name already.
///
/// # Errors
/// Returns the reason why none was created.
pub async fn create_named<E>(
    services: &Services,
    viewer: Viewer,
    key: Option<&IdempotencyKey>,
    name: &str,
) -> Result<Created<E::Model>, CreateError<CreateNamedError>>
where
    E: NamedKind<Model: IntoActiveModel<E::ActiveModel>>,
    E::ActiveModel: Send,
{
    create_once(
        services,
        key,
        async |transaction, id| -> Result<_, CreateNamedError> {
            lock_table::<E>(transaction).await?;
            if let Some(other) = namesake::<E>(transaction, name, None).await? {
                return Err(CreateNamedError::NameTaken(other));
            }
            let row = E::row(id, name.to_owned());
            E::insert(row.into_active_model()).exec_without_returning(transaction).await?;
            tracing::info!(
                kind = E::KIND,
                id = %ids::typed(E::KIND, id),
                person = %ids::user(viewer.id),
                "created"
            );
            Ok(E::row(id, name.to_owned()))
        },
        async |id| Ok(E::find_by_id(id).one(services.database.connection()).await?),
    )
    .await
}

/// Renames a tag or a resolution. [`crate::text`] has checked the name already.
///
/// # Errors
/// Returns the reason why it is not renamed.
pub async fn rename<E: NamedKind>(
    services: &Services,
    viewer: Viewer,
    id: Uuid,
    name: &str,
) -> Result<E::Model, RenameError> {
    in_transaction(&services.database, async |transaction| -> Result<_, RenameError> {
        lock_table::<E>(transaction).await?;
        E::find_by_id(id).one(transaction).await?.ok_or(RenameError::NotFound)?;
        if let Some(other) = namesake::<E>(transaction, name, Some(id)).await? {
            return Err(RenameError::NameTaken(other));
        }
        E::update_many()
            .col_expr(E::NAME, Expr::value(name))
            .filter(E::ID.eq(id))
            .exec(transaction)
            .await?;
        Ok(())
    })
    .await?;
    tracing::info!(
        kind = E::KIND,
        id = %ids::typed(E::KIND, id),
        person = %ids::user(viewer.id),
        "renamed"
    );
    Ok(E::row(id, name.to_owned()))
}

/// The name of another entry that is equal except for case. The table is locked, so an unused name
/// stays unused until the transaction ends.
async fn namesake<E: NamedKind>(
    transaction: &DatabaseTransaction,
    name: &str,
    except: Option<Uuid>,
) -> Result<Option<String>> {
    let mut others = E::find().select_only().column(E::NAME).filter(equals_text(E::NAME, name));
    if let Some(id) = except {
        others = others.filter(E::ID.ne(id));
    }
    Ok(others.into_tuple().one(transaction).await?)
}
