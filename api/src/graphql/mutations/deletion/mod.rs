//! Deleting and restoring memos, holding them, and passing them on.

mod delete;
mod holds;
mod many_holds;
mod reassign;
mod restore;

pub use reassign::ReassignMemos;

use async_graphql::MergedObject;

/// Deleting and restoring memos, and holding them.
#[derive(MergedObject, Default)]
pub struct DeletionMutation(
    delete::DeleteMemos,
    restore::RestoreMemo,
    holds::MemoHolds,
    many_holds::ManyMemoHolds,
);
