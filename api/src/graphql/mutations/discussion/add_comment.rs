//! `addComment`

use super::answer::{MEMO, Stop, answer, body};
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::{loaders, services},
    objects::{Comment, Memo},
};
use async_graphql::{Context, ID, InputObject, Object};
use service::discussion::add_comment;

#[derive(Default)]
pub struct AddComment;

/// What to say, and in which discussion.
#[derive(InputObject)]
pub struct AddCommentInput {
    /// The memo's global id.
    memo_id: ID,
    /// What to say, 1–10,000 characters.
    body: String,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

answer! {
    /// Why nothing was said.
    AddCommentUserError,
    /// The codes with which `addComment` refuses.
    AddCommentErrorCode {
        /// The memo does not exist for the viewer.
        NotFound = NotFound,
        /// Only author, recipient and subscribers take part in a memo's discussion.
        NotInTheDiscussion = NotInTheDiscussion,
        /// The memo is a draft: nobody else sees it yet.
        Draft = Draft,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput = InvalidInput,
    }
    AddCommentPayload {
        /// The comment; null if it was refused.
        comment: Option<Comment>,
        /// The memo as it is now; null if it was refused.
        memo: Option<Memo>,
    }
}

impl AddCommentInput {
    async fn run(self, ctx: &Context<'_>) -> Result<AddCommentPayload, Stop> {
        let body = body(&self.body)?;
        let memo_id = Kind::Memo.parse("memoId", &self.memo_id)?;
        let added = add_comment(services(ctx)?, viewer(ctx)?, memo_id, &body).await?;
        let (comment, memo) = added.map_err(|refusal| MEMO.refused(refusal))?;
        Ok(AddCommentPayload {
            comment: Some(Comment(comment)),
            memo: Some(Memo(memo)),
            ..AddCommentPayload::default()
        })
    }
}

#[Object]
impl AddComment {
    /// Says something in a memo's discussion, for author, recipient and subscribers. The others have not read the memo from then on.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn add_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to say, and where.")] input: AddCommentInput,
    ) -> ApiResult<AddCommentPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        let result = input.run(ctx).await;
        loaders(ctx)?.forget_memos();
        AddCommentPayload::of(result, client_mutation_id)
    }
}
