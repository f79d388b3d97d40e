//! People under lock: what the rules are asked about them is true until the transaction ends.

use super::{
    active_admins,
    policy::{self, Denial, Standing},
};
use crate::{Result, Viewer, database::sql::lock_table};
use entity::user;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

/// The person, while nobody else changes any; `None` if there is none with that id.
pub(super) async fn lock(transaction: &DatabaseTransaction, id: Uuid) -> Result<Option<user::Model>> {
    lock_table::<user::Entity>(transaction).await?;
    Ok(user::Entity::find_by_id(id).one(transaction).await?)
}

/// What the rules have against the viewer deactivating, demoting or deleting the locked person.
pub(super) async fn denial(
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    person: &user::Model,
) -> Result<Option<Denial>> {
    let others = active_admins().filter(user::Column::Id.ne(person.id));
    let other_active_admins = others.count(transaction).await?;
    let standing = Standing { id: person.id, role: person.role, active: person.active, other_active_admins };
    Ok(policy::denial(viewer.id, standing))
}
