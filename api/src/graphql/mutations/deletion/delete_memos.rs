//! `deleteMemos`

use super::delete_memo::{DeleteMemoPayload, delete, invalid_reason};
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in},
    id::Kind,
    payload::{or_refuse, refuses_wrong_ids, user_error},
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use service::{
    memo_deletion::{Deletion, MAX_DELETIONS},
    text,
};

#[derive(Default)]
pub struct DeleteMemos;

/// One of several memos to delete.
#[derive(InputObject)]
pub struct DeleteMemosItem {
    /// The memo's global id.
    memo_id: ID,
    /// The `confirmationToken` of the preview that the person has seen.
    confirmation_token: Option<String>,
}

/// Which memos to delete.
#[derive(InputObject)]
pub struct DeleteMemosInput {
    /// The memos, 1–100.
    memos: Vec<DeleteMemosItem>,
    /// Why, in the person's words, at most 2,000 characters. Kept in each record.
    reason: Option<String>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

user_error! {
    /// Why none of the memos was looked at.
    DeleteMemosUserError,
    /// The codes with which `deleteMemos` refuses as a whole.
    DeleteMemosErrorCode {
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput,
    }
}
refuses_wrong_ids!(DeleteMemosUserError, DeleteMemosErrorCode);

/// What came of each deletion.
#[derive(SimpleObject, Default)]
pub struct DeleteMemosPayload {
    /// A result for each memo, in the order of the input. Each memo is deleted, or not, by itself.
    results: Vec<DeleteMemoPayload>,
    /// Why none of the memos was looked at; empty if they were.
    user_errors: Vec<DeleteMemosUserError>,
    /// What the client sent.
    client_mutation_id: Option<String>,
}

#[Object]
impl DeleteMemos {
    /// Deletes up to 100 memos one after the other, each as `deleteMemo` does. One that is refused does not hinder the others.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + input.memos.len() * child_complexity"
    )]
    async fn delete_memos(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which memos.")] input: DeleteMemosInput,
    ) -> ApiResult<DeleteMemosPayload> {
        let client_mutation_id = input.client_mutation_id;
        if input.memos.is_empty() || input.memos.len() > MAX_DELETIONS {
            let message = format!("{} memos were given: give 1 to {MAX_DELETIONS}.", input.memos.len());
            let error = DeleteMemosUserError::at("memos", DeleteMemosErrorCode::InvalidInput, message);
            return Ok(DeleteMemosPayload {
                user_errors: vec![error],
                client_mutation_id,
                ..DeleteMemosPayload::default()
            });
        }
        // All ids first: one that is malformed refuses the request before anything is deleted.
        let ids: Result<Vec<_>, _> = input
            .memos
            .iter()
            .enumerate()
            .map(|(n, item)| Kind::Memo.parse(&format!("memos.{n}.memoId"), &item.memo_id))
            .collect();
        let ids = or_refuse!(ids, DeleteMemosPayload, client_mutation_id);
        let reason = text::optional(input.reason.as_deref(), text::MAX_REASON);
        let mut results = Vec::with_capacity(ids.len());
        for (memo_id, item) in ids.into_iter().zip(input.memos) {
            results.push(match &reason {
                Ok(reason) => {
                    let deletion = Deletion {
                        memo_id,
                        confirmation_token: item.confirmation_token,
                        reason: reason.clone(),
                    };
                    delete(ctx, &deletion).await?
                }
                Err(problem) => invalid_reason(*problem),
            });
        }
        Ok(DeleteMemosPayload { results, client_mutation_id, ..DeleteMemosPayload::default() })
    }
}
