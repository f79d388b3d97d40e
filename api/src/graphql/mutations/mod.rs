//! Mutations, one file each: input, payload and resolver together.

mod delete_memo;
mod delete_memos;
mod place_memo_hold;
mod postpone_memo;
mod release_memo_hold;
mod restore_memo;
mod review_memo;

use async_graphql::MergedObject;

/// Everything that can be changed.
#[derive(MergedObject, Default)]
pub struct Mutation(
    delete_memo::DeleteMemo,
    delete_memos::DeleteMemos,
    restore_memo::RestoreMemo,
    review_memo::ReviewMemo,
    postpone_memo::PostponeMemo,
    place_memo_hold::PlaceMemoHold,
    release_memo_hold::ReleaseMemoHold,
);
