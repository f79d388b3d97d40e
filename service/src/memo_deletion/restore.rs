//! Restores a deleted memo under its old id, with everything that belongs to it.

use super::{
    inventory::{MissingThing, REVISE_SHARING},
    records,
};
use crate::{
    Error, Result, Services, Viewer,
    access::{RecordAccess, RecordSight},
    database::{Parameters, in_transaction, lock::LockRows, sql::column_names},
    events, ids,
    verb_error::verb_error,
};
use chrono::{DateTime, Utc};
use entity::{memo, memo_deletion, user};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait,
    IntoActiveModel, PaginatorTrait, QueryFilter, Set, Statement,
};
use uuid::Uuid;

/// A restored memo.
#[derive(Debug)]
pub struct Restored {
    /// The record, now marked as restored.
    pub record: memo_deletion::Model,
    /// What could not be restored, because somebody has deleted it.
    pub missing: Vec<MissingThing>,
    /// Whether the same person had restored it before. Nothing was changed now.
    pub replayed: bool,
}

verb_error! {
    /// Why a memo stays deleted.
    pub enum RestoreMemoError {
        /// The record does not exist for this person.
        NotFound,
        /// The person may not restore it. The person who deleted it may, and so may its author. If
        /// neither is active any more, an administrator may.
        NotAllowed,
        /// Somebody else has restored it already.
        AlreadyRestored,
        /// Somebody has erased its content.
        Erased,
        /// The time limit for restoring has passed.
        Expired,
    }
}

/// Restores the memo of a record.
///
/// # Errors
/// Returns the reason why the memo stays deleted.
pub async fn restore(
    services: &Services,
    viewer: Viewer,
    record_id: Uuid,
) -> Result<Restored, RestoreMemoError> {
    let restored =
        in_transaction(&services.database, async |transaction| -> Result<_, RestoreMemoError> {
            restore_in(services, transaction, viewer, record_id).await
        })
        .await?;
    let Restored { record, missing, replayed } = &restored;
    tracing::info!(
        memo_id = %ids::memo(record.memo_id),
        person = %ids::user(viewer.id),
        record = %ids::memo_deletion(record.id),
        missing = missing.len(),
        replayed,
        "memo restored"
    );
    Ok(restored)
}

async fn restore_in(
    services: &Services,
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    record_id: Uuid,
) -> Result<Restored, RestoreMemoError> {
    let now = services.now();
    // On SQLite this has no effect: the transaction has locked everything already.
    let query = memo_deletion::Entity::find_by_id(record_id).lock_rows();
    let record = query.one(transaction).await?.ok_or(RestoreMemoError::NotFound)?;
    if RecordAccess::of(&record, viewer).sight() == RecordSight::Nothing {
        return Err(RestoreMemoError::NotFound);
    }
    if !may_restore(&record, viewer) && !stands_in(transaction, &record, viewer).await? {
        return Err(RestoreMemoError::NotAllowed);
    }
    if record.restored_at.is_some() {
        if record.restored_by != Some(viewer.id) {
            return Err(RestoreMemoError::AlreadyRestored);
        }
        let missing = records::missing(transaction, viewer, &record).await?;
        return Ok(Restored { record, missing, replayed: true });
    }
    if record.erased_by.is_some() {
        return Err(RestoreMemoError::Erased);
    }
    if is_over(&record, now) {
        return Err(RestoreMemoError::Expired);
    }

    move_back(transaction, record.memo_id).await?;
    events::record_restore(services, transaction, viewer.id, record.memo_id, record.id).await?;
    let missing = records::missing(transaction, viewer, &record).await?;
    let record = mark_restored(transaction, record, viewer.id, now).await?;
    Ok(Restored { record, missing, replayed: false })
}

/// The person who deleted the memo may restore it. So may the author, since the only other person
/// who can delete is the recipient.
pub(super) fn may_restore(record: &memo_deletion::Model, viewer: Viewer) -> bool {
    viewer.id == record.deleted_by || viewer.id == record.author_id
}

/// Whether the viewer is an administrator who may act for people who have left. None of those who
/// may restore is active then. The memo's content is not shown to the administrator. Only its
/// author may restore a draft.
async fn stands_in(
    transaction: &DatabaseTransaction,
    record: &memo_deletion::Model,
    viewer: Viewer,
) -> Result<bool> {
    if !viewer.is_admin() || record.draft {
        return Ok(false);
    }
    let active = user::Entity::find()
        .filter(user::Column::Id.is_in([record.deleted_by, record.author_id]))
        .filter(user::Column::Active.eq(true))
        .count(transaction)
        .await?;
    Ok(active == 0)
}

fn is_over(record: &memo_deletion::Model, now: DateTime<Utc>) -> bool {
    record.purged_at.is_some() || record.restorable_until <= now
}

/// Whether a restore by the viewer would succeed now. The caller says whether anyone who deleted or
/// wrote the memo is active. This is a hint, since [`restore`] decides again.
pub fn can_restore(
    record: &memo_deletion::Model,
    viewer: Viewer,
    any_active: bool,
    now: DateTime<Utc>,
) -> bool {
    (may_restore(record, viewer) || (viewer.is_admin() && !record.draft && !any_active))
        && record.restored_at.is_none()
        && !is_over(record, now)
}

/// Notes in the record that its memo is restored.
pub(super) async fn mark_restored(
    transaction: &DatabaseTransaction,
    record: memo_deletion::Model,
    person: Uuid,
    at: DateTime<Utc>,
) -> Result<memo_deletion::Model> {
    let mut record = record.into_active_model();
    record.restored_at = Set(Some(at));
    record.restored_by = Set(Some(person));
    Ok(record.update(transaction).await?)
}

/// Moves the memo's row back. Its new revision is above every revision that a confirmation knows.
pub(super) async fn move_back(transaction: &DatabaseTransaction, memo_id: Uuid) -> Result<()> {
    let backend = transaction.get_database_backend();
    for text in moves_back() {
        let step = restoring_step_statement(backend, memo_id, &text);
        if transaction.execute_raw(step).await?.rows_affected() != 1 {
            return Err(Error::Inconsistent(format!(
                "the deleted memo {} has no row",
                ids::memo(memo_id)
            )));
        }
    }
    let revision = restoring_step_statement(backend, memo_id, REVISE_SHARING);
    transaction.execute_raw(revision).await?;
    Ok(())
}

fn moves_back() -> [String; 3] {
    let columns = column_names::<memo::Entity>("");
    [
        format!(
            "INSERT INTO memos ({columns}) SELECT {columns} FROM deleted_memos WHERE id = :memo_id"
        ),
        "DELETE FROM deleted_memos WHERE id = :memo_id".to_owned(),
        "UPDATE memos SET revision = revision + 1 WHERE id = :memo_id".to_owned(),
    ]
}

fn restoring_step_statement(backend: DbBackend, memo_id: Uuid, text: &str) -> Statement {
    Parameters::new(backend).bind("memo_id", memo_id).statement(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        for (n, text) in (1..).zip(moves_back().iter().map(String::as_str).chain([REVISE_SHARING]))
        {
            assert_statement(&format!("restoring_step.{n}"), |backend| {
                restoring_step_statement(backend, Uuid::nil(), text)
            });
        }
    }
}
