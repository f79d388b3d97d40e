//! `deactivateUser`, `reactivateUser`

use super::refused;
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, admin, auth, viewer},
    id::Kind,
    loaders::services,
    mutations::answer::{Stop, answer},
    objects::User,
};
use async_graphql::{Context, ID, InputObject, Object};
use entity::user;
use service::people;

#[derive(Default)]
pub struct SetActive;

/// Who is not to sign in any more.
#[derive(InputObject)]
pub struct DeactivateUserInput {
    /// The person's global id.
    user_id: ID,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

answer! {
    /// Why a person was not deactivated.
    DeactivateUserUserError,
    /// The codes with which `deactivateUser` refuses.
    DeactivateUserErrorCode {
        /// There is no such person.
        NotFound = NotFound,
        /// An administrator does not deactivate themselves.
        Oneself = Oneself,
        /// The last active administrator stays active.
        LastAdmin = LastAdmin,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput = InvalidInput,
    }
    DeactivateUserPayload {
        /// The person as they are now; null if it was refused.
        user: Option<User>,
    }
}

/// Who is to sign in again.
#[derive(InputObject)]
pub struct ReactivateUserInput {
    /// The person's global id.
    user_id: ID,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

answer! {
    /// Why a person was not reactivated.
    ReactivateUserUserError,
    /// The codes with which `reactivateUser` refuses.
    ReactivateUserErrorCode {
        /// There is no such person.
        NotFound = NotFound,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput = InvalidInput,
    }
    ReactivateUserPayload {
        /// The person as they are now; null if it was refused.
        user: Option<User>,
    }
}

async fn set_active(ctx: &Context<'_>, user_id: &ID, active: bool) -> Result<user::Model, Stop> {
    let id = Kind::User.parse("userId", user_id)?;
    let changed = people::set_active(services(ctx)?, viewer(ctx)?, id, active).await?;
    Ok(changed.map_err(refused)?)
}

#[Object]
impl SetActive {
    /// Ends a person's right to sign in, from their next request on. Their memos stay. Doing it again changes nothing. For administrators.
    #[graphql(guard = "admin()", directive = auth::apply(Requirement::Admin))]
    async fn deactivate_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom.")] input: DeactivateUserInput,
    ) -> ApiResult<DeactivateUserPayload> {
        let person = set_active(ctx, &input.user_id, false).await;
        let payload = person.map(|person| DeactivateUserPayload {
            user: Some(User(person)),
            ..DeactivateUserPayload::default()
        });
        DeactivateUserPayload::of(payload, input.client_mutation_id)
    }

    /// Lets a person sign in again. Doing it again changes nothing. For administrators.
    #[graphql(guard = "admin()", directive = auth::apply(Requirement::Admin))]
    async fn reactivate_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom.")] input: ReactivateUserInput,
    ) -> ApiResult<ReactivateUserPayload> {
        let person = set_active(ctx, &input.user_id, true).await;
        let payload = person.map(|person| ReactivateUserPayload {
            user: Some(User(person)),
            ..ReactivateUserPayload::default()
        });
        ReactivateUserPayload::of(payload, input.client_mutation_id)
    }
}
