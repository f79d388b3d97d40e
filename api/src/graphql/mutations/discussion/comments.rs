//! `addComment`, `updateComment`, `deleteComment`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::services,
    mutations::{
        idempotency::create,
        respond::{MutationError, Payload, RefusesInput, Stop, codes, done, respond},
    },
    objects::{Comment, Memo},
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object};
use service::{
    discussion::{self, AddCommentError, ReviseCommentError},
    idempotency::Created,
    memos::policy::{CommentDenial, ReviseDenial},
    text::{self, MAX_COMMENT},
};

#[derive(Default)]
pub struct CommentMutation;

/// The comment to add, and the memo.
#[derive(InputObject)]
pub struct AddCommentInput {
    /// The memo's global id.
    memo_id: ID,
    /// The text, 1–10,000 characters.
    body: String,
    /// A key for this request, 1–128 characters. Repeating the request with the same key
    /// within 24 hours creates nothing again.
    idempotency_key: Option<String>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    AddComment(AddCommentErrorCode) creates {
        /// The memo does not exist, or the viewer cannot see it.
        NotFound,
        /// Only author, recipient and subscribers can take part in a memo's discussion.
        NotInTheDiscussion,
        /// The memo is a draft. Send it first.
        Draft,
    }
}

done! {
    CommentAdded(AddCommentErrorCode) creates {
        /// The new comment; null if the mutation was refused.
        comment: Option<Comment>,
        /// The memo as it is now; null if the mutation was refused.
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

/// The comment to change, and its new text.
#[derive(InputObject)]
pub struct UpdateCommentInput {
    /// The comment's global id.
    comment_id: ID,
    /// The text, 1–10,000 characters.
    body: String,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    UpdateComment(UpdateCommentErrorCode) or InvalidInput {
        /// The comment does not exist, or the viewer cannot see it.
        NotFound,
        /// Somebody else wrote the comment.
        NotYours,
        /// Only author, recipient and subscribers can take part in a memo's discussion.
        NotInTheDiscussion,
        /// The memo is on hold, so its comments cannot be changed or deleted.
        OnHold,
    }
}

done! {
    CommentUpdated(UpdateCommentErrorCode) {
        /// The comment as it is now; null if the mutation was refused.
        comment: Option<Comment>,
        /// The memo as it is now; null if the mutation was refused.
        memo: Option<Memo>,
    }
}

/// The comment to delete.
#[derive(InputObject)]
pub struct DeleteCommentInput {
    /// The comment's global id.
    comment_id: ID,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    DeleteComment(DeleteCommentErrorCode) or InvalidInput {
        /// The comment does not exist, or the viewer cannot see it.
        NotFound,
        /// Somebody else wrote the comment.
        NotYours,
        /// Only author, recipient and subscribers can take part in a memo's discussion.
        NotInTheDiscussion,
        /// The memo is on hold, so its comments cannot be changed or deleted.
        OnHold,
    }
}

done! {
    CommentDeleted(DeleteCommentErrorCode) {
        /// The global id of the deleted comment; null if the mutation was refused.
        deleted_comment_id: Option<ID>,
        /// The memo as it is now; null if the mutation was refused.
        memo: Option<Memo>,
    }
}

/// Changing and deleting a comment have the same refusals.
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
    /// Adds a comment to a memo's discussion. Only author, recipient and subscribers can do this.
    /// The memo becomes unread for the others of them.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn add_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The comment to add, and the memo.")] input: AddCommentInput,
    ) -> ApiResult<Payload<CommentAdded>> {
        create(ctx, input, async |input: AddCommentInput, key| {
            let body = read_body(&input.body)?;
            let memo_id = Kind::Memo.parse("memoId", &input.memo_id)?;
            let (services, viewer) = (services(ctx)?, viewer(ctx)?);
            let Created { thing: (comment, memo), replayed } =
                discussion::add_comment(services, viewer, key.as_ref(), memo_id, &body).await?;
            let (comment, memo) = (Some(Comment(comment)), Some(Memo::from(memo)));
            Ok(CommentAdded { comment, memo, replayed })
        })
        .await
    }

    /// Changes a comment of the viewer. `Comment.editedAt` shows the change to others.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn update_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The comment to change, and its new text.")] input: UpdateCommentInput,
    ) -> ApiResult<Payload<CommentUpdated>> {
        respond(input.client_mutation_id, async {
            let body = read_body(&input.body)?;
            let comment_id = Kind::Comment.parse("commentId", &input.comment_id)?;
            let (comment, memo) =
                discussion::update_comment(services(ctx)?, viewer(ctx)?, comment_id, &body).await?;
            Ok(CommentUpdated { comment: Some(Comment(comment)), memo: Some(Memo::from(memo)) })
        })
        .await
    }

    /// Deletes a comment of the viewer. It cannot be restored.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn delete_comment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The comment to delete.")] input: DeleteCommentInput,
    ) -> ApiResult<Payload<CommentDeleted>> {
        respond(input.client_mutation_id, async {
            let comment_id = Kind::Comment.parse("commentId", &input.comment_id)?;
            let memo = discussion::delete_comment(services(ctx)?, viewer(ctx)?, comment_id).await?;
            let deleted_comment_id = Some(Kind::Comment.id(comment_id));
            Ok(CommentDeleted { deleted_comment_id, memo: Some(Memo::from(memo)) })
        })
        .await
    }
}

/// Checks the text of a comment.
fn read_body<C: RefusesInput>(body: &str) -> Result<String, MutationError<C>> {
    text::required(body, MAX_COMMENT)
        .map_err(|problem| MutationError::input("body", format!("A comment {problem}.")))
}
