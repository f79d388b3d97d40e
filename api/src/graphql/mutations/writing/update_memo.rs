//! `updateMemo`

use super::{
    input::{change, change_of_id},
    refusals::{carries_refusals, of_write},
};
use crate::graphql::{
    date::Date,
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::{Kind, WrongId},
    loaders::{loaders, services},
    objects::Memo,
    payload::{or_refuse, user_error},
};
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use service::memos::{MemoChanges, update};
use uuid::Uuid;

#[derive(Default)]
pub struct UpdateMemo;

/// What to change of a memo. A field that is left out stays as it is; null clears it.
#[derive(InputObject)]
pub struct UpdateMemoInput {
    /// The memo's global id.
    memo_id: ID,
    /// The `version` of the memo that the person has seen: if it has another by now, nothing is changed. Left out or null, that is not checked.
    expected_version: Option<i64>,
    /// The title, 1–250 characters, for the author. It cannot be null.
    name: MaybeUndefined<String>,
    /// What there is to say, at most 20,000 characters, for the author.
    description: MaybeUndefined<String>,
    /// To whom, for the author, while it is a draft. It cannot be null.
    recipient_id: MaybeUndefined<ID>,
    /// The conclusion, at most 20,000 characters, for the recipient.
    note: MaybeUndefined<String>,
    /// The day on which the recipient wants to look at it (again), for the recipient.
    review_date: MaybeUndefined<Date>,
    /// The deal that it is about, for the author.
    deal_id: MaybeUndefined<ID>,
    /// What the memo is for, as "For approval", for the author: one of `resolutions`.
    resolution_id: MaybeUndefined<ID>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

user_error! {
    /// Why a memo was not changed.
    UpdateMemoUserError,
    /// The codes with which `updateMemo` refuses.
    UpdateMemoErrorCode {
        /// The memo, a person, a deal or a resolution with that id does not exist for the viewer.
        NotFound,
        /// The memo has another version than the expected one: the payload's `memo` is the memo as it is now.
        VersionConflict,
        /// Only the author changes this field.
        NotTheAuthor,
        /// Only the recipient changes this field.
        NotTheRecipient,
        /// Only author and recipient change this field.
        NotAParticipant,
        /// The recipient has postponed or reviewed the memo, which ended the author's right to change this field.
        RecipientHasActed,
        /// An administrator has placed a hold on the memo: what its author wrote stays as it is.
        OnHold,
        /// The memo has been sent to its recipient: copy it and send the copy.
        AlreadySent,
        /// That person does not work here any more.
        InactivePerson,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput,
    }
}
carries_refusals!(
    UpdateMemoUserError,
    UpdateMemoErrorCode {
        NotFound, VersionConflict, NotTheAuthor, NotTheRecipient, NotAParticipant, RecipientHasActed, OnHold, AlreadySent, InactivePerson;
        InvalidInput
    }
);

/// What came of it.
#[derive(SimpleObject, Default)]
pub struct UpdateMemoPayload {
    /// The memo as it is now, also with `VERSION_CONFLICT`; null if it was refused for another reason.
    memo: Option<Memo>,
    /// Why nothing was changed, an error for each field that is wrong; empty if all is as wanted.
    user_errors: Vec<UpdateMemoUserError>,
    /// What the client sent.
    client_mutation_id: Option<String>,
}

#[Object]
impl UpdateMemo {
    /// Changes fields of a memo, all or none. What is as wanted already is no change: it raises no version and nobody hears of it.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn update_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which memo, and what to change.")] input: UpdateMemoInput,
    ) -> ApiResult<UpdateMemoPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        let (memo_id, changes) = or_refuse!(input.into_service(), UpdateMemoPayload, client_mutation_id);
        let (memo, refused) = match update(services(ctx)?, viewer(ctx)?, memo_id, &changes).await? {
            Ok(memo) => (Some(memo), Vec::new()),
            Err(refusal) => of_write(refusal),
        };
        loaders(ctx)?.forget_memos();
        Ok(UpdateMemoPayload {
            memo: memo.map(Memo),
            user_errors: refused.into_iter().map(Into::into).collect(),
            client_mutation_id,
        })
    }
}

impl UpdateMemoInput {
    fn into_service(self) -> Result<(Uuid, MemoChanges), WrongId> {
        let changes = MemoChanges {
            expected_version: self.expected_version,
            name: change(self.name),
            description: change(self.description),
            recipient_id: change_of_id(Kind::User, "recipientId", &self.recipient_id)?,
            note: change(self.note),
            review_date: change(self.review_date.map_value(|date| date.0)),
            deal_id: change_of_id(Kind::Deal, "dealId", &self.deal_id)?,
            resolution_id: change_of_id(Kind::Resolution, "resolutionId", &self.resolution_id)?,
        };
        Ok((Kind::Memo.parse("memoId", &self.memo_id)?, changes))
    }
}
