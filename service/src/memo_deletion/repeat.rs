//! Repeats deletions, restores and erasures of memos on an older database, as the ledger says.

use super::{
    content::{self, Eraser},
    facts::{self, Lists},
    inventory::REVISE_SHARING,
    policy,
    restore::{mark_restored, move_back},
};
use crate::{
    Result, Services, Viewer,
    database::{Parameters, lock::LockRows, sql::column_names},
    ledger::{Entry, Obstacle},
    memos::write::lock_row,
};
use entity::{DeletionVerdict, LedgerKind, UserRole, memo, memo_deletion, user};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, IntoActiveModel, Statement,
};
use uuid::Uuid;

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepResult {
    /// It was repeated.
    Repeated,
    /// Somebody else did the same meanwhile.
    Unnecessary,
    /// It cannot be repeated now, or never.
    Hindered(Obstacle),
}

/// Repeats what an entry says about a deleted memo.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn repeat(
    services: &Services,
    transaction: &DatabaseTransaction,
    deletion: RepeatedDeletion,
    entry: &Entry,
) -> Result<StepResult> {
    match entry.kind {
        LedgerKind::Started | LedgerKind::PersonErased => Ok(StepResult::Unnecessary),
        LedgerKind::Deleted => delete_again(services, transaction, deletion, entry).await,
        LedgerKind::Restored => restore_again(transaction, deletion, entry).await,
        LedgerKind::Purged | LedgerKind::Erased => erase_again(transaction, deletion, entry).await,
    }
}

/// A record and its memo.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RepeatedDeletion {
    /// The record.
    pub(crate) record: Uuid,
    /// The memo.
    pub(crate) memo: Uuid,
}

/// Deletes the memo with the same record. The ledger does not have its texts and numbers, so they
/// are those of the memo as it is in this database. The rules were asked the first time.
async fn delete_again(
    services: &Services,
    transaction: &DatabaseTransaction,
    deletion: RepeatedDeletion,
    entry: &Entry,
) -> Result<StepResult> {
    if find(transaction, deletion.record).await?.is_some() {
        return Ok(StepResult::Unnecessary);
    }
    let nobody = viewer(Uuid::nil());
    let Some((memo, _)) = lock_row(transaction, nobody, deletion.memo).await? else {
        return Ok(StepResult::Unnecessary);
    };
    if memo.on_hold {
        return Ok(StepResult::Hindered(Obstacle::OnHold));
    }
    // Meanwhile, the memo was sent, or passed on to a person who deleted it.
    let is_by_recipient = entry.person == Some(memo.recipient_id) && !memo.draft;
    let person = if is_by_recipient { memo.recipient_id } else { memo.author_id };
    let facts =
        facts::read(transaction, services, viewer(person), memo.id, entry.time, Lists::default())
            .await?;
    let Some(facts) = facts else { return Ok(StepResult::Unnecessary) };
    let warnings = policy::decide(&facts.state, &facts.impact)
        .map(|decision| decision.warnings)
        .unwrap_or_default();
    let verdict =
        if warnings.is_empty() { DeletionVerdict::Allowed } else { DeletionVerdict::Discouraged };
    let record = memo_deletion::Model {
        id: deletion.record,
        memo_id: memo.id,
        memo_name: Some(memo.name),
        author_id: memo.author_id,
        recipient_id: memo.recipient_id,
        stage: memo.stage,
        draft: memo.draft,
        deleted_by: person,
        deleted_at: entry.time,
        reason: None,
        verdict,
        warnings: serde_json::to_value(&warnings)?,
        counts: serde_json::to_value(&facts.counts)?,
        kept_files: facts.kept_files,
        bytes_freed: facts.bytes_freed,
        restorable_until: entry.restorable_until.unwrap_or(entry.time),
        restored_at: None,
        restored_by: None,
        purged_at: None,
        erased_by: None,
        erasure_reason: None,
    };
    let backend = transaction.get_database_backend();
    for text in moves_away() {
        let step = repeated_deletion_step_statement(backend, memo.id, &text);
        transaction.execute_raw(step).await?;
    }
    memo_deletion::Entity::insert(record.into_active_model())
        .exec_without_returning(transaction)
        .await?;
    Ok(StepResult::Repeated)
}

async fn restore_again(
    transaction: &DatabaseTransaction,
    deletion: RepeatedDeletion,
    entry: &Entry,
) -> Result<StepResult> {
    let record = find(transaction, deletion.record).await?;
    let is_open =
        |record: &memo_deletion::Model| record.restored_at.is_none() && record.purged_at.is_none();
    let Some(record) = record.filter(is_open) else { return Ok(StepResult::Unnecessary) };
    move_back(transaction, record.memo_id).await?;
    // The person may have been added after the backup.
    let person = known_person(transaction, entry.person).await?.unwrap_or(record.deleted_by);
    mark_restored(transaction, record, person, entry.time).await?;
    Ok(StepResult::Repeated)
}

/// Erases the content, for the purge or for a person. The person may have been added after the
/// backup; then the record says that it was purged. The reason is lost, because the ledger has no
/// texts.
async fn erase_again(
    transaction: &DatabaseTransaction,
    deletion: RepeatedDeletion,
    entry: &Entry,
) -> Result<StepResult> {
    let record = find(transaction, deletion.record).await?;
    let record = record.filter(|record| record.purged_at.is_none());
    let Some(record) = record else { return Ok(StepResult::Unnecessary) };
    let person = known_person(transaction, entry.person).await?;
    let eraser = person.map(|person| Eraser { person, reason: None });
    if content::erase(transaction, record, entry.time, eraser).await?.is_some() {
        Ok(StepResult::Repeated)
    } else {
        Ok(StepResult::Hindered(Obstacle::OnHold))
    }
}

/// The person, if this database has them.
async fn known_person(
    transaction: &DatabaseTransaction,
    person: Option<Uuid>,
) -> Result<Option<Uuid>> {
    let Some(id) = person else { return Ok(None) };
    Ok(user::Entity::find_by_id(id).one(transaction).await?.map(|found| found.id))
}

/// The record, locked.
async fn find(transaction: &DatabaseTransaction, id: Uuid) -> Result<Option<memo_deletion::Model>> {
    Ok(memo_deletion::Entity::find_by_id(id).lock_rows().one(transaction).await?)
}

/// Somebody without a role.
fn viewer(id: Uuid) -> Viewer {
    Viewer { id, role: UserRole::Member }
}

fn moves_away() -> [String; 3] {
    let columns = column_names::<memo::Entity>("");
    [
        format!(
            "INSERT INTO deleted_memos ({columns}) SELECT {columns} FROM memos WHERE id = :memo_id"
        ),
        "DELETE FROM memos WHERE id = :memo_id".to_owned(),
        REVISE_SHARING.to_owned(),
    ]
}

fn repeated_deletion_step_statement(backend: DbBackend, memo_id: Uuid, text: &str) -> Statement {
    Parameters::new(backend).bind("memo_id", memo_id).statement(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        for (n, text) in (1..).zip(moves_away()) {
            assert_statement(&format!("repeated_deletion_step.{n}"), |backend| {
                repeated_deletion_step_statement(backend, Uuid::nil(), &text)
            });
        }
    }
}
