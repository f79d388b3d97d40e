//! `updateMemo`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::{Kind, WrongId},
    loaders::services,
    mutations::respond::{MutationError, Payload, Stop, codes, done, respond},
    objects::Memo,
    scalars::Date,
    sentences,
};
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use service::memos::{
    self, Change, FieldDenial, Invalid, MemoChanges, UpdateMemoError, UpdateProblem,
    policy::{ConcludeDenial, EditDenial},
};
use uuid::Uuid;

#[derive(Default)]
pub struct UpdateMemo;

/// The changes to a memo. A field that is left out stays as it is; null clears it.
#[derive(InputObject)]
pub struct UpdateMemoInput {
    /// The memo's global id.
    memo_id: ID,
    /// The `version` of the memo that the person has seen. If the memo has another version by now,
    /// nothing is changed. If left out or null, the version is not checked.
    expected_version: Option<i64>,
    /// The title, 1–250 characters. It cannot be null. Only the author can change it.
    name: MaybeUndefined<String>,
    /// The text, at most 20,000 characters. Only the author can change it.
    description: MaybeUndefined<String>,
    /// The global id of the recipient. It cannot be null. Only the author can change it, and only
    /// while the memo is a draft.
    recipient_id: MaybeUndefined<ID>,
    /// The conclusion, at most 20,000 characters. Only the recipient can change it.
    conclusion: MaybeUndefined<String>,
    /// The day on which the recipient wants to look at it (again). Only the recipient can change
    /// it.
    review_date: MaybeUndefined<Date>,
    /// The global id of the deal that it is about. Only the author can change it.
    deal_id: MaybeUndefined<ID>,
    /// The global id of the resolution: what the memo is for, for example "For approval". Only the
    /// author can change it.
    resolution_id: MaybeUndefined<ID>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    UpdateMemo(UpdateMemoErrorCode) or InvalidInput {
        /// The memo does not exist, or the viewer cannot see it. Or a person, a deal or a
        /// resolution with this id does not exist.
        NotFound,
        /// The memo does not have the expected version. The payload's `memo` is the memo as it is
        /// now.
        VersionConflict,
        /// Only the author can change this field.
        NotTheAuthor,
        /// Only the recipient can change this field.
        NotTheRecipient,
        /// Only author and recipient can change this field.
        NotAParticipant,
        /// The recipient has postponed or reviewed the memo, which ended the author's right to
        /// change this field.
        RecipientHasActed,
        /// An administrator has placed a hold on the memo, so this field cannot change.
        OnHold,
        /// The memo has been sent, so its recipient cannot change. Copy the memo and send the copy.
        AlreadySent,
        /// The person is not active any more.
        InactivePerson,
    }
}

done! {
    MemoUpdated(UpdateMemoErrorCode) {
        /// The memo as it is now, also with `VERSION_CONFLICT`. Null if the mutation was refused
        /// for another reason.
        memo: Option<Memo>,
    }
}

impl From<UpdateMemoError> for Stop<MemoUpdated> {
    fn from(error: UpdateMemoError) -> Self {
        use UpdateMemoErrorCode as Code;
        match error {
            UpdateMemoError::NotFound => {
                MutationError::at("memoId", Code::NotFound, sentences::NO_SUCH_MEMO).into()
            }
            UpdateMemoError::VersionConflict(memo) => {
                let message = sentences::version_conflict(memo.version);
                let error = MutationError::at("expectedVersion", Code::VersionConflict, message);
                Self::refused(MemoUpdated { memo: Some(Memo::from(*memo)) }, vec![error])
            }
            UpdateMemoError::Invalid(fields) => {
                Self::refused(MemoUpdated::default(), fields.into_iter().map(invalid).collect())
            }
            UpdateMemoError::Failed(error) => error.into(),
        }
    }
}

fn invalid(
    Invalid { place, problem }: Invalid<UpdateProblem>,
) -> MutationError<UpdateMemoErrorCode> {
    use UpdateMemoErrorCode as Code;
    let (code, message) = match problem {
        UpdateProblem::NotFound(what) => (Code::NotFound, sentences::not_found(what).to_owned()),
        UpdateProblem::Inactive => (Code::InactivePerson, sentences::INACTIVE_PERSON.to_owned()),
        UpdateProblem::Required => (Code::InvalidInput, sentences::REQUIRED.to_owned()),
        UpdateProblem::Text(problem) => (Code::InvalidInput, sentences::text(place, problem)),
        UpdateProblem::Denied(FieldDenial::AlreadySent) => {
            (Code::AlreadySent, sentences::RECIPIENT_STAYS.to_owned())
        }
        UpdateProblem::Denied(FieldDenial::Edit(denial)) => {
            let code = match denial {
                EditDenial::NotTheAuthor => Code::NotTheAuthor,
                EditDenial::RecipientHasActed(_) => Code::RecipientHasActed,
                EditDenial::OnHold => Code::OnHold,
            };
            (code, sentences::denial(denial))
        }
        UpdateProblem::Denied(FieldDenial::Conclude(denial)) => {
            let code = match denial {
                ConcludeDenial::NotTheRecipient => Code::NotTheRecipient,
                ConcludeDenial::OnHold => Code::OnHold,
            };
            (code, sentences::denial(denial))
        }
    };
    MutationError::at(&sentences::path(place), code, message)
}

#[Object]
impl UpdateMemo {
    /// Changes fields of a memo: all of the given fields, or none. A field that already has the
    /// given value does not change. If no field changes, the version stays the same, and there is
    /// no event.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn update_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The memo and the changes.")] input: UpdateMemoInput,
    ) -> ApiResult<Payload<MemoUpdated>> {
        respond(input.client_mutation_id.clone(), async {
            let (memo_id, changes) = input.into_service()?;
            let memo = memos::update(services(ctx)?, viewer(ctx)?, memo_id, &changes).await?;
            Ok(MemoUpdated { memo: Some(Memo::from(memo)) })
        })
        .await
    }
}

impl UpdateMemoInput {
    fn into_service(self) -> Result<(Uuid, MemoChanges), WrongId> {
        let changes = MemoChanges {
            expected_version: self.expected_version,
            name: change(self.name),
            description: change(self.description),
            recipient_id: change_of_id(Kind::User, "recipientId", &self.recipient_id)?,
            conclusion: change(self.conclusion),
            review_date: change(self.review_date.map_value(|date| date.0)),
            deal_id: change_of_id(Kind::Deal, "dealId", &self.deal_id)?,
            resolution_id: change_of_id(Kind::Resolution, "resolutionId", &self.resolution_id)?,
        };
        Ok((Kind::Memo.parse("memoId", &self.memo_id)?, changes))
    }
}

/// The change of a field: a field that is left out stays as it is, and null clears it.
fn change<T>(value: MaybeUndefined<T>) -> Change<T> {
    match value {
        MaybeUndefined::Undefined => Change::Unchanged,
        MaybeUndefined::Null => Change::Cleared,
        MaybeUndefined::Value(value) => Change::To(value),
    }
}

/// The change of a field that holds an id.
fn change_of_id(kind: Kind, path: &str, id: &MaybeUndefined<ID>) -> Result<Change<Uuid>, WrongId> {
    Ok(match id {
        MaybeUndefined::Undefined => Change::Unchanged,
        MaybeUndefined::Null => Change::Cleared,
        MaybeUndefined::Value(id) => Change::To(kind.parse(path, id)?),
    })
}
