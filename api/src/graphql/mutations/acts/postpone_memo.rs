//! `postponeMemo`

use crate::graphql::{
    date::Date,
    error::ApiResult,
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::services,
    objects::Memo,
    payload::{or_refuse, refuses_wrong_ids, user_error},
    sentences::NO_SUCH_MEMO,
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use service::memos::{StageChange, StageRefusal, change_stage};

#[derive(Default)]
pub struct PostponeMemo;

/// Which memo is postponed.
#[derive(InputObject)]
pub struct PostponeMemoInput {
    /// The memo's global id.
    memo_id: ID,
    /// The day on which the recipient wants to look at it again: today or later, in UTC.
    until: Date,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

user_error! {
    /// Why a memo's stage stayed as it is.
    PostponeMemoUserError,
    /// The codes with which `postponeMemo` refuses.
    PostponeMemoErrorCode {
        /// The memo does not exist for the viewer.
        NotFound,
        /// Only the recipient moves a memo.
        NotTheRecipient,
        /// The memo is a draft: send it first.
        Draft,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput,
    }
}
refuses_wrong_ids!(PostponeMemoUserError, PostponeMemoErrorCode);

/// What came of it.
#[derive(SimpleObject, Default)]
pub struct PostponeMemoPayload {
    /// The memo as it is now; null if it was refused.
    memo: Option<Memo>,
    /// Why the memo's stage stayed as it is; empty if it moved.
    user_errors: Vec<PostponeMemoUserError>,
    /// What the client sent.
    client_mutation_id: Option<String>,
}

#[Object]
impl PostponeMemo {
    /// Postpones a memo, for its recipient. It ends the author's right to delete it. Doing it again with the same day changes nothing.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn postpone_memo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which memo.")] input: PostponeMemoInput,
    ) -> ApiResult<PostponeMemoPayload> {
        let client_mutation_id = input.client_mutation_id;
        let memo_id =
            or_refuse!(Kind::Memo.parse("memoId", &input.memo_id), PostponeMemoPayload, client_mutation_id);
        let change = StageChange::Postpone { until: input.until.0 };
        Ok(match change_stage(services(ctx)?, viewer(ctx)?, memo_id, &change).await? {
            Ok(memo) => PostponeMemoPayload {
                memo: Some(Memo(memo)),
                client_mutation_id,
                ..PostponeMemoPayload::default()
            },
            Err(refusal) => PostponeMemoPayload {
                user_errors: vec![user_error(refusal)],
                client_mutation_id,
                ..PostponeMemoPayload::default()
            },
        })
    }
}

fn user_error(refusal: StageRefusal) -> PostponeMemoUserError {
    use PostponeMemoErrorCode as Code;
    match refusal {
        StageRefusal::NotFound => PostponeMemoUserError::at("memoId", Code::NotFound, NO_SUCH_MEMO),
        StageRefusal::NotTheRecipient => PostponeMemoUserError::at(
            "memoId",
            Code::NotTheRecipient,
            "Only the memo's recipient can do this. Ask them.",
        ),
        StageRefusal::Draft => {
            PostponeMemoUserError::at("memoId", Code::Draft, "This memo is a draft. Send it first.")
        }
        StageRefusal::OnHold => PostponeMemoUserError::at(
            "memoId",
            Code::InvalidInput,
            "This memo is on hold: its conclusion stays as it is.",
        ),
        StageRefusal::PastDate => PostponeMemoUserError::at(
            "until",
            Code::InvalidInput,
            "That day has passed. Give today's date or a later one.",
        ),
    }
}
