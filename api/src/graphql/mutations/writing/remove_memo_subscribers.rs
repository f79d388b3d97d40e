//! `removeMemoSubscribers`

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
use service::memos::remove_subscribers;

#[derive(Default)]
pub struct RemoveMemoSubscribers;

/// Who is to read which memo along no longer.
#[derive(InputObject)]
pub struct RemoveMemoSubscribersInput {
    /// The memo's global id.
    memo_id: ID,
    /// The people, at most 100. Those who do not read it along may be among them.
    user_ids: Vec<ID>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

user_error! {
    /// Why the people still read the memo along.
    RemoveMemoSubscribersUserError,
    /// The codes with which `removeMemoSubscribers` refuses.
    RemoveMemoSubscribersErrorCode {
        /// The memo does not exist for the viewer.
        NotFound,
        /// Only author and recipient end somebody else's reading along.
        NotAParticipant,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput,
    }
}
carries_refusals!(
    RemoveMemoSubscribersUserError,
    RemoveMemoSubscribersErrorCode { NotFound, NotAParticipant; InvalidInput }
);

/// What came of it.
#[derive(SimpleObject, Default)]
pub struct RemoveMemoSubscribersPayload {
    /// The memo as it is now; null if it was refused, or if the viewer, who has removed themselves, does not see it any more.
    memo: Option<Memo>,
    /// Why the people still read the memo along; empty if it was done.
    user_errors: Vec<RemoveMemoSubscribersUserError>,
    /// What the client sent.
    client_mutation_id: Option<String>,
}

#[Object]
impl RemoveMemoSubscribers {
    /// Ends people's reading a memo along, for its author and its recipient; whoever reads it along may end that for themselves. Doing it again changes nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn remove_memo_subscribers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which memo, and who.")] input: RemoveMemoSubscribersInput,
    ) -> ApiResult<RemoveMemoSubscribersPayload> {
        let too_long = too_long(&[("userIds", &input.user_ids)]);
        let (memo, refused) = if too_long.is_empty() {
            let memo_id = or_refuse!(
                Kind::Memo.parse("memoId", &input.memo_id),
                RemoveMemoSubscribersPayload,
                input.client_mutation_id
            );
            let people = or_refuse!(
                Kind::User.parse_all("userIds", &input.user_ids),
                RemoveMemoSubscribersPayload,
                input.client_mutation_id
            );
            match remove_subscribers(services(ctx)?, viewer(ctx)?, memo_id, &people).await? {
                Ok(memo) => (memo, Vec::new()),
                Err(refusal) => of_write(refusal),
            }
        } else {
            (None, too_long)
        };
        loaders(ctx)?.forget_memos();
        Ok(RemoveMemoSubscribersPayload {
            memo: memo.map(Memo),
            user_errors: refused.into_iter().map(Into::into).collect(),
            client_mutation_id: input.client_mutation_id,
        })
    }
}
