//! Putting tags on a memo, and taking them off.

use super::{
    flaws::WriteRefusal,
    links::{distinct, insert_tags, tag_ids},
    policy::Action,
    references::{self, References},
    write::lock,
};
use crate::{
    Result, Services, Viewer,
    database::{in_transaction, sql::is_one_of},
    events, ids,
};
use entity::{MemoEventKind, memo, memo_tag};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use uuid::Uuid;

/// Puts the tags on the memo; those that it has stay.
///
/// # Errors
/// What the database answers; nothing is changed then.
pub async fn add_tags(
    services: &Services,
    viewer: Viewer,
    memo_id: Uuid,
    tags: &[Uuid],
) -> Result<Result<memo::Model, WriteRefusal>> {
    in_transaction!(services.database, |transaction| {
        let memo = match lock_for_tagging(transaction, viewer, memo_id).await? {
            Ok(memo) => memo,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let flaws = references::flaws(transaction, References { tags, ..References::default() }).await?;
        if !flaws.is_empty() {
            return Ok(Err(WriteRefusal::Flawed(flaws)));
        }
        let new = distinct(tags, &tag_ids(transaction, memo_id).await?);
        insert_tags(transaction, memo_id, &new).await?;
        if !new.is_empty() {
            events::record(services, transaction, viewer.id, memo_id, MemoEventKind::Updated).await?;
            tracing::info!(memo_id = %ids::memo(memo_id), person = %ids::user(viewer.id), tags = new.len(), "tags put on memo");
        }
        Ok(Ok(memo))
    })
}

/// Takes the tags off the memo; those that it does not have stay away.
///
/// # Errors
/// What the database answers; nothing is changed then.
pub async fn remove_tags(
    services: &Services,
    viewer: Viewer,
    memo_id: Uuid,
    tags: &[Uuid],
) -> Result<Result<memo::Model, WriteRefusal>> {
    in_transaction!(services.database, |transaction| {
        let memo = match lock_for_tagging(transaction, viewer, memo_id).await? {
            Ok(memo) => memo,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let removed = memo_tag::Entity::delete_many()
            .filter(memo_tag::Column::MemoId.eq(memo_id))
            .filter(is_one_of(services.database.backend(), memo_tag::Column::TagId, tags))
            .exec(transaction)
            .await?
            .rows_affected;
        if removed > 0 {
            events::record(services, transaction, viewer.id, memo_id, MemoEventKind::Updated).await?;
            tracing::info!(memo_id = %ids::memo(memo_id), person = %ids::user(viewer.id), tags = removed, "tags taken off memo");
        }
        Ok(Ok(memo))
    })
}

async fn lock_for_tagging(
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo_id: Uuid,
) -> Result<Result<memo::Model, WriteRefusal>> {
    let Some(locked) = lock(transaction, viewer, memo_id).await? else {
        return Ok(Err(WriteRefusal::NotFound));
    };
    Ok(match locked.denial(Action::Tag) {
        None => Ok(locked.memo),
        Some(denial) => Err(denial.into()),
    })
}
