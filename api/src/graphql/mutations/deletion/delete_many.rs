//! `deleteMemos`

use super::delete::{self, MemoDeleted, answer, read_reason};
use crate::graphql::{
    enums::MemoDeletionBlockerCode,
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::{Kind, element},
    loaders::{deletion_settings, metrics, services},
    mutations::respond::{Done, MutationError, Payload, Stop, codes, respond},
    objects::MemosDeletionPreview,
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use service::memo_deletion::{
    MAX_DELETIONS, Precondition,
    selection::{self, Refused, SelectionDeletion, SelectionOutcome, SelectionPreview},
};
use uuid::Uuid;

#[derive(Default)]
pub struct DeleteMemos;

/// One of several memos to delete.
#[derive(InputObject)]
pub struct DeleteMemosItem {
    /// The memo's global id.
    memo_id: ID,
    /// The `confirmationToken` of the `memoDeletionPreview` that the person has seen. Not together
    /// with the input's `confirmationToken` or `atomic`.
    confirmation_token: Option<String>,
    /// The `version` of the memo that the person has seen, as for `deleteMemo`. Give either this or
    /// `confirmationToken`. Not together with the input's `confirmationToken` or `atomic`.
    expected_version: Option<i64>,
}

/// The memos to delete.
#[derive(InputObject)]
pub struct DeleteMemosInput {
    /// The memos, 1–100.
    memos: Vec<DeleteMemosItem>,
    /// The `confirmationToken` of the `memosDeletionPreview` of these memos that the person has
    /// seen. Required if `atomic` is true and there are warnings. If given, the memos are deleted
    /// together, and only if everything is still as in that preview.
    confirmation_token: Option<String>,
    /// If true, either all of the memos are deleted or none.
    #[graphql(default)]
    atomic: bool,
    /// The reason in the person's words, at most 2,000 characters. It is stored in each record.
    reason: Option<String>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    DeleteMemos(DeleteMemosErrorCode) or InvalidInput {
        /// With `atomic`: the memo does not exist, somebody else has deleted it, or the viewer
        /// cannot see it.
        NotFound,
        /// With `atomic`: the viewer is neither the memo's author nor its recipient.
        NotAParticipant,
        /// With `atomic`: the recipient has postponed or reviewed the memo, which ended the
        /// author's right to delete it.
        RecipientHasActed,
        /// With `atomic`: an administrator has placed a hold on the memo.
        OnHold,
        /// With `atomic`: there are warnings. Show the payload's `preview` to the person, and send
        /// its `confirmationToken` to confirm.
        ConfirmationRequired,
        /// Something has changed since the preview of these memos. Show the payload's new
        /// `preview` to the person, and send its `confirmationToken` to confirm.
        ConfirmationStale,
    }
}

// Not with `done!`: the cost of a field must stand beside its derive.
#[derive(SimpleObject, Default)]
pub struct MemosDeleted {
    /// A result for each memo, in the order of the input. Empty if the request was refused as a
    /// whole: then nothing was deleted, and `userErrors` says why.
    #[graphql(complexity = "each(child_complexity)")]
    pub results: Vec<Payload<MemoDeleted>>,
    /// What would happen now. Null unless the request was refused as a whole, and if the viewer
    /// sees none of the memos.
    #[graphql(complexity = "once(child_complexity)")]
    pub preview: Option<MemosDeletionPreview>,
}

impl Done for MemosDeleted {
    type Code = DeleteMemosErrorCode;
}

/// The largest cost of a field of the payload; larger ones count as this. So the sums of thousands
/// of fields do not run into each other.
const MOST: usize = 1_000_000;

/// The unit of costs that arise once, and not for each memo.
const ONCE: usize = 1 << 32;

/// The cost of a field that occurs for each memo.
fn each(fields: usize) -> usize {
    fields.saturating_add(1).min(MOST)
}

/// The cost of a field that occurs once.
fn once(fields: usize) -> usize {
    each(fields) * ONCE
}

/// The cost of the selected fields of the payload, for that number of memos.
fn cost(memos: usize, fields: usize) -> usize {
    memos * (fields % ONCE) + fields / ONCE
}

#[Object]
impl DeleteMemos {
    /// Deletes up to 100 memos. With neither `atomic` nor the `confirmationToken` of
    /// `memosDeletionPreview`, one after the other, each as `deleteMemo` does. If one is refused,
    /// the others are still processed. With the token, all that can be deleted go together, as
    /// that preview shows. With `atomic`, either all of them go or none.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + cost(input.memos.len(), child_complexity)"
    )]
    async fn delete_memos(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The memos to delete.")] input: DeleteMemosInput,
    ) -> ApiResult<Payload<MemosDeleted>> {
        respond(input.client_mutation_id.clone(), async {
            if input.memos.is_empty() || input.memos.len() > MAX_DELETIONS {
                let message = sentences::number_of_memos(input.memos.len(), MAX_DELETIONS);
                return Err(MutationError::input("memos", message).into());
            }
            // All ids are parsed first: a malformed one refuses the request before anything is
            // deleted.
            let mut ids = Vec::with_capacity(input.memos.len());
            for (n, item) in input.memos.iter().enumerate() {
                let path = format!("{}.memoId", element("memos", n));
                ids.push(Kind::Memo.parse(&path, &item.memo_id)?);
            }
            if input.atomic || input.confirmation_token.is_some() {
                delete_as_one(ctx, ids, input).await
            } else {
                delete_one_by_one(ctx, ids, input).await
            }
        })
        .await
    }
}

async fn delete_one_by_one(
    ctx: &Context<'_>,
    ids: Vec<Uuid>,
    input: DeleteMemosInput,
) -> Result<MemosDeleted, Stop<MemosDeleted>> {
    let mut results = Vec::with_capacity(ids.len());
    for (memo_id, item) in ids.into_iter().zip(input.memos) {
        let seen = (item.confirmation_token, item.expected_version);
        let deletion = delete::delete(ctx, memo_id, seen, input.reason.as_deref());
        results.push(respond(None, deletion).await?);
    }
    Ok(MemosDeleted { results, preview: None })
}

async fn delete_as_one(
    ctx: &Context<'_>,
    memo_ids: Vec<Uuid>,
    input: DeleteMemosInput,
) -> Result<MemosDeleted, Stop<MemosDeleted>> {
    for (n, item) in input.memos.iter().enumerate() {
        let field = match (&item.confirmation_token, item.expected_version) {
            (None, None) => continue,
            (Some(_), _) => "confirmationToken",
            (None, Some(_)) => "expectedVersion",
        };
        let path = format!("{}.{field}", element("memos", n));
        return Err(MutationError::input(&path, sentences::ONE_TOKEN_FOR_ALL).into());
    }
    let deletion = SelectionDeletion {
        memo_ids,
        atomic: input.atomic,
        confirmation_token: input.confirmation_token,
        reason: read_reason(input.reason.as_deref())?,
    };
    let (services, settings) = (services(ctx)?, deletion_settings(ctx)?);
    let outcome = selection::delete(services, settings, viewer(ctx)?, &deletion).await?;
    metrics(ctx)?.refused_selection(&outcome);
    let errors = errors(&deletion.memo_ids, &outcome);
    let precondition = Precondition::None;
    let preview = match outcome {
        SelectionOutcome::Deleted(outcomes) => {
            let mut results = Vec::with_capacity(outcomes.len());
            for outcome in outcomes {
                results.push(respond(None, async { answer(ctx, &precondition, outcome) }).await?);
            }
            return Ok(MemosDeleted { results, preview: None });
        }
        SelectionOutcome::Denied { preview, .. }
        | SelectionOutcome::ConfirmationRequired(preview)
        | SelectionOutcome::ConfirmationStale(preview) => preview,
    };
    let preview = Some(*preview).filter(SelectionPreview::shows_any).map(MemosDeletionPreview);
    Err(Stop::refused(MemosDeleted { results: Vec::new(), preview }, errors))
}

/// Why a selection was refused as a whole, in the order of the input.
fn errors(
    memo_ids: &[Uuid],
    outcome: &SelectionOutcome,
) -> Vec<MutationError<DeleteMemosErrorCode>> {
    use DeleteMemosErrorCode as Code;
    let unconfirmed =
        |code, message: &str| vec![MutationError::at("confirmationToken", code, message)];
    match outcome {
        SelectionOutcome::Deleted(_) => Vec::new(),
        SelectionOutcome::Denied { .. } => {
            let refused = outcome.refused();
            let of_memo = |(n, id): (usize, &Uuid)| {
                let refused = refused.iter().find(|refused| refused.memo_id == *id)?;
                Some(denials(&format!("{}.memoId", element("memos", n)), refused))
            };
            memo_ids.iter().enumerate().filter_map(of_memo).flatten().collect()
        }
        SelectionOutcome::ConfirmationRequired(_) => {
            unconfirmed(Code::ConfirmationRequired, sentences::SELECTION_CONFIRMATION_REQUIRED)
        }
        SelectionOutcome::ConfirmationStale(_) => {
            unconfirmed(Code::ConfirmationStale, sentences::SELECTION_CONFIRMATION_STALE)
        }
    }
}

/// A refusal for each of the blockers of a memo, or one if it does not exist for the viewer.
fn denials(path: &str, refused: &Refused<'_>) -> Vec<MutationError<DeleteMemosErrorCode>> {
    let Some(preview) = refused.preview else {
        let (code, message) = (DeleteMemosErrorCode::NotFound, sentences::NO_SUCH_MEMO);
        return vec![MutationError::at(path, code, message)];
    };
    delete::denials(path, preview, code)
}

fn code(blocker: MemoDeletionBlockerCode) -> DeleteMemosErrorCode {
    match blocker {
        MemoDeletionBlockerCode::NotAParticipant => DeleteMemosErrorCode::NotAParticipant,
        MemoDeletionBlockerCode::RecipientHasActed => DeleteMemosErrorCode::RecipientHasActed,
        MemoDeletionBlockerCode::OnHold => DeleteMemosErrorCode::OnHold,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preview_costs_once_and_the_results_for_each_memo() {
        let fields = each(9) + once(499) + 2;
        assert_eq!(cost(1, fields), 12 + 500);
        assert_eq!(cost(100, fields), 1_200 + 500);
        let many = (each(usize::MAX) + once(usize::MAX)) * 1_000;
        assert_eq!(cost(100, many), 101 * 1_000 * MOST);
    }
}
