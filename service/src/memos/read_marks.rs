//! Unread marks: a mark means that a person has not read a memo, or something new in it.

use super::{is_live, links::distinct};
use crate::{
    Result, Services, Viewer,
    access::{visible_memo_ids, visible_memos},
    database::{in_transaction, lock::LockRows, sql::is_one_of},
};
use entity::{memo, unread_mark};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, sea_query::OnConflict,
};
use std::collections::HashMap;
use uuid::Uuid;

/// The maximum number of memos in one request to mark.
pub const MAX_MARKED: usize = 100;

/// Which of the memos the viewer has not read.
///
/// # Errors
/// Returns errors of the database.
pub async fn unread(services: &Services, viewer: Viewer, memo_ids: &[Uuid]) -> Result<Vec<Uuid>> {
    Ok(unread_mark::Entity::find()
        .select_only()
        .column(unread_mark::Column::MemoId)
        .filter(is_one_of(services.database.backend(), unread_mark::Column::MemoId, memo_ids))
        .filter(unread_mark::Column::UserId.eq(viewer.id))
        .filter(is_live(unread_mark::Column::MemoId))
        .into_tuple()
        .all(services.database.connection())
        .await?)
}

/// How many of the memos that the viewer sees are unread.
///
/// # Errors
/// Returns errors of the database.
pub async fn count_unread(services: &Services, viewer: Viewer) -> Result<u64> {
    Ok(unread_mark::Entity::find()
        .filter(unread_mark::Column::UserId.eq(viewer.id))
        .filter(unread_mark::Column::MemoId.in_subquery(visible_memo_ids(viewer)))
        .count(services.database.connection())
        .await?)
}

/// Marks the memos as read or unread by the viewer. Returns those that the viewer sees, in their
/// order without duplicates. Marking again changes nothing.
///
/// # Errors
/// Returns errors of the database. Nothing is changed then.
pub async fn mark(
    services: &Services,
    viewer: Viewer,
    memo_ids: &[Uuid],
    unread: bool,
) -> Result<Vec<memo::Model>> {
    let memo_ids = distinct(memo_ids, &[]);
    let memos = in_transaction(&services.database, async |transaction| -> Result<_> {
        // Rows are locked in the order of their ids. So two people who mark the same memos cause no
        // deadlock.
        let memos = memo::Entity::find()
            .filter(is_one_of(services.database.backend(), memo::Column::Id, &memo_ids))
            .filter(visible_memos(viewer))
            .order_by_asc(memo::Column::Id)
            .lock_rows()
            .all(transaction)
            .await?;
        let seen: Vec<Uuid> = memos.iter().map(|memo| memo.id).collect();
        if unread {
            insert_marks(services, transaction, seen.iter().map(|memo| (*memo, viewer.id))).await?;
        } else {
            unread_mark::Entity::delete_many()
                .filter(is_one_of(services.database.backend(), unread_mark::Column::MemoId, &seen))
                .filter(unread_mark::Column::UserId.eq(viewer.id))
                .exec(transaction)
                .await?;
        }
        Ok(memos)
    })
    .await?;
    let mut memos: HashMap<Uuid, memo::Model> =
        memos.into_iter().map(|memo| (memo.id, memo)).collect();
    Ok(memo_ids.iter().filter_map(|id| memos.remove(id)).collect())
}

/// Marks the memo as unread by these people. Existing marks are kept.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn mark_unread(
    services: &Services,
    transaction: &DatabaseTransaction,
    memo_id: Uuid,
    people: impl IntoIterator<Item = Uuid>,
) -> Result<()> {
    let people: Vec<Uuid> = people.into_iter().collect();
    insert_marks(
        services,
        transaction,
        distinct(&people, &[]).into_iter().map(|person| (memo_id, person)),
    )
    .await
}

async fn insert_marks(
    services: &Services,
    transaction: &DatabaseTransaction,
    marks: impl Iterator<Item = (Uuid, Uuid)>,
) -> Result<()> {
    use unread_mark::Column;
    let created_at = services.now();
    let rows: Vec<unread_mark::ActiveModel> = marks
        .map(|(memo_id, user_id)| {
            unread_mark::Model { memo_id, user_id, created_at }.into_active_model()
        })
        .collect();
    if !rows.is_empty() {
        unread_mark::Entity::insert_many(rows)
            .on_conflict(
                OnConflict::columns([Column::MemoId, Column::UserId]).do_nothing().to_owned(),
            )
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(())
}

/// Removes the people's marks from the memo.
pub(super) async fn remove_marks(
    transaction: &DatabaseTransaction,
    memo_id: Uuid,
    people: &[Uuid],
) -> Result<()> {
    use sea_orm::ConnectionTrait;
    unread_mark::Entity::delete_many()
        .filter(unread_mark::Column::MemoId.eq(memo_id))
        .filter(is_one_of(transaction.get_database_backend(), unread_mark::Column::UserId, people))
        .exec(transaction)
        .await?;
    Ok(())
}
