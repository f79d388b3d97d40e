//! `placeMemoHold`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, admin, auth, viewer},
    id::Kind,
    loaders::services,
    objects::MemoHold,
    payload::{or_refuse, refuses_wrong_ids, user_error},
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use service::{
    holds::{self, HoldRefusal, NewHold},
    text,
};

#[derive(Default)]
pub struct PlaceMemoHold;

/// On which memo to place a hold.
#[derive(InputObject)]
pub struct PlaceMemoHoldInput {
    /// The memo's global id. An administrator need not be able to read the memo.
    memo_id: ID,
    /// The legal or audit case for which the memo is kept, 1–100 characters; for none in particular if left out, null or empty. A memo has one active hold for each.
    matter: Option<String>,
    /// Why, for administrators, 1–2,000 characters.
    reason: String,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

user_error! {
    /// Why a hold was not placed.
    PlaceMemoHoldUserError,
    /// The codes with which `placeMemoHold` refuses.
    PlaceMemoHoldErrorCode {
        /// There is no such memo, or it is a draft.
        NotFound,
        /// A hold for the same matter is active already: the payload's `hold`.
        AlreadyOnHold,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput,
    }
}
refuses_wrong_ids!(PlaceMemoHoldUserError, PlaceMemoHoldErrorCode);

/// What came of it.
#[derive(SimpleObject, Default)]
pub struct PlaceMemoHoldPayload {
    /// The active hold: the new one, or with `ALREADY_ON_HOLD` the one that was there.
    hold: Option<MemoHold>,
    /// Why no hold was placed; empty if one was.
    user_errors: Vec<PlaceMemoHoldUserError>,
    /// What the client sent.
    client_mutation_id: Option<String>,
}

#[Object]
impl PlaceMemoHold {
    /// Places a hold on a sent memo, live or deleted: nobody deletes it, and it is not erased, until its last hold is released. For administrators.
    #[graphql(guard = "admin()", directive = auth::apply(Requirement::Admin))]
    async fn place_memo_hold(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "On which memo, and why.")] input: PlaceMemoHoldInput,
    ) -> ApiResult<PlaceMemoHoldPayload> {
        use PlaceMemoHoldErrorCode as Code;
        let memo_id = or_refuse!(
            Kind::Memo.parse("memoId", &input.memo_id),
            PlaceMemoHoldPayload,
            input.client_mutation_id
        );
        let (hold, error) = match new_hold(input.matter.as_deref(), &input.reason) {
            Err((field, message)) => {
                (None, Some(PlaceMemoHoldUserError::at(field, Code::InvalidInput, message)))
            }
            Ok(new) => match holds::place(services(ctx)?, viewer(ctx)?, memo_id, &new).await? {
                Ok(hold) => (Some(hold), None),
                Err(HoldRefusal::NotFound) => {
                    let message = "There is no sent memo with this id. Check the id.";
                    (None, Some(PlaceMemoHoldUserError::at("memoId", Code::NotFound, message)))
                }
                Err(HoldRefusal::AlreadyOnHold(hold)) => {
                    let message = "This memo is on hold for this matter already. Release that hold first to place another, or name another matter.";
                    (Some(*hold), Some(PlaceMemoHoldUserError::at("memoId", Code::AlreadyOnHold, message)))
                }
            },
        };
        Ok(PlaceMemoHoldPayload {
            hold: hold.map(MemoHold),
            user_errors: error.into_iter().collect(),
            client_mutation_id: input.client_mutation_id,
        })
    }
}

/// The hold of an input; if it is refused, the field and why.
pub(super) fn new_hold(matter: Option<&str>, reason: &str) -> Result<NewHold, (&'static str, String)> {
    let matter = text::optional(matter, text::MAX_MATTER)
        .map_err(|problem| ("matter", format!("The matter {problem}.")))?
        .unwrap_or_default();
    let reason = text::required(reason, text::MAX_REASON)
        .map_err(|problem| ("reason", format!("The reason {problem}.")))?;
    Ok(NewHold { matter, reason })
}
