//! Inserts many rows in few statements.

use crate::Result;
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ConnectionTrait, DatabaseTransaction, DbBackend,
    EntityTrait, IntoActiveModel, Iterable, sea_query::OnConflict,
};

/// How many values a statement may have: half of what the databases allow.
const VALUES_ON_POSTGRES: usize = 32_000;
const VALUES_ON_SQLITE: usize = 16_000;

/// Inserts rows. None of them is there.
pub(super) async fn insert<M, A>(transaction: &DatabaseTransaction, rows: &[M]) -> Result<()>
where
    M: Clone + IntoActiveModel<A>,
    A: ActiveModelTrait + ActiveModelBehavior + Send,
{
    for portion in rows.chunks(portion::<A>(transaction)) {
        let rows = portion.iter().cloned().map(IntoActiveModel::into_active_model);
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
    for portion in rows.chunks(portion::<A>(transaction)) {
        let rows = portion.iter().cloned().map(IntoActiveModel::into_active_model);
        A::Entity::insert_many(rows)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(())
}

fn portion<A: ActiveModelTrait>(transaction: &DatabaseTransaction) -> usize {
    let values = match transaction.get_database_backend() {
        DbBackend::Postgres => VALUES_ON_POSTGRES,
        _ => VALUES_ON_SQLITE,
    };
    values / <A::Entity as EntityTrait>::Column::iter().count().max(1)
}
