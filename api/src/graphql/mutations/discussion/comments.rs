//! `addComment`, `updateComment`, `deleteComment`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::services,
    mutations::respond::{MutationError, Payload, RefusesInput, Stop, codes, done, respond},
    objects::{Comment, Memo},
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object};
use service::{
    discussion::{self, AddCommentError, ReviseCommentError},
    memos::policy::{CommentDenial, ReviseDenial},
    text::{self, MAX_COMMENT},
};

#[derive(Default)]
pub struct CommentMutation;

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

codes! {
    AddComment(AddCommentErrorCode) or InvalidInput {
        /// The memo does not exist for the viewer.
        NotFound,
        /// Only author, recipient and subscribers take part in a memo's discussion.
        NotInTheDiscussion,
        /// The memo is a draft: nobody else sees it yet.
        Draft,
    }
}

done! {
    CommentAdded(AddCommentErrorCode) {
        /// The comment; null if it was refused.
        comment: Option<Comment>,
        /// The memo as it is now; null if it was refused.
        memo: Option<Memo>,
    }
}

impl From<AddCommentError> for Stop<CommentAdded> {
    fn from(error: AddCommentError) -> Self {
        use AddCommentErrorCode as Code;
        let (code, message) = match error {
            AddCommentError::NotFound => (Code::NotFound, sentences::NO_SUCH_MEMO.to_owned()),
            AddCommentError::Denied(denial) => {
                let code = match denial {
                    CommentDenial::NotInTheDiscussion => Code::NotInTheDiscussion,
                    CommentDenial::Draft => Code::Draft,
                };
                (code, sentences::denial(denial))
            }
            AddCommentError::Failed(error) => return error.into(),
        };
        MutationError::at("memoId", code, message).into()
    }
}

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

codes! {
    UpdateComment(UpdateCommentErrorCode) or InvalidInput {
        /// The comment does not exist for the viewer.
        NotFound,
        /// Somebody else has written the comment.
        NotYours,
        /// Only author, recipient and subscribers take part in a memo's discussion.
        NotInTheDiscussion,
        /// The memo is on hold: what was said stays as it is.
        OnHold,
    }
}

done! {
    CommentUpdated(UpdateCommentErrorCode) {
        /// The comment as it is now; null if it was refused.
        comment: Option<Comment>,
        /// The memo as it is now; null if it was refused.
        memo: Option<Memo>,
    }
}

/// Which comment is taken back.
#[derive(InputObject)]
pub struct DeleteCommentInput {
    /// The comment's global id.
    comment_id: ID,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

codes! {
    DeleteComment(DeleteCommentErrorCode) or InvalidInput {
        /// The comment does not exist for the viewer.
        NotFound,
        /// Somebody else has written the comment.
        NotYours,
        /// Only author, recipient and subscribers take part in a memo's discussion.
        NotInTheDiscussion,
        /// The memo is on hold: what was said stays as it is.
        OnHold,
    }
}

done! {
    CommentDeleted(DeleteCommentErrorCode) {
        /// The comment's global id; null if it was refused.
        deleted_comment_id: Option<ID>,
        /// The memo as it is now; null if it was refused.
        memo: Option<Memo>,
    }
}

/// Changing and taking back a comment are refused alike.
macro_rules! refuses_revision {
    ($done:ident, $code:ident) => {
        impl From<ReviseCommentError> for Stop<$done> {
            fn from(error: ReviseCommentError) -> Self {
                let (code, message) = match error {
                    ReviseCommentError::NotFound => {
                        ($code::NotFound, sentences::NO_SUCH_COMMENT.to_owned())
                    }
                    ReviseCommentError::NotYours => {
                        ($code::NotYours, sentences::NOT_YOUR_COMMENT.to_owned())
                    }
                    ReviseCommentError::Denied(denial) => {
                        let code = match denial {
                            ReviseDenial::NotInTheDiscussion => $code::NotInTheDiscussion,
                            ReviseDenial::OnHold => $code::OnHold,
                        };
                        (code, sentences::denial(denial))
                    }
                    ReviseCommentError::Failed(error) => return error.into(),
                };
                MutationError::at("commentId", code, message).into()
            }
        }
    };
}
refuses_revision!(CommentUpdated, UpdateCommentErrorCode);
refuses_revision!(CommentDeleted, DeleteCommentErrorCode);

#[Object]
impl CommentMutation {
    /// Says something in a memo's discussion, for author, recipient and subscribers. The others
    /// have not read the memo from then on.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn add_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to say, and where.")] input: AddCommentInput,
    ) -> ApiResult<Payload<CommentAdded>> {
        respond(input.client_mutation_id, async {
            let body = read_body(&input.body)?;
            let memo_id = Kind::Memo.parse("memoId", &input.memo_id)?;
            let (comment, memo) =
                discussion::add_comment(services(ctx)?, viewer(ctx)?, memo_id, &body).await?;
            Ok(CommentAdded { comment: Some(Comment(comment)), memo: Some(Memo(memo)) })
        })
        .await
    }

    /// Changes a comment of one's own. `Comment.editedAt` tells the others.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn update_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which comment, and its new text.")] input: UpdateCommentInput,
    ) -> ApiResult<Payload<CommentUpdated>> {
        respond(input.client_mutation_id, async {
            let body = read_body(&input.body)?;
            let comment_id = Kind::Comment.parse("commentId", &input.comment_id)?;
            let (comment, memo) =
                discussion::update_comment(services(ctx)?, viewer(ctx)?, comment_id, &body).await?;
            Ok(CommentUpdated { comment: Some(Comment(comment)), memo: Some(Memo(memo)) })
        })
        .await
    }

    /// Takes back a comment of one's own. It is gone for good.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn delete_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which comment.")] input: DeleteCommentInput,
    ) -> ApiResult<Payload<CommentDeleted>> {
        respond(input.client_mutation_id, async {
            let comment_id = Kind::Comment.parse("commentId", &input.comment_id)?;
            let memo = discussion::delete_comment(services(ctx)?, viewer(ctx)?, comment_id).await?;
            let deleted_comment_id = Some(Kind::Comment.id(comment_id));
            Ok(CommentDeleted { deleted_comment_id, memo: Some(Memo(memo)) })
        })
        .await
    }
}

/// What a comment says.
fn read_body<C: RefusesInput>(body: &str) -> Result<String, MutationError<C>> {
    text::required(body, MAX_COMMENT)
        .map_err(|problem| MutationError::input("body", format!("A comment {problem}.")))
}
