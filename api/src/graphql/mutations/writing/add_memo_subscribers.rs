//! `addMemoSubscribers`

use super::{
    input::too_long,
    refusals::{carries_refusals, of_write},
};
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::{loaders, services},
    objects::Memo,
    payload::{or_refuse, user_error},
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use service::memos::add_subscribers;

#[derive(Default)]
pub struct AddMemoSubscribers;

/// Who is to read which memo along.
#[derive(InputObject)]
pub struct AddMemoSubscribersInput {
    /// The memo's global id.
    memo_id: ID,
    /// The people, at most 100. Those who read it along already, its author and its recipient may be among them.
    user_ids: Vec<ID>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

user_error! {
    /// Why the people do not read the memo along.
    AddMemoSubscribersUserError,
    /// The codes with which `addMemoSubscribers` refuses.
    AddMemoSubscribersErrorCode {
        /// The memo, or a person with that id, does not exist for the viewer.
        NotFound,
        /// Only author and recipient choose who reads a memo along.
        NotAParticipant,
        /// That person does not work here any more.
        InactivePerson,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput,
    }
}
carries_refusals!(
    AddMemoSubscribersUserError,
    AddMemoSubscribersErrorCode { NotFound, NotAParticipant, InactivePerson; InvalidInput }
);

/// What came of it.
#[derive(SimpleObject, Default)]
pub struct AddMemoSubscribersPayload {
    /// The memo as it is now; null if it was refused.
    memo: Option<Memo>,
    /// Why the people do not read the memo along; empty if it was done.
    user_errors: Vec<AddMemoSubscribersUserError>,
    /// What the client sent.
    client_mutation_id: Option<String>,
}

#[Object]
impl AddMemoSubscribers {
    /// Lets people read a memo along, for its author and its recipient. If it is sent, the new ones are told, and have not read it. Doing it again changes nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn add_memo_subscribers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which memo, and who.")] input: AddMemoSubscribersInput,
    ) -> ApiResult<AddMemoSubscribersPayload> {
        let too_long = too_long(&[("userIds", &input.user_ids)]);
        let (memo, refused) = if too_long.is_empty() {
            let memo_id = or_refuse!(
                Kind::Memo.parse("memoId", &input.memo_id),
                AddMemoSubscribersPayload,
                input.client_mutation_id
            );
            let people = or_refuse!(
                Kind::User.parse_all("userIds", &input.user_ids),
                AddMemoSubscribersPayload,
                input.client_mutation_id
            );
            match add_subscribers(services(ctx)?, viewer(ctx)?, memo_id, &people).await? {
                Ok(memo) => (Some(memo), Vec::new()),
                Err(refusal) => of_write(refusal),
            }
        } else {
            (None, too_long)
        };
        loaders(ctx)?.forget_memos();
        Ok(AddMemoSubscribersPayload {
            memo: memo.map(Memo),
            user_errors: refused.into_iter().map(Into::into).collect(),
            client_mutation_id: input.client_mutation_id,
        })
    }
}
