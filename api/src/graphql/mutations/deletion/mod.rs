//! Deleting, restoring, holding.

mod delete_memo;
mod delete_memos;
mod place_memo_hold;
mod place_memo_holds;
mod release_memo_hold;
mod release_memo_holds;
mod restore_memo;

use async_graphql::MergedObject;

/// Deleting, restoring, holding.
#[derive(MergedObject, Default)]
pub struct DeletionMutation(
    delete_memo::DeleteMemo,
    delete_memos::DeleteMemos,
    restore_memo::RestoreMemo,
    place_memo_hold::PlaceMemoHold,
    release_memo_hold::ReleaseMemoHold,
    place_memo_holds::PlaceMemoHolds,
    release_memo_holds::ReleaseMemoHolds,
);
