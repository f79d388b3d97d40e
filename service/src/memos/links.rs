//! Links people, tags and files to a memo, and reads these links, within a transaction.

use super::is_live;
use crate::{Result, Services, Viewer};
use entity::{memo_file, memo_subscriber, memo_tag};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};
use std::collections::HashSet;
use uuid::Uuid;

/// The ids in their order, without duplicates and without those left out.
pub(super) fn distinct(ids: &[Uuid], without: &[Uuid]) -> Vec<Uuid> {
    let mut seen: HashSet<Uuid> = without.iter().copied().collect();
    ids.iter().copied().filter(|id| seen.insert(*id)).collect()
}

/// The memo's subscribers.
pub(crate) async fn subscriber_ids(
    transaction: &DatabaseTransaction,
    memo_id: Uuid,
) -> Result<Vec<Uuid>> {
    use memo_subscriber::{Column, Entity};
    let query = Entity::find()
        .select_only()
        .column(Column::UserId)
        .filter(Column::MemoId.eq(memo_id))
        .filter(is_live(Column::MemoId));
    Ok(query.into_tuple().all(transaction).await?)
}

/// The memo's tags.
pub(super) async fn tag_ids(transaction: &DatabaseTransaction, memo_id: Uuid) -> Result<Vec<Uuid>> {
    use memo_tag::{Column, Entity};
    let query = Entity::find()
        .select_only()
        .column(Column::TagId)
        .filter(Column::MemoId.eq(memo_id))
        .filter(is_live(Column::MemoId));
    Ok(query.into_tuple().all(transaction).await?)
}

/// The memo's files.
pub(crate) async fn file_ids(
    transaction: &DatabaseTransaction,
    memo_id: Uuid,
) -> Result<Vec<Uuid>> {
    use memo_file::{Column, Entity};
    let query = Entity::find()
        .select_only()
        .column(Column::FileId)
        .filter(Column::MemoId.eq(memo_id))
        .filter(is_live(Column::MemoId));
    Ok(query.into_tuple().all(transaction).await?)
}

/// Adds the people as subscribers of the memo. They do not subscribe yet.
pub(super) async fn insert_subscribers(
    services: &Services,
    transaction: &DatabaseTransaction,
    memo_id: Uuid,
    people: &[Uuid],
) -> Result<()> {
    let created_at = services.now();
    let row = |user_id: &Uuid| memo_subscriber::Model { memo_id, user_id: *user_id, created_at };
    insert::<memo_subscriber::Entity, _>(transaction, people.iter().map(row)).await
}

/// Adds the tags to the memo. It does not have them yet.
pub(super) async fn insert_tags(
    transaction: &DatabaseTransaction,
    memo_id: Uuid,
    tags: &[Uuid],
) -> Result<()> {
    let row = |tag_id: &Uuid| memo_tag::Model { memo_id, tag_id: *tag_id };
    insert::<memo_tag::Entity, _>(transaction, tags.iter().map(row)).await
}

/// Attaches the files to the memo on behalf of the viewer. It does not have them yet.
pub(crate) async fn insert_files(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo_id: Uuid,
    files: &[Uuid],
) -> Result<()> {
    let (created_at, attached_by) = (services.now(), Some(viewer.id));
    let row =
        |file_id: &Uuid| memo_file::Model { memo_id, file_id: *file_id, created_at, attached_by };
    insert::<memo_file::Entity, _>(transaction, files.iter().map(row)).await
}

async fn insert<E, M>(
    transaction: &DatabaseTransaction,
    rows: impl Iterator<Item = M>,
) -> Result<()>
where
    E: EntityTrait<Model = M>,
    M: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: Send,
{
    let rows: Vec<E::ActiveModel> = rows.map(IntoActiveModel::into_active_model).collect();
    if !rows.is_empty() {
        E::insert_many(rows).exec_without_returning(transaction).await?;
    }
    Ok(())
}
