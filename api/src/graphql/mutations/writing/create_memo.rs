//! `createMemo`

use super::{
    input::too_long,
    refusals::{carries_refusals, of_flaws},
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
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use service::memos::{NewMemo, create};

#[derive(Default)]
pub struct CreateMemo;

/// The memo to write.
#[derive(InputObject)]
pub struct CreateMemoInput {
    /// The title, 1–250 characters.
    name: String,
    /// What there is to say, at most 20,000 characters.
    description: Option<String>,
    /// To whom: the global id of somebody who works here. Left out or null, it is a to-do for the viewer.
    recipient_id: Option<ID>,
    /// Whether it is kept as a draft instead of being sent at once.
    #[graphql(default_with = "Some(false)")]
    draft: Option<bool>,
    /// The day on which the recipient should look at it.
    review_date: Option<Date>,
    /// The people who read it along, at most 100. Author and recipient, who read it anyway, are left out.
    subscriber_ids: Option<Vec<ID>>,
    /// Its tags, at most 100.
    tag_ids: Option<Vec<ID>>,
    /// The deal that it is about.
    deal_id: Option<ID>,
    /// What the memo is for, as "For approval": one of `resolutions`.
    resolution_id: Option<ID>,
    /// Files to attach, at most 100: some that the viewer has uploaded or sees. Of one that another memo has or somebody else uploaded, the
    /// memo gets a copy with an id of its own.
    file_ids: Option<Vec<ID>>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

user_error! {
    /// Why a memo was not written.
    CreateMemoUserError,
    /// The codes with which `createMemo` refuses.
    CreateMemoErrorCode {
        /// A person, a tag, a deal, a resolution or a file with that id does not exist for the viewer.
        NotFound,
        /// That person does not work here any more.
        InactivePerson,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput,
    }
}
carries_refusals!(CreateMemoUserError, CreateMemoErrorCode { NotFound, InactivePerson; InvalidInput });

/// What came of it.
#[derive(SimpleObject, Default)]
pub struct CreateMemoPayload {
    /// The new memo; null if it was refused.
    memo: Option<Memo>,
    /// Why no memo was written, an error for everything that is wrong; empty if it was written.
    user_errors: Vec<CreateMemoUserError>,
    /// What the client sent.
    client_mutation_id: Option<String>,
}

#[Object]
impl CreateMemo {
    /// Writes a memo, and sends it unless it is to be a draft: its recipient and those who read it along are told, and have not read it.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn create_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The memo.")] input: CreateMemoInput,
    ) -> ApiResult<CreateMemoPayload> {
        let refused = too_long(&[
            ("subscriberIds", input.subscriber_ids.as_deref().unwrap_or_default()),
            ("tagIds", input.tag_ids.as_deref().unwrap_or_default()),
            ("fileIds", input.file_ids.as_deref().unwrap_or_default()),
        ]);
        let client_mutation_id = input.client_mutation_id.clone();
        if !refused.is_empty() {
            let user_errors = refused.into_iter().map(Into::into).collect();
            return Ok(CreateMemoPayload { user_errors, client_mutation_id, ..CreateMemoPayload::default() });
        }
        let memo = or_refuse!(input.into_service(), CreateMemoPayload, client_mutation_id);
        let created = create(services(ctx)?, viewer(ctx)?, &memo).await?;
        loaders(ctx)?.forget_memos();
        Ok(match created {
            Ok(memo) => CreateMemoPayload {
                memo: Some(Memo(memo)),
                client_mutation_id,
                ..CreateMemoPayload::default()
            },
            Err(flaws) => CreateMemoPayload {
                user_errors: of_flaws(&flaws).into_iter().map(Into::into).collect(),
                client_mutation_id,
                ..CreateMemoPayload::default()
            },
        })
    }
}

impl CreateMemoInput {
    fn into_service(self) -> Result<NewMemo, WrongId> {
        Ok(NewMemo {
            recipient_id: Kind::User.parse_optional("recipientId", self.recipient_id.as_ref())?,
            subscriber_ids: Kind::User
                .parse_all("subscriberIds", self.subscriber_ids.as_deref().unwrap_or_default())?,
            tag_ids: Kind::Tag.parse_all("tagIds", self.tag_ids.as_deref().unwrap_or_default())?,
            deal_id: Kind::Deal.parse_optional("dealId", self.deal_id.as_ref())?,
            resolution_id: Kind::Resolution.parse_optional("resolutionId", self.resolution_id.as_ref())?,
            file_ids: Kind::File.parse_all("fileIds", self.file_ids.as_deref().unwrap_or_default())?,
            name: self.name,
            description: self.description,
            draft: self.draft.unwrap_or_default(),
            review_date: self.review_date.map(|date| date.0),
        })
    }
}
