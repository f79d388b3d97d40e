//! The recipient acts on a memo: reviews or postpones it. Each act locks the memo's row like a
//! deletion, so that act and deletion never overlap.

use super::{
    errors::{PostponeMemoError, ReviewMemoError},
    links::subscriber_ids,
    policy,
    write::{lock, save},
};
use crate::{
    Result, Services, Viewer,
    database::in_transaction,
    events, ids,
    notifications::{NotificationDraft, Subject, notify},
};
use chrono::NaiveDate;
use entity::{MemoEventKind, MemoStage, NotificationKind, memo};
use sea_orm::{DatabaseTransaction, IntoActiveModel, Set};
use uuid::Uuid;

/// Marks a memo as reviewed, with a conclusion. `None` keeps the existing conclusion. Repeating
/// this changes nothing. [`crate::text`] has checked the conclusion already.
///
/// # Errors
/// Returns the reason why it is not changed.
pub async fn review(
    services: &Services,
    viewer: Viewer,
    memo_id: Uuid,
    conclusion: Option<String>,
) -> Result<memo::Model, ReviewMemoError> {
    in_transaction(&services.database, async |transaction| -> Result<_, ReviewMemoError> {
        let locked = lock(transaction, viewer, memo_id).await?.ok_or(ReviewMemoError::NotFound)?;
        locked.may(policy::act)?;
        let concludes = conclusion.is_some() && conclusion != locked.memo.conclusion;
        if concludes && locked.may(policy::conclude).is_err() {
            return Err(ReviewMemoError::OnHold);
        }
        let new = Stage {
            stage: MemoStage::Reviewed,
            review_date: locked.memo.review_date,
            conclusion: conclusion.clone().or_else(|| locked.memo.conclusion.clone()),
        };
        Ok(change(services, transaction, viewer, locked.memo, new).await?)
    })
    .await
}

/// Postpones a memo to a day. Repeating this with the same day changes nothing.
///
/// # Errors
/// Returns the reason why it is not changed.
pub async fn postpone(
    services: &Services,
    viewer: Viewer,
    memo_id: Uuid,
    until: NaiveDate,
) -> Result<memo::Model, PostponeMemoError> {
    in_transaction(&services.database, async |transaction| -> Result<_, PostponeMemoError> {
        let locked =
            lock(transaction, viewer, memo_id).await?.ok_or(PostponeMemoError::NotFound)?;
        locked.may(policy::act)?;
        if until < services.now().date_naive() {
            return Err(PostponeMemoError::PastDate);
        }
        let conclusion = locked.memo.conclusion.clone();
        let new = Stage { stage: MemoStage::Postponed, review_date: Some(until), conclusion };
        Ok(change(services, transaction, viewer, locked.memo, new).await?)
    })
    .await
}

/// How the recipient's act changes a memo.
struct Stage {
    stage: MemoStage,
    review_date: Option<NaiveDate>,
    conclusion: Option<String>,
}

async fn change(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo: memo::Model,
    Stage { stage, review_date, conclusion }: Stage,
) -> Result<memo::Model> {
    if (memo.stage, memo.review_date, &memo.conclusion) == (stage, review_date, &conclusion) {
        return Ok(memo);
    }
    let settled = memo.stage != MemoStage::Reviewed && stage == MemoStage::Reviewed;
    let kind =
        if memo.stage == stage { MemoEventKind::Updated } else { MemoEventKind::StageChanged };
    let memo = move_to(services, transaction, memo, stage, |memo| {
        memo.review_date = Set(review_date);
        memo.conclusion = Set(conclusion);
    })
    .await?;
    events::record(services, transaction, viewer.id, memo.id, kind).await?;
    if settled {
        notify_of_review(services, transaction, viewer, &memo).await?;
    }
    tracing::info!(
        memo_id = %ids::memo(memo.id),
        person = %ids::user(viewer.id),
        stage = stage.as_str(),
        "memo's stage changed"
    );
    Ok(memo)
}

/// Moves a locked memo to a stage, together with other changes. Stores the first act, which ends
/// the author's right to delete the memo.
pub(crate) async fn move_to(
    services: &Services,
    transaction: &DatabaseTransaction,
    memo: memo::Model,
    stage: MemoStage,
    also: impl FnOnce(&mut memo::ActiveModel),
) -> Result<memo::Model> {
    let first_act = memo.acted_at.is_none() && stage != MemoStage::Pending;
    let mut memo = memo.into_active_model();
    memo.stage = Set(stage);
    if first_act {
        memo.acted_at = Set(Some(services.now()));
        memo.acted_stage = Set(Some(stage));
    }
    also(&mut memo);
    save(services, transaction, memo).await
}

/// Notifies author and subscribers that the memo is reviewed.
pub(crate) async fn notify_of_review(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo: &memo::Model,
) -> Result<()> {
    let subscribers = subscriber_ids(transaction, memo.id).await?;
    let draft = NotificationDraft {
        kind: NotificationKind::MemoReviewed,
        actor: viewer.id,
        about: Subject::Memo(memo.id),
        name: &memo.name,
    };
    notify(services, transaction, subscribers.into_iter().chain([memo.author_id]), &draft).await
}
