//! Adds tags to a memo and removes them.

use super::{
    errors::{AddTagsError, RemoveTagsError},
    links::{distinct, insert_tags, tag_ids},
    policy,
    references::missing,
    write::lock,
};
use crate::{
    Services, Viewer,
    database::{in_transaction, sql::is_one_of},
    events, ids,
};
use entity::{MemoEventKind, memo, memo_tag, tag};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

/// Adds the tags to the memo. Tags that it already has are ignored.
///
/// # Errors
/// Returns the reason why nothing was changed.
pub async fn add_tags(
    services: &Services,
    viewer: Viewer,
    memo_id: Uuid,
    tags: &[Uuid],
) -> Result<memo::Model, AddTagsError> {
    in_transaction(&services.database, async |transaction| -> Result<_, AddTagsError> {
        let locked = lock(transaction, viewer, memo_id).await?.ok_or(AddTagsError::NotFound)?;
        locked.may(policy::take_part)?;
        let unknown = missing::<tag::Entity>(transaction, tags).await?;
        if !unknown.is_empty() {
            return Err(AddTagsError::NoSuchTags(unknown));
        }
        let new = distinct(tags, &tag_ids(transaction, memo_id).await?);
        insert_tags(transaction, memo_id, &new).await?;
        if !new.is_empty() {
            events::record(services, transaction, viewer.id, memo_id, MemoEventKind::Updated)
                .await?;
            tracing::info!(
                memo_id = %ids::memo(memo_id),
                person = %ids::user(viewer.id),
                tags = new.len(),
                "tags added to memo"
            );
        }
        Ok(locked.memo)
    })
    .await
}

/// Removes the tags from the memo. Tags that it does not have are ignored.
///
/// # Errors
/// Returns the reason why nothing was changed.
pub async fn remove_tags(
    services: &Services,
    viewer: Viewer,
    memo_id: Uuid,
    tags: &[Uuid],
) -> Result<memo::Model, RemoveTagsError> {
    in_transaction(&services.database, async |transaction| -> Result<_, RemoveTagsError> {
        let locked = lock(transaction, viewer, memo_id).await?.ok_or(RemoveTagsError::NotFound)?;
        locked.may(policy::take_part)?;
        let removed = memo_tag::Entity::delete_many()
            .filter(memo_tag::Column::MemoId.eq(memo_id))
            .filter(is_one_of(services.database.backend(), memo_tag::Column::TagId, tags))
            .exec(transaction)
            .await?
            .rows_affected;
        if removed > 0 {
            events::record(services, transaction, viewer.id, memo_id, MemoEventKind::Updated)
                .await?;
            tracing::info!(
                memo_id = %ids::memo(memo_id),
                person = %ids::user(viewer.id),
                tags = removed,
                "tags removed from memo"
            );
        }
        Ok(locked.memo)
    })
    .await
}
