//! `reviewMemo`, `postponeMemo`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::services,
    mutations::respond::{MutationError, Payload, Stop, codes, done, respond},
    objects::Memo,
    scalars::Date,
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object};
use service::{
    memos::{self, PostponeMemoError, ReviewMemoError, policy::ActDenial},
    text,
};

#[derive(Default)]
pub struct StageMutation;

/// The memo to review, and the conclusion.
#[derive(InputObject)]
pub struct ReviewMemoInput {
    /// The memo's global id.
    memo_id: ID,
    /// The conclusion, at most 20,000 characters. If left out or null, it stays as it is.
    conclusion: Option<String>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    ReviewMemo(ReviewMemoErrorCode) or InvalidInput {
        /// The memo does not exist, or the viewer cannot see it.
        NotFound,
        /// Only the memo's recipient can do this.
        NotTheRecipient,
        /// The memo is a draft. Send it first.
        Draft,
        /// The memo is on hold. It can be reviewed, but its conclusion cannot change. Leave out
        /// `conclusion`.
        OnHold,
    }
}

done! {
    MemoReviewed(ReviewMemoErrorCode) {
        /// The memo as it is now; null if the mutation was refused.
        memo: Option<Memo>,
    }
}

impl From<ReviewMemoError> for Stop<MemoReviewed> {
    fn from(error: ReviewMemoError) -> Self {
        use ReviewMemoErrorCode as Code;
        let (code, message) = match error {
            ReviewMemoError::NotFound => (Code::NotFound, sentences::NO_SUCH_MEMO.to_owned()),
            ReviewMemoError::Denied(denial) => {
                let code = match denial {
                    ActDenial::NotTheRecipient => Code::NotTheRecipient,
                    ActDenial::Draft => Code::Draft,
                };
                (code, sentences::denial(denial))
            }
            ReviewMemoError::OnHold => {
                return MutationError::at(
                    "conclusion",
                    Code::OnHold,
                    sentences::CONCLUSION_ON_HOLD,
                )
                .into();
            }
            ReviewMemoError::Failed(error) => return error.into(),
        };
        MutationError::at("memoId", code, message).into()
    }
}

/// The memo to postpone, and the day.
#[derive(InputObject)]
pub struct PostponeMemoInput {
    /// The memo's global id.
    memo_id: ID,
    /// The day on which the recipient wants to look at it again: today or later, in UTC.
    until: Date,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    PostponeMemo(PostponeMemoErrorCode) or InvalidInput {
        /// The memo does not exist, or the viewer cannot see it.
        NotFound,
        /// Only the memo's recipient can do this.
        NotTheRecipient,
        /// The memo is a draft. Send it first.
        Draft,
    }
}

done! {
    MemoPostponed(PostponeMemoErrorCode) {
        /// The memo as it is now; null if the mutation was refused.
        memo: Option<Memo>,
    }
}

impl From<PostponeMemoError> for Stop<MemoPostponed> {
    fn from(error: PostponeMemoError) -> Self {
        use PostponeMemoErrorCode as Code;
        let (code, message) = match error {
            PostponeMemoError::NotFound => (Code::NotFound, sentences::NO_SUCH_MEMO.to_owned()),
            PostponeMemoError::Denied(denial) => {
                let code = match denial {
                    ActDenial::NotTheRecipient => Code::NotTheRecipient,
                    ActDenial::Draft => Code::Draft,
                };
                (code, sentences::denial(denial))
            }
            PostponeMemoError::PastDate => {
                return MutationError::input("until", sentences::PAST_DAY).into();
            }
            PostponeMemoError::Failed(error) => return error.into(),
        };
        MutationError::at("memoId", code, message).into()
    }
}

#[Object]
impl StageMutation {
    /// Marks a memo as reviewed. Only its recipient can do this. The author can then no longer
    /// delete the memo. Repeating it changes nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn review_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The memo to review, and the conclusion.")] input: ReviewMemoInput,
    ) -> ApiResult<Payload<MemoReviewed>> {
        respond(input.client_mutation_id, async {
            let memo_id = Kind::Memo.parse("memoId", &input.memo_id)?;
            let conclusion = text::optional(input.conclusion.as_deref(), text::MAX_CONCLUSION)
                .map_err(|problem| MutationError::text("conclusion", problem))?;
            let memo = memos::review(services(ctx)?, viewer(ctx)?, memo_id, conclusion).await?;
            Ok(MemoReviewed { memo: Some(Memo::from(memo)) })
        })
        .await
    }

    /// Postpones a memo. Only its recipient can do this. The author can then no longer delete the
    /// memo. Repeating it with the same day changes nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn postpone_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The memo to postpone, and the day.")] input: PostponeMemoInput,
    ) -> ApiResult<Payload<MemoPostponed>> {
        respond(input.client_mutation_id, async {
            let memo_id = Kind::Memo.parse("memoId", &input.memo_id)?;
            let memo =
                memos::postpone(services(ctx)?, viewer(ctx)?, memo_id, input.until.0).await?;
            Ok(MemoPostponed { memo: Some(Memo::from(memo)) })
        })
        .await
    }
}
