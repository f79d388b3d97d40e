//! Checks whether what a memo refers to exists. The check runs in the transaction that writes the
//! reference. A foreign key catches a deletion in between. The transaction is then retried, and the
//! check fails.

use super::problems::PersonProblem;
use crate::{Result, database::sql::is_one_of};
use entity::user;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, EntityTrait, Iterable, PrimaryKeyToColumn, QueryFilter,
    QuerySelect,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Which people a memo cannot refer to, by their indexes in the list, and why.
pub(super) async fn people(
    transaction: &DatabaseTransaction,
    people: &[Uuid],
) -> Result<Vec<(usize, PersonProblem)>> {
    let active = activity(transaction, people).await?;
    let problem = |person| match active.get(person) {
        None => Some(PersonProblem::NotFound),
        Some(false) => Some(PersonProblem::Inactive),
        Some(true) => None,
    };
    Ok(people.iter().enumerate().filter_map(|(n, person)| Some((n, problem(person)?))).collect())
}

/// Which ids have no row, by their indexes in the list.
pub(super) async fn missing<E>(
    transaction: &DatabaseTransaction,
    ids: &[Uuid],
) -> Result<Vec<usize>>
where
    E: EntityTrait,
    E::PrimaryKey: PrimaryKeyToColumn<Column = E::Column>,
{
    let id = E::PrimaryKey::iter().next().map(PrimaryKeyToColumn::into_column);
    let Some(id) = id.filter(|_| !ids.is_empty()) else { return Ok(Vec::new()) };
    let known: Vec<Uuid> = E::find()
        .select_only()
        .column(id)
        .filter(is_one_of(transaction.get_database_backend(), id, ids))
        .into_tuple()
        .all(transaction)
        .await?;
    Ok(not_among(&known, ids))
}

/// Which ids are not among the known ones, by their indexes in the list.
pub(super) fn not_among(known: &[Uuid], ids: &[Uuid]) -> Vec<usize> {
    ids.iter().enumerate().filter(|(_, id)| !known.contains(id)).map(|(n, _)| n).collect()
}

/// The existing people, and whether each of them is active.
async fn activity(
    transaction: &DatabaseTransaction,
    people: &[Uuid],
) -> Result<HashMap<Uuid, bool>> {
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, bool)> = user::Entity::find()
        .select_only()
        .columns([user::Column::Id, user::Column::Active])
        .filter(is_one_of(transaction.get_database_backend(), user::Column::Id, people))
        .into_tuple()
        .all(transaction)
        .await?;
    Ok(rows.into_iter().collect())
}
