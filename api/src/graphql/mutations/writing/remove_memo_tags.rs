//! `removeMemoTags`

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
use service::memos::remove_tags;

#[derive(Default)]
pub struct RemoveMemoTags;

/// Which tags to take off which memo.
#[derive(InputObject)]
pub struct RemoveMemoTagsInput {
    /// The memo's global id.
    memo_id: ID,
    /// The tags, at most 100. Those that it does not have may be among them.
    tag_ids: Vec<ID>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

user_error! {
    /// Why the tags were not taken off the memo.
    RemoveMemoTagsUserError,
    /// The codes with which `removeMemoTags` refuses.
    RemoveMemoTagsErrorCode {
        /// The memo does not exist for the viewer.
        NotFound,
        /// Only author and recipient put tags on a memo and take them off.
        NotAParticipant,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput,
    }
}
carries_refusals!(RemoveMemoTagsUserError, RemoveMemoTagsErrorCode { NotFound, NotAParticipant; InvalidInput });

/// What came of it.
#[derive(SimpleObject, Default)]
pub struct RemoveMemoTagsPayload {
    /// The memo as it is now; null if it was refused.
    memo: Option<Memo>,
    /// Why the tags were not taken off the memo; empty if it was done.
    user_errors: Vec<RemoveMemoTagsUserError>,
    /// What the client sent.
    client_mutation_id: Option<String>,
}

#[Object]
impl RemoveMemoTags {
    /// Takes tags off a memo, for its author and its recipient. Doing it again changes nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn remove_memo_tags(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which memo, and which tags.")] input: RemoveMemoTagsInput,
    ) -> ApiResult<RemoveMemoTagsPayload> {
        let too_long = too_long(&[("tagIds", &input.tag_ids)]);
        let (memo, refused) = if too_long.is_empty() {
            let memo_id = or_refuse!(
                Kind::Memo.parse("memoId", &input.memo_id),
                RemoveMemoTagsPayload,
                input.client_mutation_id
            );
            let tags = or_refuse!(
                Kind::Tag.parse_all("tagIds", &input.tag_ids),
                RemoveMemoTagsPayload,
                input.client_mutation_id
            );
            match remove_tags(services(ctx)?, viewer(ctx)?, memo_id, &tags).await? {
                Ok(memo) => (Some(memo), Vec::new()),
                Err(refusal) => of_write(refusal),
            }
        } else {
            (None, too_long)
        };
        loaders(ctx)?.forget_memos();
        Ok(RemoveMemoTagsPayload {
            memo: memo.map(Memo),
            user_errors: refused.into_iter().map(Into::into).collect(),
            client_mutation_id: input.client_mutation_id,
        })
    }
}
