//! `eraseMemoDeletion`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::{deletion_settings, file_store, services},
    mutations::respond::{MutationError, Payload, Stop, codes, done, respond},
    objects::{MemoDeletion, MemoErasurePreview},
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object};
use service::{
    memo_deletion::erasure::{self, Erasure, Outcome, policy::BlockerCode},
    text,
};

#[derive(Default)]
pub struct EraseMemoDeletion;

/// The deleted memo to erase.
#[derive(InputObject)]
pub struct EraseMemoDeletionInput {
    /// The global id of the deletion record: the `receipt` of `deleteMemo`, or one of
    /// `memoDeletions`.
    deletion_id: ID,
    /// The `confirmationToken` of the `memoErasurePreview` that the person has seen. It is
    /// required.
    confirmation_token: Option<String>,
    /// The reason in the person's words, 1–250 characters. Administrators must give one. It stays
    /// with the record, where everybody who can see the record can read it. So it should repeat
    /// nothing of the memo.
    reason: Option<String>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    EraseMemoDeletion(EraseMemoDeletionErrorCode) or InvalidInput {
        /// The record does not exist, or the viewer cannot see it.
        NotFound,
        /// Only administrators can erase. Where the operator allows it, the person who deleted the
        /// memo and its author can too.
        NotAllowed,
        /// The memo was restored.
        AlreadyRestored,
        /// Somebody else has already erased the content, or its time was over.
        AlreadyErased,
        /// An administrator has placed a hold on the memo.
        OnHold,
        /// The viewer is an administrator and must give a `reason`.
        ReasonRequired,
        /// The `confirmationToken` is missing. Show the payload's `preview` to the person, and send
        /// its token.
        ConfirmationRequired,
        /// Something has changed since the preview. Show the payload's new `preview` to the person,
        /// and send its `confirmationToken`.
        ConfirmationStale,
    }
}

done! {
    MemoDeletionErased(EraseMemoDeletionErrorCode) {
        /// The record, now without names and texts; null if the mutation was refused.
        deletion: Option<MemoDeletion>,
        /// What would happen now. Null if the memo was erased, or if the viewer cannot see the
        /// record.
        preview: Option<MemoErasurePreview>,
        /// Whether the server's next purge still has to erase something that nobody can read any
        /// more: the rest of a memo with more than 10,000 comments, or bytes that this call could
        /// not remove because they were stored within the last hour, or the file store did not
        /// answer.
        pending: bool,
        /// Whether the viewer had already erased the memo before. If so, this is the same record
        /// again.
        replayed: bool,
    }
}

#[Object]
impl EraseMemoDeletion {
    /// Erases the content of a deleted memo for ever, before its time is over, as
    /// `memoErasurePreview` shows: names, texts, links, and the bytes of files that nothing else
    /// has. The record stays and says who erased it, when and why. The people who could have
    /// restored the memo are notified. Repeating an erasure returns the same record. For
    /// administrators, and where the operator allows it (`erase-by-owner`), for the person who
    /// deleted the memo and its author.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn erase_memo_deletion(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The deleted memo to erase.")] input: EraseMemoDeletionInput,
    ) -> ApiResult<Payload<MemoDeletionErased>> {
        respond(input.client_mutation_id, async {
            let record_id = Kind::MemoDeletion.parse("deletionId", &input.deletion_id)?;
            let reason = text::optional(input.reason.as_deref(), text::MAX_ERASURE_REASON)
                .map_err(|problem| MutationError::text("reason", problem))?;
            let confirmation_token = input.confirmation_token;
            let erasure = Erasure { record_id, confirmation_token, reason };
            let (services, settings) = (services(ctx)?, deletion_settings(ctx)?);
            done(
                erasure::erase(services, file_store(ctx)?, settings, viewer(ctx)?, &erasure)
                    .await?,
            )
        })
        .await
    }
}

fn done(outcome: Outcome) -> Result<MemoDeletionErased, Stop<MemoDeletionErased>> {
    use EraseMemoDeletionErrorCode as Code;
    let (preview, errors) = match outcome {
        Outcome::Erased { record, replayed, pending } => {
            let deletion = Some(MemoDeletion(*record));
            return Ok(MemoDeletionErased { deletion, preview: None, pending, replayed });
        }
        Outcome::NotFound => {
            let message = sentences::NO_SUCH_DELETION;
            return Err(MutationError::at("deletionId", Code::NotFound, message).into());
        }
        Outcome::Denied(preview) => {
            let errors = preview.blockers.iter().map(|blocker| denial(*blocker)).collect();
            (preview, errors)
        }
        Outcome::ReasonRequired(preview) => {
            let (code, message) = (Code::ReasonRequired, sentences::ERASURE_REASON_REQUIRED);
            (preview, vec![MutationError::at("reason", code, message)])
        }
        Outcome::ConfirmationRequired(preview) => {
            let (code, message) = (Code::ConfirmationRequired, sentences::ERASURE_UNCONFIRMED);
            (preview, vec![MutationError::at("confirmationToken", code, message)])
        }
        Outcome::ConfirmationStale(preview) => {
            let (code, message) = (Code::ConfirmationStale, sentences::ERASURE_STALE);
            (preview, vec![MutationError::at("confirmationToken", code, message)])
        }
    };
    let preview = Some(MemoErasurePreview(*preview));
    Err(Stop::refused(MemoDeletionErased { preview, ..MemoDeletionErased::default() }, errors))
}

fn denial(blocker: BlockerCode) -> MutationError<EraseMemoDeletionErrorCode> {
    let code = match blocker {
        BlockerCode::NotAllowed => EraseMemoDeletionErrorCode::NotAllowed,
        BlockerCode::AlreadyRestored => EraseMemoDeletionErrorCode::AlreadyRestored,
        BlockerCode::AlreadyErased => EraseMemoDeletionErrorCode::AlreadyErased,
        BlockerCode::OnHold => EraseMemoDeletionErrorCode::OnHold,
    };
    MutationError::at("deletionId", code, sentences::erasure_blocker(blocker))
}
