//! `addMemoTags`

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
use service::memos::add_tags;

#[derive(Default)]
pub struct AddMemoTags;

/// Which tags to put on which memo.
#[derive(InputObject)]
pub struct AddMemoTagsInput {
    /// The memo's global id.
    memo_id: ID,
    /// The tags, at most 100. Those that it has already may be among them.
    tag_ids: Vec<ID>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

user_error! {
    /// Why the tags were not put on the memo.
    AddMemoTagsUserError,
    /// The codes with which `addMemoTags` refuses.
    AddMemoTagsErrorCode {
        /// The memo, or a tag with that id, does not exist for the viewer.
        NotFound,
        /// Only author and recipient put tags on a memo and take them off.
        NotAParticipant,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput,
    }
}
carries_refusals!(AddMemoTagsUserError, AddMemoTagsErrorCode { NotFound, NotAParticipant; InvalidInput });

/// What came of it.
#[derive(SimpleObject, Default)]
pub struct AddMemoTagsPayload {
    /// The memo as it is now; null if it was refused.
    memo: Option<Memo>,
    /// Why the tags were not put on the memo; empty if it was done.
    user_errors: Vec<AddMemoTagsUserError>,
    /// What the client sent.
    client_mutation_id: Option<String>,
}

#[Object]
impl AddMemoTags {
    /// Puts tags on a memo, for its author and its recipient. Doing it again changes nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn add_memo_tags(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which memo, and which tags.")] input: AddMemoTagsInput,
    ) -> ApiResult<AddMemoTagsPayload> {
        let too_long = too_long(&[("tagIds", &input.tag_ids)]);
        let (memo, refused) = if too_long.is_empty() {
            let memo_id = or_refuse!(
                Kind::Memo.parse("memoId", &input.memo_id),
                AddMemoTagsPayload,
                input.client_mutation_id
            );
            let tags = or_refuse!(
                Kind::Tag.parse_all("tagIds", &input.tag_ids),
                AddMemoTagsPayload,
                input.client_mutation_id
            );
            match add_tags(services(ctx)?, viewer(ctx)?, memo_id, &tags).await? {
                Ok(memo) => (Some(memo), Vec::new()),
                Err(refusal) => of_write(refusal),
            }
        } else {
            (None, too_long)
        };
        loaders(ctx)?.forget_memos();
        Ok(AddMemoTagsPayload {
            memo: memo.map(Memo),
            user_errors: refused.into_iter().map(Into::into).collect(),
            client_mutation_id: input.client_mutation_id,
        })
    }
}
