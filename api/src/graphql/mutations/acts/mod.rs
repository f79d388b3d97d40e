//! What the recipient does with a memo.

mod postpone_memo;
mod review_memo;

use async_graphql::MergedObject;

/// What the recipient does with a memo.
#[derive(MergedObject, Default)]
pub struct ActsMutation(review_memo::ReviewMemo, postpone_memo::PostponeMemo);
