//! The recipient acts on a memo: reviews or postpones it. Each locks the memo's row as a deletion does, so that the two happen one after
//! the other.

use super::{
    links::subscriber_ids,
    policy::{Action, Denial},
    write::{lock, save},
};
use crate::{
    Result, Services, Viewer,
    database::in_transaction,
    events, ids,
    notifications::{About, News, tell},
};
use chrono::NaiveDate;
use entity::{MemoEventKind, MemoStage, NotificationKind, memo};
use sea_orm::{DatabaseTransaction, IntoActiveModel, Set};
use uuid::Uuid;

/// What the recipient does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StageChange {
    /// Settles it, with a conclusion; `None` leaves the conclusion as it is.
    Review {
        /// The conclusion, already checked by [`crate::text`].
        note: Option<String>,
    },
    /// Puts it off.
    Postpone {
        /// The day on which to look at it again.
        until: NaiveDate,
    },
}

/// Why a memo's stage stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StageRefusal {
    /// There is no such memo for this person.
    NotFound,
    /// Only the recipient moves it.
    NotTheRecipient,
    /// It has not been sent.
    Draft,
    /// The day has passed.
    PastDate,
    /// It is on hold: it can be reviewed, but its conclusion stays as it is.
    OnHold,
}

/// Moves the memo. Doing it again changes nothing.
///
/// # Errors
/// What the database answers; nothing is changed then.
pub async fn change_stage(
    services: &Services,
    viewer: Viewer,
    memo_id: Uuid,
    change: &StageChange,
) -> Result<Result<memo::Model, StageRefusal>> {
    in_transaction!(services.database, |transaction| change_in(
        services,
        transaction,
        viewer,
        memo_id,
        change
    )
    .await)
}

async fn change_in(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo_id: Uuid,
    change: &StageChange,
) -> Result<Result<memo::Model, StageRefusal>> {
    let Some(locked) = lock(transaction, viewer, memo_id).await? else {
        return Ok(Err(StageRefusal::NotFound));
    };
    let verb = match change {
        StageChange::Review { .. } => Action::Review,
        StageChange::Postpone { .. } => Action::Postpone,
    };
    match locked.denial(verb) {
        None => {}
        Some(Denial::Draft) => return Ok(Err(StageRefusal::Draft)),
        Some(_) => return Ok(Err(StageRefusal::NotTheRecipient)),
    }
    if let StageChange::Review { note: Some(note) } = change
        && locked.memo.note.as_ref() != Some(note)
        && locked.denial(Action::Conclude).is_some()
    {
        return Ok(Err(StageRefusal::OnHold));
    }
    let memo = locked.memo;
    let now = services.now();
    let (stage, review_date, note) = match change {
        StageChange::Review { note } => {
            (MemoStage::Reviewed, memo.review_date, note.clone().or(memo.note.clone()))
        }
        StageChange::Postpone { until } if *until < now.date_naive() => {
            return Ok(Err(StageRefusal::PastDate));
        }
        StageChange::Postpone { until } => (MemoStage::Postponed, Some(*until), memo.note.clone()),
    };
    if (memo.stage, memo.review_date, &memo.note) == (stage, review_date, &note) {
        return Ok(Ok(memo));
    }
    let settled = memo.stage != MemoStage::Reviewed && stage == MemoStage::Reviewed;
    let kind = if memo.stage == stage { MemoEventKind::Updated } else { MemoEventKind::StageChanged };
    let memo = move_to(services, transaction, memo, stage, |memo| {
        memo.review_date = Set(review_date);
        memo.note = Set(note);
    })
    .await?;
    events::record(services, transaction, viewer.id, memo_id, kind).await?;
    if settled {
        tell_of_review(services, transaction, viewer, &memo).await?;
    }
    tracing::info!(memo_id = %ids::memo(memo_id), person = %ids::user(viewer.id), stage = stage.word(), "memo's stage changed");
    Ok(Ok(memo))
}

/// Moves a locked memo to a stage, together with other changes. The first act is remembered: it takes the author's right to delete.
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

/// Tells author and subscribers that the memo is settled.
pub(crate) async fn tell_of_review(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo: &memo::Model,
) -> Result<()> {
    let subscribers = subscriber_ids(transaction, memo.id).await?;
    let news = News {
        kind: NotificationKind::MemoReviewed,
        actor: viewer.id,
        about: About::Memo(memo.id),
        name: &memo.name,
    };
    tell(services, transaction, subscribers.into_iter().chain([memo.author_id]), &news).await
}
