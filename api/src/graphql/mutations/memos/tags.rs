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

/// The tags to add, and the memo.
#[derive(InputObject)]
pub struct AddMemoTagsInput {
    /// The memo's global id.
    memo_id: ID,
    /// The global ids of the tags to add, at most 100. Tags that the memo already has are ignored.
    tag_ids: Vec<ID>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    AddMemoTags(AddMemoTagsErrorCode) or InvalidInput {
        /// The memo does not exist, or the viewer cannot see it. Or there is no tag with this id.
        NotFound,
        /// Only author and recipient can add and remove tags.
        NotAParticipant,
    }
}

done! {
    MemoTagsAdded(AddMemoTagsErrorCode) {
        /// The memo as it is now; null if the mutation was refused.
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

/// The tags to remove, and the memo.
#[derive(InputObject)]
pub struct RemoveMemoTagsInput {
    /// The memo's global id.
    memo_id: ID,
    /// The global ids of the tags to remove, at most 100. Tags that the memo does not have are
    /// ignored.
    tag_ids: Vec<ID>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    RemoveMemoTags(RemoveMemoTagsErrorCode) or InvalidInput {
        /// The memo does not exist, or the viewer cannot see it.
        NotFound,
        /// Only author and recipient can add and remove tags.
        NotAParticipant,
    }
}

done! {
    MemoTagsRemoved(RemoveMemoTagsErrorCode) {
        /// The memo as it is now; null if the mutation was refused.
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
    /// Adds tags to a memo. Only its author and recipient can do this. Repeating it changes
    /// nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn add_memo_tags(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The tags and the memo.")] input: AddMemoTagsInput,
    ) -> ApiResult<Payload<MemoTagsAdded>> {
        respond(input.client_mutation_id, async {
            at_most("tagIds", &input.tag_ids)?;
            let memo_id = Kind::Memo.parse("memoId", &input.memo_id)?;
            let tags = Kind::Tag.parse_all("tagIds", &input.tag_ids)?;
            let memo = memos::add_tags(services(ctx)?, viewer(ctx)?, memo_id, &tags).await?;
            Ok(MemoTagsAdded { memo: Some(Memo::from(memo)) })
        })
        .await
    }

    /// Removes tags from a memo. Only its author and recipient can do this. Repeating it changes
    /// nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn remove_memo_tags(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The tags and the memo.")] input: RemoveMemoTagsInput,
    ) -> ApiResult<Payload<MemoTagsRemoved>> {
        respond(input.client_mutation_id, async {
            at_most("tagIds", &input.tag_ids)?;
            let memo_id = Kind::Memo.parse("memoId", &input.memo_id)?;
            let tags = Kind::Tag.parse_all("tagIds", &input.tag_ids)?;
            let memo = memos::remove_tags(services(ctx)?, viewer(ctx)?, memo_id, &tags).await?;
            Ok(MemoTagsRemoved { memo: Some(Memo::from(memo)) })
        })
        .await
    }
}
