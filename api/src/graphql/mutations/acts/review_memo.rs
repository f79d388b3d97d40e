//! `reviewMemo`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::services,
    objects::Memo,
    payload::{or_refuse, refuses_wrong_ids, user_error},
    sentences::NO_SUCH_MEMO,
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use service::{
    memos::{StageChange, StageRefusal, change_stage},
    text,
};

#[derive(Default)]
pub struct ReviewMemo;

/// Which memo is reviewed.
#[derive(InputObject)]
pub struct ReviewMemoInput {
    /// The memo's global id.
    memo_id: ID,
    /// The conclusion, at most 20,000 characters; left out or null, it stays as it is.
    note: Option<String>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

user_error! {
    /// Why a memo's stage stayed as it is.
    ReviewMemoUserError,
    /// The codes with which `reviewMemo` refuses.
    ReviewMemoErrorCode {
        /// The memo does not exist for the viewer.
        NotFound,
        /// Only the recipient moves a memo.
        NotTheRecipient,
        /// The memo is a draft: send it first.
        Draft,
        /// The memo is on hold: it can be reviewed, but its conclusion stays as it is.
        OnHold,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput,
    }
}
refuses_wrong_ids!(ReviewMemoUserError, ReviewMemoErrorCode);

/// What came of it.
#[derive(SimpleObject, Default)]
pub struct ReviewMemoPayload {
    /// The memo as it is now; null if it was refused.
    memo: Option<Memo>,
    /// Why the memo's stage stayed as it is; empty if it moved.
    user_errors: Vec<ReviewMemoUserError>,
    /// What the client sent.
    client_mutation_id: Option<String>,
}

#[Object]
impl ReviewMemo {
    /// Marks a memo as reviewed, for its recipient. It ends the author's right to delete it. Doing it again changes nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn review_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which memo.")] input: ReviewMemoInput,
    ) -> ApiResult<ReviewMemoPayload> {
        let client_mutation_id = input.client_mutation_id;
        let memo_id =
            or_refuse!(Kind::Memo.parse("memoId", &input.memo_id), ReviewMemoPayload, client_mutation_id);
        let change = match text::optional(input.note.as_deref(), text::MAX_NOTE) {
            Ok(note) => StageChange::Review { note },
            Err(problem) => {
                let error = ReviewMemoUserError::at(
                    "note",
                    ReviewMemoErrorCode::InvalidInput,
                    format!("The note {problem}."),
                );
                return Ok(ReviewMemoPayload {
                    user_errors: vec![error],
                    client_mutation_id,
                    ..ReviewMemoPayload::default()
                });
            }
        };
        Ok(match change_stage(services(ctx)?, viewer(ctx)?, memo_id, &change).await? {
            Ok(memo) => ReviewMemoPayload {
                memo: Some(Memo(memo)),
                client_mutation_id,
                ..ReviewMemoPayload::default()
            },
            Err(refusal) => ReviewMemoPayload {
                user_errors: vec![user_error(refusal)],
                client_mutation_id,
                ..ReviewMemoPayload::default()
            },
        })
    }
}

fn user_error(refusal: StageRefusal) -> ReviewMemoUserError {
    use ReviewMemoErrorCode as Code;
    match refusal {
        StageRefusal::NotFound => ReviewMemoUserError::at("memoId", Code::NotFound, NO_SUCH_MEMO),
        StageRefusal::NotTheRecipient => ReviewMemoUserError::at(
            "memoId",
            Code::NotTheRecipient,
            "Only the memo's recipient can do this. Ask them.",
        ),
        StageRefusal::Draft => {
            ReviewMemoUserError::at("memoId", Code::Draft, "This memo is a draft. Send it first.")
        }
        StageRefusal::OnHold => ReviewMemoUserError::at(
            "note",
            Code::OnHold,
            "This memo is on hold: its conclusion stays as it is until an administrator releases it. \
             Review it without a note.",
        ),
        StageRefusal::PastDate => {
            ReviewMemoUserError::at("memoId", Code::InvalidInput, "The day has passed.")
        }
    }
}
