//! Sending a draft.

use super::{
    errors::SendMemoError,
    links::{distinct, subscriber_ids},
    policy::{self, SendDenial},
    problems::PersonProblem,
    read_marks::mark_unread,
    references::people,
    write::{lock, save},
};
use crate::{
    Error, Result, Services, Viewer,
    database::in_transaction,
    events, ids,
    notifications::{NotificationDraft, Subject, notify},
};
use entity::{MemoEventKind, MemoStage, NotificationKind, memo};
use sea_orm::{DatabaseTransaction, IntoActiveModel, Set};
use uuid::Uuid;

/// A sent memo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentMemo {
    /// Its row.
    pub memo: memo::Model,
    /// Whether it had been sent before. Nothing was changed now.
    pub replayed: bool,
}

/// Sends a draft to its recipient and its subscribers. Sending it again changes nothing and
/// notifies nobody. So a client without an answer can repeat the request with the same version.
///
/// # Errors
/// Returns the reason why it was not sent.
pub async fn send(
    services: &Services,
    viewer: Viewer,
    memo_id: Uuid,
    expected_version: Option<i64>,
) -> Result<SentMemo, SendMemoError> {
    in_transaction(&services.database, async |transaction| -> Result<_, SendMemoError> {
        send_in(services, transaction, viewer, memo_id, expected_version).await
    })
    .await
}

async fn send_in(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo_id: Uuid,
    expected_version: Option<i64>,
) -> Result<SentMemo, SendMemoError> {
    let locked = lock(transaction, viewer, memo_id).await?.ok_or(SendMemoError::NotFound)?;
    match locked.may(policy::send) {
        Ok(()) => {}
        Err(SendDenial::NotTheAuthor) => return Err(SendMemoError::NotTheAuthor),
        Err(SendDenial::AlreadySent) => return Ok(SentMemo { memo: locked.memo, replayed: true }),
    }
    let memo = locked.memo;
    if expected_version.is_some_and(|expected| expected != memo.version) {
        return Err(SendMemoError::VersionConflict(Box::new(memo)));
    }
    match people(transaction, &[memo.recipient_id]).await?.first() {
        None => {}
        Some((_, PersonProblem::Inactive)) => return Err(SendMemoError::InactiveRecipient),
        Some((_, PersonProblem::NotFound)) => {
            return Err(Error::Conflict("a memo's recipient was deleted".to_owned()).into());
        }
    }
    let mut row = memo.into_active_model();
    row.draft = Set(false);
    row.stage = Set(MemoStage::Pending);
    row.sent_at = Set(Some(services.now()));
    let memo = save(services, transaction, row).await?;
    let subscribers = subscriber_ids(transaction, memo_id).await?;
    deliver(services, transaction, viewer, &memo, &subscribers).await?;
    tracing::info!(memo_id = %ids::memo(memo_id), person = %ids::user(viewer.id), "memo sent");
    Ok(SentMemo { memo, replayed: false })
}

/// What sending does for the other people: marks the memo as unread and notifies them.
pub(super) async fn deliver(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo: &memo::Model,
    subscribers: &[Uuid],
) -> Result<()> {
    let recipient = distinct(&[memo.recipient_id], &[memo.author_id]);
    let subscribers = distinct(subscribers, &[memo.author_id, memo.recipient_id]);
    let readers = recipient.iter().chain(&subscribers).copied();
    mark_unread(services, transaction, memo.id, readers).await?;
    events::record(services, transaction, viewer.id, memo.id, MemoEventKind::Sent).await?;
    let draft = NotificationDraft {
        kind: NotificationKind::MemoSent,
        actor: viewer.id,
        about: Subject::Memo(memo.id),
        name: &memo.name,
    };
    notify(services, transaction, recipient, &draft).await?;
    share(services, transaction, viewer, memo, subscribers).await
}

/// Notifies the people that they are now subscribers of the memo.
pub(super) async fn share(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo: &memo::Model,
    subscribers: Vec<Uuid>,
) -> Result<()> {
    let draft = NotificationDraft {
        kind: NotificationKind::MemoShared,
        actor: viewer.id,
        about: Subject::Memo(memo.id),
        name: &memo.name,
    };
    notify(services, transaction, subscribers, &draft).await
}
