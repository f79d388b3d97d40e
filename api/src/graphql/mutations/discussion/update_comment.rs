//! `updateComment`

use super::answer::{COMMENT, Stop, answer, body};
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::{loaders, services},
    objects::{Comment, Memo},
};
use async_graphql::{Context, ID, InputObject, Object};
use service::discussion::update_comment;

#[derive(Default)]
pub struct UpdateComment;

/// Which comment, and what it says from now on.
#[derive(InputObject)]
pub struct UpdateCommentInput {
    /// The comment's global id.
    comment_id: ID,
    /// What to say, 1–10,000 characters.
    body: String,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

answer! {
    /// Why the comment was not changed.
    UpdateCommentUserError,
    /// The codes with which `updateComment` refuses.
    UpdateCommentErrorCode {
        /// The comment does not exist for the viewer.
        NotFound = NotFound,
        /// Somebody else has written the comment.
        NotYours = NotYours,
        /// Only author, recipient and subscribers take part in a memo's discussion.
        NotInTheDiscussion = NotInTheDiscussion,
        /// The memo is on hold: what was said stays as it is.
        OnHold = OnHold,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput = InvalidInput,
    }
    UpdateCommentPayload {
        /// The comment as it is now; null if it was refused.
        comment: Option<Comment>,
        /// The memo as it is now; null if it was refused.
        memo: Option<Memo>,
    }
}

impl UpdateCommentInput {
    async fn run(self, ctx: &Context<'_>) -> Result<UpdateCommentPayload, Stop> {
        let body = body(&self.body)?;
        let comment_id = Kind::Comment.parse("commentId", &self.comment_id)?;
        let changed = update_comment(services(ctx)?, viewer(ctx)?, comment_id, &body).await?;
        let (comment, memo) = changed.map_err(|refusal| COMMENT.refused(refusal))?;
        Ok(UpdateCommentPayload {
            comment: Some(Comment(comment)),
            memo: Some(Memo(memo)),
            ..UpdateCommentPayload::default()
        })
    }
}

#[Object]
impl UpdateComment {
    /// Changes a comment of one's own. `Comment.editedAt` tells the others.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn update_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which comment, and its new text.")] input: UpdateCommentInput,
    ) -> ApiResult<UpdateCommentPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        let result = input.run(ctx).await;
        loaders(ctx)?.forget_memos();
        UpdateCommentPayload::of(result, client_mutation_id)
    }
}
