//! `deleteMemo`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::{metrics, services},
    objects::{MemoDeletion, MemoDeletionPreview, blocker_message},
    payload::{or_refuse, refuses_wrong_ids, user_error},
    sentences::NO_SUCH_MEMO,
    words::MemoDeletionBlockerCode,
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use service::{
    memo_deletion::{self, Deletion, Outcome, Preview},
    text,
};

#[derive(Default)]
pub struct DeleteMemo;

/// Which memo to delete.
#[derive(InputObject)]
pub struct DeleteMemoInput {
    /// The memo's global id.
    pub memo_id: ID,
    /// The `confirmationToken` of the preview that the person has seen. Needed if its verdict is DISCOURAGED. If given, the memo is deleted only
    /// if everything is still as that preview showed it.
    pub confirmation_token: Option<String>,
    /// Why, in the person's words, at most 2,000 characters. Kept in the record.
    pub reason: Option<String>,
    /// Anything that the client wants back in the payload.
    pub client_mutation_id: Option<String>,
}

user_error! {
    /// Why a memo was not deleted.
    DeleteMemoUserError,
    /// The codes with which `deleteMemo` refuses.
    DeleteMemoErrorCode {
        /// The memo does not exist for the viewer: unknown, somebody else's, or deleted by somebody else.
        NotFound,
        /// The viewer is neither the memo's author nor its recipient.
        NotAParticipant,
        /// The recipient has postponed or reviewed the memo, which ended the author's right to delete it.
        RecipientHasActed,
        /// An administrator has placed a hold on the memo.
        OnHold,
        /// Something speaks against it: show the payload's `preview` to the person and send its `confirmationToken`.
        ConfirmationRequired,
        /// Something has changed since the preview: show the payload's `preview`, which is fresh, and send its `confirmationToken`.
        ConfirmationStale,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput,
    }
}
refuses_wrong_ids!(DeleteMemoUserError, DeleteMemoErrorCode);

/// What came of a deletion.
#[derive(SimpleObject, Default)]
pub struct DeleteMemoPayload {
    /// The global id of the memo that is deleted now, for removing it from a client's cache; null if it was not deleted.
    pub deleted_memo_id: Option<ID>,
    /// The record of the deletion. Its lists equal the preview's. `restoreMemo` takes its id.
    pub receipt: Option<MemoDeletion>,
    /// What would happen now, with blockers and warnings, where a memo that the viewer sees was not deleted.
    pub preview: Option<MemoDeletionPreview>,
    /// Whether the viewer had deleted the memo before, and this is the same receipt again.
    pub replayed: bool,
    /// Why the memo was not deleted; empty if it was.
    pub user_errors: Vec<DeleteMemoUserError>,
    /// What the client sent.
    pub client_mutation_id: Option<String>,
}

#[Object]
impl DeleteMemo {
    /// Deletes a memo, as `memoDeletionPreview` shows it, or changes nothing and says why. Sending it again answers the same receipt.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn delete_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which memo.")] input: DeleteMemoInput,
    ) -> ApiResult<DeleteMemoPayload> {
        let memo_id = or_refuse!(
            Kind::Memo.parse("memoId", &input.memo_id),
            DeleteMemoPayload,
            input.client_mutation_id
        );
        let payload = match text::optional(input.reason.as_deref(), text::MAX_REASON) {
            Ok(reason) => {
                let deletion = Deletion { memo_id, confirmation_token: input.confirmation_token, reason };
                delete(ctx, &deletion).await?
            }
            Err(problem) => invalid_reason(problem),
        };
        Ok(DeleteMemoPayload { client_mutation_id: input.client_mutation_id, ..payload })
    }
}

/// The refusal of a reason.
pub fn invalid_reason(problem: text::TextProblem) -> DeleteMemoPayload {
    let error = DeleteMemoUserError::at(
        "reason",
        DeleteMemoErrorCode::InvalidInput,
        format!("The reason {problem}."),
    );
    DeleteMemoPayload { user_errors: vec![error], ..DeleteMemoPayload::default() }
}

/// Deletes one memo and translates what came of it.
///
/// # Errors
/// What went wrong inside.
pub async fn delete(ctx: &Context<'_>, deletion: &Deletion) -> ApiResult<DeleteMemoPayload> {
    use DeleteMemoErrorCode as Code;
    let refused =
        |field: &str, code: Code, message: &str| vec![DeleteMemoUserError::at(field, code, message)];
    let outcome = memo_deletion::delete(services(ctx)?, viewer(ctx)?, deletion).await?;
    metrics(ctx)?.deletion(&outcome);
    Ok(match outcome {
        Outcome::Deleted { record, replayed } => DeleteMemoPayload {
            deleted_memo_id: Some(Kind::Memo.id(record.memo_id)),
            receipt: Some(MemoDeletion(*record)),
            replayed,
            ..DeleteMemoPayload::default()
        },
        Outcome::NotFound => DeleteMemoPayload {
            user_errors: refused("memoId", Code::NotFound, NO_SUCH_MEMO),
            ..DeleteMemoPayload::default()
        },
        Outcome::Denied(preview) => DeleteMemoPayload {
            user_errors: denials(ctx, &preview).await?,
            preview: Some(MemoDeletionPreview(*preview)),
            ..DeleteMemoPayload::default()
        },
        Outcome::ConfirmationRequired(preview) => DeleteMemoPayload {
            preview: Some(MemoDeletionPreview(*preview)),
            user_errors: refused(
                "confirmationToken",
                Code::ConfirmationRequired,
                "Something speaks against deleting this memo. Read the warnings of the preview; to delete it all the same, send its \
                 confirmationToken.",
            ),
            ..DeleteMemoPayload::default()
        },
        Outcome::ConfirmationStale(preview) => DeleteMemoPayload {
            preview: Some(MemoDeletionPreview(*preview)),
            user_errors: refused(
                "confirmationToken",
                Code::ConfirmationStale,
                "Something has changed since the preview, so nothing was deleted. Read the fresh preview; to delete the memo all the same, \
                 send its confirmationToken.",
            ),
            ..DeleteMemoPayload::default()
        },
    })
}

/// A refusal for each of the blockers.
async fn denials(ctx: &Context<'_>, preview: &Preview) -> ApiResult<Vec<DeleteMemoUserError>> {
    let mut errors = Vec::new();
    for blocker in &preview.decision.blockers {
        let message = blocker_message(ctx, blocker, preview.memo.recipient_id).await?;
        errors.push(DeleteMemoUserError::at("memoId", code(blocker.code.into()), message));
    }
    Ok(errors)
}

fn code(blocker: MemoDeletionBlockerCode) -> DeleteMemoErrorCode {
    match blocker {
        MemoDeletionBlockerCode::NotAParticipant => DeleteMemoErrorCode::NotAParticipant,
        MemoDeletionBlockerCode::RecipientHasActed => DeleteMemoErrorCode::RecipientHasActed,
        MemoDeletionBlockerCode::OnHold => DeleteMemoErrorCode::OnHold,
    }
}
