//! Deleting, restoring and erasing memos, holding them, and passing them on.

pub(super) mod delete;
pub(super) mod delete_many;
pub(super) mod erase;
pub(super) mod holds;
pub(super) mod many_holds;
pub(super) mod reassign;
pub(super) mod restore;

pub use reassign::ReassignMemos;

use async_graphql::MergedObject;

/// Deleting, restoring and erasing memos, and holding them.
#[derive(MergedObject, Default)]
pub struct DeletionMutation(
    delete::DeleteMemo,
    delete_many::DeleteMemos,
    restore::RestoreMemo,
    erase::EraseMemoDeletion,
    holds::MemoHolds,
    many_holds::ManyMemoHolds,
);
