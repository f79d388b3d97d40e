//! `deleteMemo`, `deleteMemos`

use crate::graphql::{
    enums::MemoDeletionBlockerCode,
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::{deletion_settings, metrics, services},
    mutations::respond::{MutationError, Payload, RefusesInput, Stop, codes, done, respond},
    objects::{MemoDeletion, MemoDeletionPreview, blocker_message},
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object};
use service::{
    memo_deletion::{self, Deletion, MAX_DELETIONS, Outcome, Preview},
    text,
};

#[derive(Default)]
pub struct DeleteMemos;

/// The memo to delete.
#[derive(InputObject)]
pub struct DeleteMemoInput {
    /// The memo's global id.
    memo_id: ID,
    /// The `confirmationToken` of the preview that the person has seen. Required if the preview's
    /// verdict is DISCOURAGED. If given, the memo is deleted only if everything is still as in that
    /// preview.
    confirmation_token: Option<String>,
    /// The reason in the person's words, at most 2,000 characters. It is stored in the record.
    reason: Option<String>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    DeleteMemo(DeleteMemoErrorCode) or InvalidInput {
        /// The memo does not exist, somebody else has deleted it, or the viewer cannot see it.
        NotFound,
        /// The viewer is neither the memo's author nor its recipient.
        NotAParticipant,
        /// The recipient has postponed or reviewed the memo, which ended the author's right to
        /// delete it.
        RecipientHasActed,
        /// An administrator has placed a hold on the memo.
        OnHold,
        /// There are warnings. Show the payload's `preview` to the person, and send its
        /// `confirmationToken` to confirm.
        ConfirmationRequired,
        /// Something has changed since the preview. Show the payload's new `preview` to the person,
        /// and send its `confirmationToken` to confirm.
        ConfirmationStale,
    }
}

done! {
    MemoDeleted(DeleteMemoErrorCode) {
        /// The global id of the deleted memo, for removing it from a client's cache; null if the
        /// memo was not deleted.
        deleted_memo_id: Option<ID>,
        /// The record of the deletion; null if the memo was not deleted. Its lists equal those of
        /// the preview. `restoreMemo` takes its id.
        receipt: Option<MemoDeletion>,
        /// What would happen now, with blockers and warnings. Null if the memo was deleted, or if
        /// the viewer cannot see it.
        preview: Option<MemoDeletionPreview>,
        /// Whether the viewer had already deleted the memo before. If so, this is the same receipt
        /// again.
        replayed: bool,
    }
}

/// One of several memos to delete.
#[derive(InputObject)]
pub struct DeleteMemosItem {
    /// The memo's global id.
    memo_id: ID,
    /// The `confirmationToken` of the preview that the person has seen.
    confirmation_token: Option<String>,
}

/// The memos to delete.
#[derive(InputObject)]
pub struct DeleteMemosInput {
    /// The memos, 1–100.
    memos: Vec<DeleteMemosItem>,
    /// The reason in the person's words, at most 2,000 characters. It is stored in each record.
    reason: Option<String>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    DeleteMemos(DeleteMemosErrorCode) or InvalidInput {}
}

done! {
    MemosDeleted(DeleteMemosErrorCode) {
        /// A result for each memo, in the order of the input. Each memo is deleted or refused on
        /// its own.
        results: Vec<Payload<MemoDeleted>>,
    }
}

#[Object]
impl DeleteMemos {
    /// Deletes a memo and everything that belongs to it, as `memoDeletionPreview` shows. If there
    /// are warnings, confirm it with the preview's token. A refusal changes nothing. Repeating a
    /// deletion returns the same receipt.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn delete_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The memo to delete.")] input: DeleteMemoInput,
    ) -> ApiResult<Payload<MemoDeleted>> {
        respond(input.client_mutation_id, async {
            let memo_id = Kind::Memo.parse("memoId", &input.memo_id)?;
            let reason = read_reason(input.reason.as_deref())?;
            let confirmation_token = input.confirmation_token;
            delete(ctx, &Deletion { memo_id, confirmation_token, reason }).await
        })
        .await
    }

    /// Deletes up to 100 memos one after the other, each as `deleteMemo` does. If one is refused,
    /// the others are still processed.
    #[graphql(
        guard = "signed_in()",
        directive = auth::apply(Requirement::SignedIn),
        complexity = "5 + input.memos.len() * child_complexity"
    )]
    async fn delete_memos(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The memos to delete.")] input: DeleteMemosInput,
    ) -> ApiResult<Payload<MemosDeleted>> {
        respond(input.client_mutation_id, async {
            if input.memos.is_empty() || input.memos.len() > MAX_DELETIONS {
                let message =
                    format!("{} memos were given: give 1 to {MAX_DELETIONS}.", input.memos.len());
                return Err(MutationError::input("memos", message).into());
            }
            // All ids are parsed first: a malformed one refuses the request before anything is
            // deleted.
            let mut ids = Vec::with_capacity(input.memos.len());
            for (n, item) in input.memos.iter().enumerate() {
                ids.push(Kind::Memo.parse(&format!("memos.{n}.memoId"), &item.memo_id)?);
            }
            let mut results = Vec::with_capacity(ids.len());
            for (memo_id, item) in ids.into_iter().zip(input.memos) {
                let deletion = async {
                    let reason = read_reason(input.reason.as_deref())?;
                    let confirmation_token = item.confirmation_token;
                    delete(ctx, &Deletion { memo_id, confirmation_token, reason }).await
                };
                results.push(respond(None, deletion).await?);
            }
            Ok(MemosDeleted { results })
        })
        .await
    }
}

fn read_reason<C: RefusesInput>(reason: Option<&str>) -> Result<Option<String>, MutationError<C>> {
    text::optional(reason, text::MAX_REASON)
        .map_err(|problem| MutationError::text("reason", problem))
}

/// Deletes one memo and translates the outcome.
async fn delete(ctx: &Context<'_>, deletion: &Deletion) -> Result<MemoDeleted, Stop<MemoDeleted>> {
    use DeleteMemoErrorCode as Code;
    let outcome =
        memo_deletion::delete(services(ctx)?, deletion_settings(ctx)?, viewer(ctx)?, deletion)
            .await?;
    metrics(ctx)?.deletion(&outcome);
    let (preview, errors) = match outcome {
        Outcome::Deleted { record, replayed } => {
            return Ok(MemoDeleted {
                deleted_memo_id: Some(Kind::Memo.id(record.memo_id)),
                receipt: Some(MemoDeletion(*record)),
                replayed,
                ..MemoDeleted::default()
            });
        }
        Outcome::NotFound => {
            return Err(MutationError::at("memoId", Code::NotFound, sentences::NO_SUCH_MEMO).into());
        }
        Outcome::Denied(preview) => {
            let errors = denials(&preview);
            (preview, errors)
        }
        Outcome::ConfirmationRequired(preview) => {
            let (code, message) = (Code::ConfirmationRequired, sentences::CONFIRMATION_REQUIRED);
            (preview, vec![MutationError::at("confirmationToken", code, message)])
        }
        Outcome::ConfirmationStale(preview) => {
            let (code, message) = (Code::ConfirmationStale, sentences::CONFIRMATION_STALE);
            (preview, vec![MutationError::at("confirmationToken", code, message)])
        }
    };
    let preview = Some(MemoDeletionPreview(*preview));
    Err(Stop::refused(MemoDeleted { preview, ..MemoDeleted::default() }, errors))
}

/// A refusal for each of the blockers.
fn denials(preview: &Preview) -> Vec<MutationError<DeleteMemoErrorCode>> {
    let blockers = preview.decision.blockers.iter();
    blockers
        .map(|blocker| {
            let message = blocker_message(blocker, preview.inactive_recipient.as_deref());
            MutationError::at("memoId", code(blocker.code.into()), message)
        })
        .collect()
}

fn code(blocker: MemoDeletionBlockerCode) -> DeleteMemoErrorCode {
    match blocker {
        MemoDeletionBlockerCode::NotAParticipant => DeleteMemoErrorCode::NotAParticipant,
        MemoDeletionBlockerCode::RecipientHasActed => DeleteMemoErrorCode::RecipientHasActed,
        MemoDeletionBlockerCode::OnHold => DeleteMemoErrorCode::OnHold,
    }
}
