//! Inserts many rows in few statements.

use crate::{Result, pieces::pieces};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    sea_query::OnConflict,
};

/// Inserts rows. None of them is there.
pub(super) async fn insert<M, A>(transaction: &DatabaseTransaction, rows: &[M]) -> Result<()>
where
    M: Clone + IntoActiveModel<A>,
    A: ActiveModelTrait + ActiveModelBehavior + Send,
{
    for piece in pieces(rows) {
        let rows = piece.iter().cloned().map(IntoActiveModel::into_active_model);
        A::Entity::insert_many(rows).exec_without_returning(transaction).await?;
    }
    Ok(())
}

/// Inserts those of the rows that are not there.
pub(super) async fn insert_missing<M, A>(
    transaction: &DatabaseTransaction,
    rows: &[M],
) -> Result<()>
where
    M: Clone + IntoActiveModel<A>,
    A: ActiveModelTrait + ActiveModelBehavior + Send,
{
    for piece in pieces(rows) {
        let rows = piece.iter().cloned().map(IntoActiveModel::into_active_model);
        A::Entity::insert_many(rows)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(())
}
