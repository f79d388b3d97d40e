//! `erasePerson`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, admin, auth, viewer},
    id::Kind,
    loaders::{deletion_settings, file_store, services},
    mutations::{
        COST_OF_MANY,
        respond::{MutationError, Payload, Stop, codes, done, respond},
    },
    objects::{PersonErasure as Record, PersonErasurePreview},
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object};
use service::{
    person_erasure::{
        self, Outcome, PersonErasure,
        policy::{Blocker, BlockerCode},
    },
    text,
};

#[derive(Default)]
pub struct ErasePerson;

/// The person to erase.
#[derive(InputObject)]
pub struct ErasePersonInput {
    /// The person's global id.
    user_id: ID,
    /// The `confirmationToken` of the `personErasurePreview` that the administrator has seen. It is
    /// required.
    confirmation_token: Option<String>,
    /// The reason in the administrator's words, 1–250 characters. It is required and stays with the
    /// record. So it should not name the person.
    reason: Option<String>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    ErasePerson(ErasePersonErrorCode) or InvalidInput {
        /// The person does not exist.
        NotFound,
        /// Another administrator has already erased the person.
        AlreadyErased,
        /// Administrators cannot erase themselves.
        Oneself,
        /// The last active administrator cannot be erased.
        LastAdmin,
        /// The person has a part in memos on hold.
        OnHold,
        /// Memos wait for the person as their recipient. Pass them on with `reassignMemos`.
        OpenMemos,
        /// Nobody else who is active is responsible for open tasks or projects of the person.
        OpenWork,
        /// The administrator must give a `reason`.
        ReasonRequired,
        /// The `confirmationToken` is missing. Check the payload's `preview`, and send its token.
        ConfirmationRequired,
        /// Something has changed since the preview. Check the payload's new `preview`, and send its
        /// `confirmationToken`.
        ConfirmationStale,
    }
}

done! {
    PersonErased(ErasePersonErrorCode) {
        /// The record of the erasure; null if the mutation was refused.
        erasure: Option<Record>,
        /// What would happen now. Null if the person was erased, or does not exist.
        preview: Option<PersonErasurePreview>,
        /// Whether the server's next purge still has to erase something that nobody can read any
        /// more: the rest of many drafts, bytes that could not be removed now, or old texts in the
        /// file of an SQLite database.
        pending: bool,
        /// Whether the viewer had already erased the person before. If so, this is the same record
        /// again.
        replayed: bool,
    }
}

#[Object]
impl ErasePerson {
    /// Erases a person for ever, as `personErasurePreview` shows. A pseudonym takes the place of
    /// full name, username and email address. Password, sessions, identities, mails, notifications,
    /// reminders, unread marks and reasons go, and open connections end. Memos, comments and files
    /// that others need stay under the pseudonym. Repeating an erasure returns the same record. For
    /// administrators.
    #[graphql(
        guard = "admin()",
        directive = auth::apply(Requirement::Admin),
        complexity = "COST_OF_MANY + child_complexity"
    )]
    async fn erase_person(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person to erase.")] input: ErasePersonInput,
    ) -> ApiResult<Payload<PersonErased>> {
        respond(input.client_mutation_id, async {
            let person = Kind::User.parse("userId", &input.user_id)?;
            let reason = text::optional(input.reason.as_deref(), text::MAX_ERASURE_REASON)
                .map_err(|problem| MutationError::text("reason", problem))?;
            let confirmation_token = input.confirmation_token;
            let erasure = PersonErasure { person, confirmation_token, reason };
            let (services, settings) = (services(ctx)?, deletion_settings(ctx)?);
            let (store, viewer) = (file_store(ctx)?, viewer(ctx)?);
            done(person_erasure::erase(services, store, settings, viewer, &erasure).await?)
        })
        .await
    }
}

fn done(outcome: Outcome) -> Result<PersonErased, Stop<PersonErased>> {
    use ErasePersonErrorCode as Code;
    let (preview, errors) = match outcome {
        Outcome::Erased { record, replayed, pending } => {
            let erasure = Some(Record(*record));
            return Ok(PersonErased { erasure, preview: None, pending, replayed });
        }
        Outcome::NotFound => {
            let message = sentences::NO_SUCH_PERSON;
            return Err(MutationError::at("userId", Code::NotFound, message).into());
        }
        Outcome::Denied(preview) => {
            let errors = preview.blockers.iter().map(denial).collect();
            (preview, errors)
        }
        Outcome::ReasonRequired(preview) => {
            let (code, message) = (Code::ReasonRequired, sentences::PERSON_ERASURE_REASON_REQUIRED);
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
    let preview = Some(PersonErasurePreview(*preview));
    Err(Stop::refused(PersonErased { preview, ..PersonErased::default() }, errors))
}

fn denial(blocker: &Blocker) -> MutationError<ErasePersonErrorCode> {
    let code = match blocker.code {
        BlockerCode::AlreadyErased => ErasePersonErrorCode::AlreadyErased,
        BlockerCode::Oneself => ErasePersonErrorCode::Oneself,
        BlockerCode::LastAdmin => ErasePersonErrorCode::LastAdmin,
        BlockerCode::OnHold => ErasePersonErrorCode::OnHold,
        BlockerCode::OpenMemos => ErasePersonErrorCode::OpenMemos,
        BlockerCode::OpenWork => ErasePersonErrorCode::OpenWork,
    };
    MutationError::at("userId", code, sentences::person_erasure_blocker(blocker))
}
