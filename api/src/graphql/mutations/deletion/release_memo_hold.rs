//! `releaseMemoHold`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, admin, auth, viewer},
    id::Kind,
    loaders::services,
    objects::MemoHold,
    payload::{refuses_wrong_ids, user_error},
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use service::{
    holds::{self, HoldName, Release},
    text,
};

#[derive(Default)]
pub struct ReleaseMemoHold;

/// Which hold to release: give either `holdId`, or `memoId` and, unless the hold names none, `matter`.
#[derive(InputObject)]
pub struct ReleaseMemoHoldInput {
    /// The hold's global id, as in `memoHolds`.
    hold_id: Option<ID>,
    /// The global id of the memo on which it was placed.
    memo_id: Option<ID>,
    /// The matter for which it was placed, with `memoId`.
    matter: Option<String>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

user_error! {
    /// Why a hold was not released.
    ReleaseMemoHoldUserError,
    /// The codes with which `releaseMemoHold` refuses.
    ReleaseMemoHoldErrorCode {
        /// There is no such hold.
        NotFound,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput,
    }
}
refuses_wrong_ids!(ReleaseMemoHoldUserError, ReleaseMemoHoldErrorCode);

/// What came of it.
#[derive(SimpleObject, Default)]
pub struct ReleaseMemoHoldPayload {
    /// The released hold.
    hold: Option<MemoHold>,
    /// Why the hold was not released; empty if it was.
    user_errors: Vec<ReleaseMemoHoldUserError>,
    /// What the client sent.
    client_mutation_id: Option<String>,
}

#[Object]
impl ReleaseMemoHold {
    /// Releases a hold; others may keep the memo. Doing it again changes nothing. For administrators.
    #[graphql(guard = "admin()", directive = auth::apply(Requirement::Admin))]
    async fn release_memo_hold(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which hold.")] input: ReleaseMemoHoldInput,
    ) -> ApiResult<ReleaseMemoHoldPayload> {
        let (hold, error) = match name(&input) {
            Ok(name) => match holds::release(services(ctx)?, viewer(ctx)?, &name).await? {
                Release::Released(hold) => (Some(MemoHold(*hold)), None),
                Release::NotFound => (None, Some(not_found(&name))),
            },
            Err(error) => (None, Some(error)),
        };
        Ok(ReleaseMemoHoldPayload {
            hold,
            user_errors: error.into_iter().collect(),
            client_mutation_id: input.client_mutation_id,
        })
    }
}

/// How the input names the hold.
fn name(input: &ReleaseMemoHoldInput) -> Result<HoldName, ReleaseMemoHoldUserError> {
    use ReleaseMemoHoldErrorCode::InvalidInput;
    let refused = |field, message: &str| Err(ReleaseMemoHoldUserError::at(field, InvalidInput, message));
    match (&input.hold_id, &input.memo_id, &input.matter) {
        (Some(id), None, None) => Ok(HoldName::Id(Kind::MemoHold.parse("holdId", id)?)),
        (None, Some(memo_id), matter) => {
            let memo_id = Kind::Memo.parse("memoId", memo_id)?;
            match text::optional(matter.as_deref(), text::MAX_MATTER) {
                Ok(matter) => Ok(HoldName::OfMemo { memo_id, matter: matter.unwrap_or_default() }),
                Err(problem) => refused("matter", &format!("The matter {problem}.")),
            }
        }
        _ => refused("holdId", "Give either holdId alone, or memoId and the matter."),
    }
}

fn not_found(name: &HoldName) -> ReleaseMemoHoldUserError {
    let (field, message) = match name {
        HoldName::Id(_) => ("holdId", "There is no hold with this id. Look it up in memoHolds."),
        HoldName::OfMemo { .. } => {
            ("memoId", "There is no hold on this memo for this matter. Look it up in memoHolds.")
        }
    };
    ReleaseMemoHoldUserError::at(field, ReleaseMemoHoldErrorCode::NotFound, message)
}
