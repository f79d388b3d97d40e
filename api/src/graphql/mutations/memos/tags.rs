//! `addMemoTags`, `removeMemoTags`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::{Kind, element},
    loaders::services,
    mutations::respond::{MutationError, Payload, Stop, at_most, codes, done, respond},
    objects::Memo,
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object};
use service::memos::{self, AddTagsError, RemoveTagsError, policy::ParticipantDenial};

#[derive(Default)]
pub struct MemoTags;

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

codes! {
    AddMemoTags(AddMemoTagsErrorCode) or InvalidInput {
        /// The memo, or a tag with that id, does not exist for the viewer.
        NotFound,
        /// Only author and recipient put tags on a memo and take them off.
        NotAParticipant,
    }
}

done! {
    MemoTagsAdded(AddMemoTagsErrorCode) {
        /// The memo as it is now; null if it was refused.
        memo: Option<Memo>,
    }
}

impl From<AddTagsError> for Stop<MemoTagsAdded> {
    fn from(error: AddTagsError) -> Self {
        use AddMemoTagsErrorCode as Code;
        let unknown =
            |n| MutationError::at(&element("tagIds", n), Code::NotFound, sentences::NO_SUCH_TAG);
        match error {
            AddTagsError::NotFound => {
                MutationError::at("memoId", Code::NotFound, sentences::NO_SUCH_MEMO).into()
            }
            AddTagsError::Denied(denial @ ParticipantDenial::NotAParticipant) => {
                MutationError::at("memoId", Code::NotAParticipant, sentences::denial(denial)).into()
            }
            AddTagsError::NoSuchTags(places) => {
                Self::refused(MemoTagsAdded::default(), places.into_iter().map(unknown).collect())
            }
            AddTagsError::Failed(error) => error.into(),
        }
    }
}

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

codes! {
    RemoveMemoTags(RemoveMemoTagsErrorCode) or InvalidInput {
        /// The memo does not exist for the viewer.
        NotFound,
        /// Only author and recipient put tags on a memo and take them off.
        NotAParticipant,
    }
}

done! {
    MemoTagsRemoved(RemoveMemoTagsErrorCode) {
        /// The memo as it is now; null if it was refused.
        memo: Option<Memo>,
    }
}

impl From<RemoveTagsError> for Stop<MemoTagsRemoved> {
    fn from(error: RemoveTagsError) -> Self {
        use RemoveMemoTagsErrorCode as Code;
        match error {
            RemoveTagsError::NotFound => {
                MutationError::at("memoId", Code::NotFound, sentences::NO_SUCH_MEMO).into()
            }
            RemoveTagsError::Denied(denial @ ParticipantDenial::NotAParticipant) => {
                MutationError::at("memoId", Code::NotAParticipant, sentences::denial(denial)).into()
            }
            RemoveTagsError::Failed(error) => error.into(),
        }
    }
}

#[Object]
impl MemoTags {
    /// Puts tags on a memo, for its author and its recipient. Doing it again changes nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn add_memo_tags(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which memo, and which tags.")] input: AddMemoTagsInput,
    ) -> ApiResult<Payload<MemoTagsAdded>> {
        respond(input.client_mutation_id, async {
            at_most("tagIds", &input.tag_ids)?;
            let memo_id = Kind::Memo.parse("memoId", &input.memo_id)?;
            let tags = Kind::Tag.parse_all("tagIds", &input.tag_ids)?;
            let memo = memos::add_tags(services(ctx)?, viewer(ctx)?, memo_id, &tags).await?;
            Ok(MemoTagsAdded { memo: Some(Memo(memo)) })
        })
        .await
    }

    /// Takes tags off a memo, for its author and its recipient. Doing it again changes nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn remove_memo_tags(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which memo, and which tags.")] input: RemoveMemoTagsInput,
    ) -> ApiResult<Payload<MemoTagsRemoved>> {
        respond(input.client_mutation_id, async {
            at_most("tagIds", &input.tag_ids)?;
            let memo_id = Kind::Memo.parse("memoId", &input.memo_id)?;
            let tags = Kind::Tag.parse_all("tagIds", &input.tag_ids)?;
            let memo = memos::remove_tags(services(ctx)?, viewer(ctx)?, memo_id, &tags).await?;
            Ok(MemoTagsRemoved { memo: Some(Memo(memo)) })
        })
        .await
    }
}
