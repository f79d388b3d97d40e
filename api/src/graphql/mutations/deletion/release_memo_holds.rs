//! `releaseMemoHolds`

use super::place_memo_holds::memo_ids;
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, admin, auth, viewer},
    loaders::services,
    mutations::COST_OF_MANY,
    payload::user_error,
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use service::{holds, text};

#[derive(Default)]
pub struct ReleaseMemoHolds;

/// Which holds to release.
#[derive(InputObject)]
pub struct ReleaseMemoHoldsInput {
    /// The matter that needs the memos no longer.
    matter: String,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

user_error! {
    /// Why no holds were released.
    ReleaseMemoHoldsUserError,
    /// The codes with which `releaseMemoHolds` refuses.
    ReleaseMemoHoldsErrorCode {
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput,
    }
}

/// What came of it. Call again with the same input while `hasMore` is true.
#[derive(SimpleObject, Default)]
pub struct ReleaseMemoHoldsPayload {
    /// The global ids of the memos that the matter does not hold any more since this call, at most 1,000. Other matters may hold them.
    released_memo_ids: Vec<ID>,
    /// Whether the matter still holds memos.
    has_more: bool,
    /// Why no holds were released; empty if they were, or if there are none.
    user_errors: Vec<ReleaseMemoHoldsUserError>,
    /// What the client sent.
    client_mutation_id: Option<String>,
}

#[Object]
impl ReleaseMemoHolds {
    /// Releases the holds of a matter, at most 1,000 a call. Calling again goes on with the rest. For administrators.
    #[graphql(
        guard = "admin()",
        directive = auth::apply(Requirement::Admin),
        complexity = "COST_OF_MANY + child_complexity"
    )]
    async fn release_memo_holds(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The holds of which matter.")] input: ReleaseMemoHoldsInput,
    ) -> ApiResult<ReleaseMemoHoldsPayload> {
        let client_mutation_id = input.client_mutation_id;
        match text::required(&input.matter, text::MAX_MATTER) {
            Ok(matter) => {
                let released = holds::release_many(services(ctx)?, viewer(ctx)?, &matter).await?;
                Ok(ReleaseMemoHoldsPayload {
                    released_memo_ids: memo_ids(released.memo_ids),
                    has_more: released.has_more,
                    user_errors: Vec::new(),
                    client_mutation_id,
                })
            }
            Err(problem) => Ok(ReleaseMemoHoldsPayload {
                user_errors: vec![ReleaseMemoHoldsUserError::at(
                    "matter",
                    ReleaseMemoHoldsErrorCode::InvalidInput,
                    format!("The matter {problem}."),
                )],
                client_mutation_id,
                ..ReleaseMemoHoldsPayload::default()
            }),
        }
    }
}
