//! A task or project under lock: facts about it hold until the transaction ends.

use super::{
    kinds::{WorkKind, WorkRow},
    people::{Parts, parts_of},
    policy::{WorkDenial, may_change},
};
use crate::{Result, Viewer, access::WorkAccess, database::lock::LockRows};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

/// A task or project that the viewer sees. Its row is locked until the transaction ends.
pub(crate) struct LockedWork {
    /// Its row.
    pub(crate) row: WorkRow,
    /// Its people. They change only under this lock.
    pub(super) parts: Parts,
    access: WorkAccess,
}

impl LockedWork {
    /// Asks the rules whether the viewer may change it.
    ///
    /// # Errors
    /// Returns the reason of the denial.
    pub(crate) fn may_change(&self) -> Result<(), WorkDenial> {
        may_change(self.access)
    }
}

/// Locks the row. `None` if it does not exist for the viewer. A caller that also locks memos locks
/// them first.
///
/// # Errors
/// Returns errors of the database.
pub(crate) async fn lock<W: WorkKind>(
    transaction: &DatabaseTransaction,
    viewer: Viewer,
    id: Uuid,
) -> Result<Option<LockedWork>> {
    let Some(row) = W::find_by_id(id).lock_rows().one(transaction).await? else {
        return Ok(None);
    };
    let row: WorkRow = row.into();
    // This is a separate statement after the lock. A statement that also waits for the lock would
    // show the people as they were before.
    let parts = parts_of::<W>(transaction, id).await?;
    let access = WorkAccess {
        is_chief: viewer.is_chief(),
        is_creator: row.created_by == viewer.id,
        part: parts.get(&viewer.id).copied(),
    };
    Ok(access.is_visible().then_some(LockedWork { row, parts, access }))
}
