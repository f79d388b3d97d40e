//! People under lock: facts about them hold until the transaction ends.

use super::{active_admins, policy::AccountState};
use crate::{Result, database::lock::lock_table};
use entity::user;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
};
use uuid::Uuid;

/// Locks all people and returns this one. `None` if there is no person with this id.
pub(crate) async fn lock(
    transaction: &DatabaseTransaction,
    id: Uuid,
) -> Result<Option<user::Model>> {
    lock_table::<user::Entity>(transaction).await?;
    Ok(user::Entity::find_by_id(id).one(transaction).await?)
}

/// The person, as the rules see them. A change needs a locked person.
pub(crate) async fn state<C: ConnectionTrait>(
    connection: &C,
    person: &user::Model,
) -> Result<AccountState> {
    let others = active_admins().filter(user::Column::Id.ne(person.id));
    let other_active_admins = others.count(connection).await?;
    Ok(AccountState {
        id: person.id,
        role: person.role,
        active: person.active,
        other_active_admins,
    })
}
