//! Copying a memo into a new draft.

use super::{
    create::blank,
    errors::CopyMemoError,
    links::{
        distinct, file_ids, insert_files, insert_subscribers, insert_tags, subscriber_ids, tag_ids,
    },
    write::{insert, lock},
};
use crate::{Services, Viewer, database::in_transaction, events, files, ids};
use entity::{MemoEventKind, memo};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

/// Copies a memo that the viewer sees into a draft of their own. The draft gets name, description,
/// deal, tags and files. If the viewer wrote the memo, the draft also gets its recipient and
/// subscribers. Otherwise the viewer is its recipient. The rest is not copied: conclusion, review
/// date, stage, task, project, resolution, comments and reminders.
///
/// # Errors
/// Returns the reason why nothing was written.
pub async fn copy(
    services: &Services,
    viewer: Viewer,
    memo_id: Uuid,
) -> Result<memo::Model, CopyMemoError> {
    in_transaction(&services.database, async |transaction| -> Result<_, CopyMemoError> {
        copy_in(services, transaction, viewer, memo_id).await
    })
    .await
}

async fn copy_in(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo_id: Uuid,
) -> Result<memo::Model, CopyMemoError> {
    let source = lock(transaction, viewer, memo_id).await?.ok_or(CopyMemoError::NotFound)?.memo;
    let own = source.author_id == viewer.id;
    let copy = memo::Model {
        name: source.name,
        description: source.description,
        recipient_id: if own { source.recipient_id } else { viewer.id },
        deal_id: source.deal_id,
        ..blank(services, viewer)
    };
    let copy = insert(transaction, copy).await?;
    if own {
        let subscribers = subscriber_ids(transaction, memo_id).await?;
        let subscribers = distinct(&subscribers, &[copy.author_id, copy.recipient_id]);
        insert_subscribers(services, transaction, copy.id, &subscribers).await?;
    }
    insert_tags(transaction, copy.id, &tag_ids(transaction, memo_id).await?).await?;
    let files =
        files::copy(services, transaction, viewer, &file_ids(transaction, memo_id).await?).await?;
    insert_files(services, transaction, copy.id, &files).await?;
    events::record(services, transaction, viewer.id, copy.id, MemoEventKind::Updated).await?;
    tracing::info!(
        memo_id = %ids::memo(memo_id),
        copy = %ids::memo(copy.id),
        person = %ids::user(viewer.id),
        "memo copied"
    );
    Ok(copy)
}
