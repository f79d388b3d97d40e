//! Whether what a memo is to point to exists, read in the transaction that makes it point there. A key guards what happens in between:
//! the transaction is then tried again, and finds it gone.

use super::{
    fields::MemoField,
    flaws::{Flaw, Place, Problem},
};
use crate::{Result, database::sql::is_one_of};
use entity::{deal, file, resolution, tag, user};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, EntityTrait, PrimaryKeyToColumn, QueryFilter, QuerySelect,
};
use std::collections::HashMap;
use uuid::Uuid;

/// What a memo is to point to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct References<'a> {
    pub(super) recipient: Option<Uuid>,
    pub(super) subscribers: &'a [Uuid],
    pub(super) tags: &'a [Uuid],
    pub(super) deal: Option<Uuid>,
    pub(super) resolution: Option<Uuid>,
    pub(super) files: &'a [Uuid],
}

/// What is wrong with the references; empty if all is well.
pub(super) async fn flaws(
    transaction: &DatabaseTransaction,
    references: References<'_>,
) -> Result<Vec<Flaw>> {
    let mut flaws = Vec::new();
    let people: Vec<Uuid> = references.recipient.iter().chain(references.subscribers).copied().collect();
    let active = activity(transaction, &people).await?;
    let mut judge = |place: Place, person: Uuid| match active.get(&person) {
        None => flaws.push(place.has(Problem::NotFound)),
        Some(false) => flaws.push(place.has(Problem::Inactive)),
        Some(true) => {}
    };
    if let Some(recipient) = references.recipient {
        judge(Place::Field(MemoField::Recipient), recipient);
    }
    for (n, person) in references.subscribers.iter().enumerate() {
        judge(Place::Subscriber(n), *person);
    }
    let deals: Vec<Uuid> = references.deal.into_iter().collect();
    let resolutions: Vec<Uuid> = references.resolution.into_iter().collect();
    let known = known::<tag::Entity>(transaction, references.tags).await?;
    flaws.extend(missing(references.tags, &known, Place::Tag));
    let known = self::known::<deal::Entity>(transaction, &deals).await?;
    flaws.extend(missing(&deals, &known, |_| Place::Field(MemoField::Deal)));
    let known = self::known::<resolution::Entity>(transaction, &resolutions).await?;
    flaws.extend(missing(&resolutions, &known, |_| Place::Field(MemoField::Resolution)));
    let known = self::known::<file::Entity>(transaction, references.files).await?;
    flaws.extend(missing(references.files, &known, Place::File));
    Ok(flaws)
}

/// A flaw for each of the ids that is not among the known ones.
pub(super) fn missing(ids: &[Uuid], known: &[Uuid], place: impl Fn(usize) -> Place) -> Vec<Flaw> {
    ids.iter()
        .enumerate()
        .filter(|(_, id)| !known.contains(id))
        .map(|(n, _)| place(n).has(Problem::NotFound))
        .collect()
}

/// The people who exist, and whether each of them works here.
async fn activity(transaction: &DatabaseTransaction, people: &[Uuid]) -> Result<HashMap<Uuid, bool>> {
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

/// Those of the ids that a row has.
async fn known<E>(transaction: &DatabaseTransaction, ids: &[Uuid]) -> Result<Vec<Uuid>>
where
    E: EntityTrait,
    E::PrimaryKey: PrimaryKeyToColumn<Column = E::Column>,
{
    use sea_orm::Iterable;
    let id = E::PrimaryKey::iter().next().map(PrimaryKeyToColumn::into_column);
    let Some(id) = id.filter(|_| !ids.is_empty()) else { return Ok(Vec::new()) };
    Ok(E::find()
        .select_only()
        .column(id)
        .filter(is_one_of(transaction.get_database_backend(), id, ids))
        .into_tuple()
        .all(transaction)
        .await?)
}
