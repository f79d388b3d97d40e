//! Changes the named fields of a memo. Each field has its own rule.

use super::{
    errors::{FieldPath, Invalid, UpdateMemoError},
    fields::{Change, MemoChanges, MemoField, Problems},
    policy::{self, ConcludeDenial, EditDenial},
    problems::{Reference, UpdateProblem},
    references::{missing, people},
    write::{LockedMemo, lock, save},
};
use crate::{Result, Services, Viewer, access::MemoState, database::in_transaction, events, ids};
use entity::{MemoEventKind, deal, memo, memo_subscriber, resolution};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
};
use uuid::Uuid;

/// Changes all of the fields or none. A field that already has the wanted value is unchanged.
///
/// # Errors
/// Returns the reason why nothing was changed.
pub async fn update(
    services: &Services,
    viewer: Viewer,
    memo_id: Uuid,
    changes: &MemoChanges,
) -> Result<memo::Model, UpdateMemoError> {
    in_transaction(&services.database, async |transaction| -> Result<_, UpdateMemoError> {
        update_in(services, transaction, viewer, memo_id, changes).await
    })
    .await
}

async fn update_in(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    memo_id: Uuid,
    changes: &MemoChanges,
) -> Result<memo::Model, UpdateMemoError> {
    let locked = lock(transaction, viewer, memo_id).await?.ok_or(UpdateMemoError::NotFound)?;
    if changes.expected_version.is_some_and(|expected| expected != locked.memo.version) {
        return Err(UpdateMemoError::VersionConflict(Box::new(locked.memo)));
    }
    let (row, invalid) = changed(transaction, &locked, changes).await?;
    if !invalid.is_empty() {
        return Err(UpdateMemoError::Invalid(invalid));
    }
    if !row.is_changed() {
        return Ok(locked.memo);
    }
    let memo = save(services, transaction, row).await?;
    if memo.recipient_id != locked.memo.recipient_id {
        // The recipient sees the memo without a subscription.
        memo_subscriber::Entity::delete_many()
            .filter(memo_subscriber::Column::MemoId.eq(memo_id))
            .filter(memo_subscriber::Column::UserId.eq(memo.recipient_id))
            .exec(transaction)
            .await?;
    }
    events::record(services, transaction, viewer.id, memo_id, MemoEventKind::Updated).await?;
    tracing::info!(
        memo_id = %ids::memo(memo_id),
        person = %ids::user(viewer.id),
        version = memo.version,
        "memo changed"
    );
    Ok(memo)
}

/// The memo's row with the changes, and the problems of these changes. There is at most one problem
/// per field, in the order of the fields.
async fn changed(
    transaction: &DatabaseTransaction,
    locked: &LockedMemo,
    changes: &MemoChanges,
) -> Result<(memo::ActiveModel, Vec<Invalid<UpdateProblem>>)> {
    let mut row = locked.memo.clone().into_active_model();
    let mut problems = Problems::default();
    for field in MemoField::ALL.into_iter().filter(|field| changes.wants(*field)) {
        if let Err(denial) = field.may_change(&locked.state) {
            problems.add(field, UpdateProblem::Denied(denial));
        }
    }
    let allowed = |problems: &Problems, field, change: &Change<Uuid>| -> Vec<Uuid> {
        change.value().copied().filter(|_| problems.allow(field)).into_iter().collect()
    };
    let recipient = allowed(&problems, MemoField::Recipient, &changes.recipient_id);
    for (_, problem) in people(transaction, &recipient).await? {
        problems.add(MemoField::Recipient, problem.into());
    }
    let deal = allowed(&problems, MemoField::Deal, &changes.deal_id);
    if !missing::<deal::Entity>(transaction, &deal).await?.is_empty() {
        problems.add(MemoField::Deal, UpdateProblem::NotFound(Reference::Deal));
    }
    let resolution = allowed(&problems, MemoField::Resolution, &changes.resolution_id);
    if !missing::<resolution::Entity>(transaction, &resolution).await?.is_empty() {
        problems.add(MemoField::Resolution, UpdateProblem::NotFound(Reference::Resolution));
    }
    changes.set(&mut row, &mut problems);
    let invalid = problems.in_order().into_iter();
    Ok((row, invalid.map(|(field, problem)| FieldPath::Field(field).has(problem)).collect()))
}

/// The fields that the viewer may change.
pub fn updatable(memo: &MemoState) -> Vec<MemoField> {
    MemoField::ALL.into_iter().filter(|field| field.may_change(memo).is_ok()).collect()
}

/// Why the viewer may not change any field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpdateDenial {
    /// They are neither author nor recipient.
    NotAParticipant,
    /// They are the author, and the recipient has acted on the memo.
    RecipientHasActed,
    /// The memo is on hold.
    OnHold,
}

/// Asks the rules whether the viewer may change at least one field of the author or the recipient.
///
/// # Errors
/// Returns the reason of the denial.
pub fn may_update(memo: &MemoState) -> Result<(), UpdateDenial> {
    let (Err(edit), Err(conclude)) = (policy::edit(memo), policy::conclude(memo)) else {
        return Ok(());
    };
    Err(match (edit, conclude) {
        (EditDenial::NotTheAuthor, ConcludeDenial::NotTheRecipient) => {
            UpdateDenial::NotAParticipant
        }
        (EditDenial::RecipientHasActed(_), _) => UpdateDenial::RecipientHasActed,
        (EditDenial::OnHold, _) | (EditDenial::NotTheAuthor, ConcludeDenial::OnHold) => {
            UpdateDenial::OnHold
        }
    })
}
