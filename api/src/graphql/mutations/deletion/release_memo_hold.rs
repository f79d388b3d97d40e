//! `releaseMemoHold`

use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, admin, auth, viewer},
    id::Kind,
    loaders::services,
    objects::MemoHold,
    payload::user_error,
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use service::holds::{self, Release};

#[derive(Default)]
pub struct ReleaseMemoHold;

/// Which hold to release.
#[derive(InputObject)]
pub struct ReleaseMemoHoldInput {
    /// The hold's global id, as in `memoHolds`.
    hold_id: ID,
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
    }
}

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
    /// Releases a hold. Doing it again changes nothing. For administrators.
    #[graphql(guard = "admin()", directive = auth::apply(Requirement::Admin))]
    async fn release_memo_hold(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which hold.")] input: ReleaseMemoHoldInput,
    ) -> ApiResult<ReleaseMemoHoldPayload> {
        let hold_id = Kind::MemoHold.parse("holdId", &input.hold_id)?;
        let (hold, user_errors) = match holds::release(services(ctx)?, viewer(ctx)?, hold_id).await? {
            Release::Released(hold) => (Some(MemoHold(*hold)), Vec::new()),
            Release::NotFound => {
                let message = "There is no hold with this id. Look it up in memoHolds.";
                (
                    None,
                    vec![ReleaseMemoHoldUserError::at("holdId", ReleaseMemoHoldErrorCode::NotFound, message)],
                )
            }
        };
        Ok(ReleaseMemoHoldPayload { hold, user_errors, client_mutation_id: input.client_mutation_id })
    }
}
