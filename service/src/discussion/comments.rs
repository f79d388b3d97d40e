//! The discussion of a memo.

use super::errors::{AddCommentError, ReviseCommentError};
use crate::{
    Result, Services, Viewer,
    access::visible_memo_ids,
    database::{in_transaction, sql::is_one_of},
    events,
    idempotency::{CreateError, Created, IdempotencyKey, create_once},
    ids,
    memos::{
        self, is_live,
        links::subscriber_ids,
        policy,
        read_marks::mark_unread,
        write::{LockedMemo, lock},
    },
    page::{Page, PageRequest},
};
use entity::{MemoEventKind, comment, memo};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    Set,
};
use uuid::Uuid;

/// Comments of a memo that the viewer sees, the oldest first.
///
/// # Errors
/// Returns errors of the database.
pub async fn comments(
    services: &Services,
    memo_id: Uuid,
    page: &PageRequest<Uuid>,
) -> Result<Page<comment::Model>> {
    let query = comment::Entity::find()
        .filter(comment::Column::MemoId.eq(memo_id))
        .filter(is_live(comment::Column::MemoId));
    let rows =
        page.oldest_first(query, comment::Column::Id).all(services.database.connection()).await?;
    Ok(Page::of(page, rows))
}

/// Those of the comments with these ids whose memo the viewer sees.
///
/// # Errors
/// Returns errors of the database.
pub async fn comments_by_ids(
    services: &Services,
    viewer: Viewer,
    ids: &[Uuid],
) -> Result<Vec<comment::Model>> {
    Ok(comment::Entity::find()
        .filter(is_one_of(services.database.backend(), comment::Column::Id, ids))
        .filter(comment::Column::MemoId.in_subquery(visible_memo_ids(viewer)))
        .all(services.database.connection())
        .await?)
}

/// Adds a comment to the memo's discussion, once for each key. The memo becomes unread for the
/// other people.
///
/// # Errors
/// Returns the reason why no comment was added. Nothing is changed then.
pub async fn add_comment(
    services: &Services,
    viewer: Viewer,
    key: Option<&IdempotencyKey>,
    memo_id: Uuid,
    body: &str,
) -> Result<Created<(comment::Model, memo::Model)>, CreateError<AddCommentError>> {
    create_once(
        services,
        key,
        async |transaction, id| add_in(services, transaction, viewer, memo_id, (id, body)).await,
        async |id| {
            let Some(comment) = comments_by_ids(services, viewer, &[id]).await?.pop() else {
                return Ok(None);
            };
            let memo = memos::by_ids(services, viewer, &[comment.memo_id]).await?.pop();
            Ok(memo.map(|memo| (comment, memo)))
        },
    )
    .await
}

async fn add_in(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo_id: Uuid,
    (id, body): (Uuid, &str),
) -> Result<(comment::Model, memo::Model), AddCommentError> {
    let locked = lock(transaction, viewer, memo_id).await?.ok_or(AddCommentError::NotFound)?;
    locked.may(policy::comment)?;
    let comment = comment::Model {
        id,
        memo_id,
        author_id: viewer.id,
        body: body.to_owned(),
        created_at: services.now(),
        edited_at: None,
    };
    comment::Entity::insert(comment.clone().into_active_model())
        .exec_without_returning(transaction)
        .await?;
    let others =
        people(transaction, &locked.memo).await?.into_iter().filter(|one| *one != viewer.id);
    mark_unread(services, transaction, memo_id, others).await?;
    events::record(services, transaction, viewer.id, memo_id, MemoEventKind::Commented).await?;
    tracing::info!(
        memo_id = %ids::memo(memo_id),
        comment_id = %ids::comment(comment.id),
        person = %ids::user(viewer.id),
        "comment added"
    );
    Ok((comment, as_it_is(transaction, memo_id).await?))
}

/// Changes a comment of the viewer. The same text again changes nothing.
///
/// # Errors
/// Returns the reason why it is not changed.
pub async fn update_comment(
    services: &Services,
    viewer: Viewer,
    comment_id: Uuid,
    body: &str,
) -> Result<(comment::Model, memo::Model), ReviseCommentError> {
    in_transaction(&services.database, async |transaction| -> Result<_, ReviseCommentError> {
        let (comment, locked) = lock_own(transaction, viewer, comment_id).await?;
        if comment.body == body {
            return Ok((comment, locked.memo));
        }
        let memo_id = comment.memo_id;
        let mut row = comment.into_active_model();
        row.body = Set(body.to_owned());
        row.edited_at = Set(Some(services.now()));
        let comment = row.update(transaction).await?;
        events::record(services, transaction, viewer.id, memo_id, MemoEventKind::Commented).await?;
        tracing::info!(
            memo_id = %ids::memo(memo_id),
            comment_id = %ids::comment(comment_id),
            person = %ids::user(viewer.id),
            "comment changed"
        );
        Ok((comment, as_it_is(transaction, memo_id).await?))
    })
    .await
}

/// Deletes a comment of the viewer. Returns the memo.
///
/// # Errors
/// Returns the reason why it is not deleted.
pub async fn delete_comment(
    services: &Services,
    viewer: Viewer,
    comment_id: Uuid,
) -> Result<memo::Model, ReviseCommentError> {
    in_transaction(&services.database, async |transaction| -> Result<_, ReviseCommentError> {
        let (comment, _) = lock_own(transaction, viewer, comment_id).await?;
        let memo_id = comment.memo_id;
        comment::Entity::delete_by_id(comment_id).exec(transaction).await?;
        events::record(services, transaction, viewer.id, memo_id, MemoEventKind::Commented).await?;
        tracing::info!(
            memo_id = %ids::memo(memo_id),
            comment_id = %ids::comment(comment_id),
            person = %ids::user(viewer.id),
            "comment deleted"
        );
        Ok(as_it_is(transaction, memo_id).await?)
    })
    .await
}

/// The comment and its locked memo, if the viewer may change or delete that comment.
async fn lock_own(
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    comment_id: Uuid,
) -> Result<(comment::Model, LockedMemo), ReviseCommentError> {
    let find = async || {
        let comment =
            comment::Entity::find_by_id(comment_id).filter(is_live(comment::Column::MemoId));
        comment.one(transaction).await?.ok_or(ReviseCommentError::NotFound)
    };
    let memo_id = find().await?.memo_id;
    let locked = lock(transaction, viewer, memo_id).await?.ok_or(ReviseCommentError::NotFound)?;
    // Another request may have changed or deleted it during the wait for the lock.
    let comment = find().await?;
    locked.may(policy::revise_comment)?;
    if comment.author_id == viewer.id {
        Ok((comment, locked))
    } else {
        Err(ReviseCommentError::NotYours)
    }
}

/// The people who take part in the discussion.
async fn people(transaction: &DatabaseTransaction, memo: &memo::Model) -> Result<Vec<Uuid>> {
    let mut people = subscriber_ids(transaction, memo.id).await?;
    people.extend([memo.author_id, memo.recipient_id]);
    Ok(people)
}

/// The memo after the writes, with its current number of comments.
async fn as_it_is(transaction: &DatabaseTransaction, memo_id: Uuid) -> Result<memo::Model> {
    let gone = || {
        crate::Error::Inconsistent(format!(
            "memo {} is gone while it is locked",
            ids::memo(memo_id)
        ))
    };
    memo::Entity::find_by_id(memo_id).one(transaction).await?.ok_or_else(gone)
}
