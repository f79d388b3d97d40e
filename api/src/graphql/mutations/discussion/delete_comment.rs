//! `deleteComment`

use super::answer::{COMMENT, Stop, answer};
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::{loaders, services},
    objects::Memo,
};
use async_graphql::{Context, ID, InputObject, Object};
use service::discussion::delete_comment;

#[derive(Default)]
pub struct DeleteComment;

/// Which comment is taken back.
#[derive(InputObject)]
pub struct DeleteCommentInput {
    /// The comment's global id.
    comment_id: ID,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

answer! {
    /// Why the comment was not taken back.
    DeleteCommentUserError,
    /// The codes with which `deleteComment` refuses.
    DeleteCommentErrorCode {
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
    DeleteCommentPayload {
        /// The comment's global id; null if it was refused.
        deleted_comment_id: Option<ID>,
        /// The memo as it is now; null if it was refused.
        memo: Option<Memo>,
    }
}

impl DeleteCommentInput {
    async fn run(self, ctx: &Context<'_>) -> Result<DeleteCommentPayload, Stop> {
        let comment_id = Kind::Comment.parse("commentId", &self.comment_id)?;
        let deleted = delete_comment(services(ctx)?, viewer(ctx)?, comment_id).await?;
        let memo = deleted.map_err(|refusal| COMMENT.refused(refusal))?;
        Ok(DeleteCommentPayload {
            deleted_comment_id: Some(Kind::Comment.id(comment_id)),
            memo: Some(Memo(memo)),
            ..DeleteCommentPayload::default()
        })
    }
}

#[Object]
impl DeleteComment {
    /// Takes back a comment of one's own. It is gone for good.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn delete_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which comment.")] input: DeleteCommentInput,
    ) -> ApiResult<DeleteCommentPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        let result = input.run(ctx).await;
        loaders(ctx)?.forget_memos();
        DeleteCommentPayload::of(result, client_mutation_id)
    }
}
