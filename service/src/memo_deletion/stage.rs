//! The recipient acts on a memo: reviews or postpones it. Each locks the memo's row as a deletion does, so that the two happen one after
//! the other.

use super::{facts::standing, policy};
use crate::{
    Result, Services, Viewer,
    database::{
        in_transaction,
        sql::{lock_rows, statement},
    },
};
use chrono::NaiveDate;
use entity::{MemoRole, MemoStage, memo};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, FromQueryResult, IntoActiveModel, Set,
};
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
    let Some((memo, is_subscriber)) = lock_memo(transaction, viewer, memo_id).await? else {
        return Ok(Err(StageRefusal::NotFound));
    };
    let roles = policy::roles(&standing(&memo, viewer, is_subscriber));
    if roles.is_empty() {
        return Ok(Err(StageRefusal::NotFound));
    }
    if !roles.contains(&MemoRole::Recipient) {
        return Ok(Err(StageRefusal::NotTheRecipient));
    }
    if memo.draft {
        return Ok(Err(StageRefusal::Draft));
    }
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
    let first_act = memo.acted_at.is_none();
    let mut memo = memo.into_active_model();
    memo.stage = Set(stage);
    memo.review_date = Set(review_date);
    memo.note = Set(note);
    memo.updated_at = Set(now);
    if first_act {
        memo.acted_at = Set(Some(now));
        memo.acted_stage = Set(Some(stage));
    }
    let memo = memo.update(transaction).await?;
    tracing::info!(%memo_id, person = %viewer.id, stage = stage.word(), "memo's stage changed");
    Ok(Ok(memo))
}

/// Locks the memo's row; answers it and whether the viewer reads it along.
pub(super) async fn lock_memo(
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo_id: Uuid,
) -> Result<Option<(memo::Model, bool)>> {
    let backend = transaction.get_database_backend();
    let sql = format!(
        "SELECT m.*, EXISTS (SELECT 1 FROM memo_subscribers s WHERE s.memo_id = m.id AND s.user_id = $2) AS is_subscriber \
         FROM memos m WHERE m.id = $1{}",
        lock_rows(backend, "m")
    );
    let row = transaction.query_one_raw(statement(backend, sql, [memo_id.into(), viewer.id.into()])).await?;
    Ok(match row {
        Some(row) => Some((memo::Model::from_query_result(&row, "")?, row.try_get("", "is_subscriber")?)),
        None => None,
    })
}
