//! `deleteMemo`

use crate::graphql::{
    enums::MemoDeletionBlockerCode,
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::{deletion_settings, metrics, services},
    mutations::respond::{
        ErrorCode, MutationError, Payload, RefusesInput, Stop, codes, done, respond,
    },
    objects::{MemoDeletion, MemoDeletionPreview, blocker_message},
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object};
use service::{
    memo_deletion::{self, Deletion, Lists, Outcome, Precondition, Preview},
    text,
};
use uuid::Uuid;

#[derive(Default)]
pub struct DeleteMemo;

/// The memo to delete.
#[derive(InputObject)]
pub struct DeleteMemoInput {
    /// The memo's global id.
    memo_id: ID,
    /// The `confirmationToken` of the preview that the person has seen. Required if the preview's
    /// verdict is DISCOURAGED. If given, the memo is deleted only if everything is still as in that
    /// preview.
    confirmation_token: Option<String>,
    /// The `version` of the memo that the person has seen, for clients that show no preview. If
    /// given, the memo is deleted only if it still has this version and there are no warnings. Give
    /// either this or `confirmationToken`. A restored memo has its old version.
    expected_version: Option<i64>,
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
        /// The memo does not have the expected version. The payload's `preview` shows the memo as
        /// it is now. Send its `confirmationToken`, or the new version.
        VersionConflict,
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
        /// What would happen now, with blockers and warnings. Every refusal has it. Null if the
        /// memo was deleted, or if the viewer cannot see it.
        preview: Option<MemoDeletionPreview>,
        /// Whether the viewer had already deleted the memo before. If so, this is the same receipt
        /// again.
        replayed: bool,
    }
}

#[Object]
impl DeleteMemo {
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
            let seen = (input.confirmation_token, input.expected_version);
            delete(ctx, memo_id, seen, input.reason.as_deref()).await
        })
        .await
    }
}

/// The token of the preview and the version of the memo that the person has seen.
pub(super) type Seen = (Option<String>, Option<i64>);

/// What must still be as the person has seen it.
fn precondition(seen: Seen) -> Result<Precondition, MutationError<DeleteMemoErrorCode>> {
    match seen {
        (None, None) => Ok(Precondition::None),
        (Some(token), None) => Ok(Precondition::Preview(token)),
        (None, Some(version)) => Ok(Precondition::Version(version)),
        (Some(_), Some(_)) => {
            Err(MutationError::input("expectedVersion", sentences::EITHER_TOKEN_OR_VERSION))
        }
    }
}

/// The deletion that the input asks for.
fn requested(
    memo_id: Uuid,
    seen: Seen,
    reason: Option<&str>,
) -> Result<Deletion, MutationError<DeleteMemoErrorCode>> {
    let precondition = precondition(seen)?;
    Ok(Deletion { memo_id, precondition, reason: read_reason(reason)? })
}

/// The reason, if it is valid.
pub(super) fn read_reason<C: RefusesInput>(
    reason: Option<&str>,
) -> Result<Option<String>, MutationError<C>> {
    text::optional(reason, text::MAX_REASON)
        .map_err(|problem| MutationError::text("reason", problem))
}

/// Deletes one memo and translates the outcome.
pub(super) async fn delete(
    ctx: &Context<'_>,
    memo_id: Uuid,
    seen: Seen,
    reason: Option<&str>,
) -> Result<MemoDeleted, Stop<MemoDeleted>> {
    let (services, settings, viewer) = (services(ctx)?, deletion_settings(ctx)?, viewer(ctx)?);
    let deletion = match requested(memo_id, seen, reason) {
        Ok(deletion) => deletion,
        Err(error) => {
            let lists = Lists::default();
            let preview =
                memo_deletion::preview(services, settings, viewer, memo_id, lists).await?;
            return Err(refused(preview, vec![error]));
        }
    };
    let outcome = memo_deletion::delete(services, settings, viewer, &deletion).await?;
    answer(ctx, &deletion.precondition, outcome)
}

/// Translates the outcome of a deletion.
pub(super) fn answer(
    ctx: &Context<'_>,
    precondition: &Precondition,
    outcome: Outcome,
) -> Result<MemoDeleted, Stop<MemoDeleted>> {
    use DeleteMemoErrorCode as Code;
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
            let errors = denials("memoId", &preview, code);
            (preview, errors)
        }
        Outcome::ConfirmationRequired(preview) => {
            let message = match precondition {
                Precondition::Version(_) => sentences::VERSION_CONFIRMS_NO_WARNING,
                Precondition::None | Precondition::Preview(_) => sentences::CONFIRMATION_REQUIRED,
            };
            let code = Code::ConfirmationRequired;
            (preview, vec![MutationError::at("confirmationToken", code, message)])
        }
        Outcome::ConfirmationStale(preview) => {
            let (code, message) = (Code::ConfirmationStale, sentences::CONFIRMATION_STALE);
            (preview, vec![MutationError::at("confirmationToken", code, message)])
        }
        Outcome::VersionConflict(preview) => {
            let message = sentences::deletion_version_conflict(preview.memo.version);
            let error = MutationError::at("expectedVersion", Code::VersionConflict, message);
            (preview, vec![error])
        }
    };
    Err(refused(Some(*preview), errors))
}

/// A refusal that shows what would happen now.
fn refused(
    preview: Option<Preview>,
    errors: Vec<MutationError<DeleteMemoErrorCode>>,
) -> Stop<MemoDeleted> {
    let preview = preview.map(MemoDeletionPreview);
    Stop::refused(MemoDeleted { preview, ..MemoDeleted::default() }, errors)
}

/// A refusal for each of the blockers. `path` is the place of the memo's id in the input.
pub(super) fn denials<C: ErrorCode>(
    path: &str,
    preview: &Preview,
    code: fn(MemoDeletionBlockerCode) -> C,
) -> Vec<MutationError<C>> {
    let blockers = preview.decision.blockers.iter();
    blockers
        .map(|blocker| {
            let message = blocker_message(blocker, preview.inactive_recipient.as_deref());
            MutationError::at(path, code(blocker.code.into()), message)
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
