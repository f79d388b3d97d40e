//! `deleteUser`

use super::refused;
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, admin, auth, viewer},
    id::Kind,
    loaders::services,
    mutations::answer::{Stop, answer},
};
use async_graphql::{Context, ID, InputObject, Object};
use service::people;

#[derive(Default)]
pub struct DeleteUser;

/// Whom to delete.
#[derive(InputObject)]
pub struct DeleteUserInput {
    /// The person's global id.
    user_id: ID,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

answer! {
    /// Why a person was not deleted.
    DeleteUserUserError,
    /// The codes with which `deleteUser` refuses.
    DeleteUserErrorCode {
        /// There is no such person.
        NotFound = NotFound,
        /// An administrator does not delete themselves.
        Oneself = Oneself,
        /// The last active administrator stays.
        LastAdmin = LastAdmin,
        /// Memos, work, notifications or records refer to the person: deactivate them instead.
        HasHistory = HasHistory,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput = InvalidInput,
    }
    DeleteUserPayload {
        /// The id that the person had; null if it was refused.
        deleted_user_id: Option<ID>,
    }
}

impl DeleteUserInput {
    async fn run(self, ctx: &Context<'_>) -> Result<DeleteUserPayload, Stop> {
        let id = Kind::User.parse("userId", &self.user_id)?;
        people::delete(services(ctx)?, viewer(ctx)?, id).await?.map_err(refused)?;
        Ok(DeleteUserPayload { deleted_user_id: Some(Kind::User.id(id)), ..DeleteUserPayload::default() })
    }
}

#[Object]
impl DeleteUser {
    /// Deletes a person to whom nothing refers, for example one who was added by mistake. For administrators.
    #[graphql(guard = "admin()", directive = auth::apply(Requirement::Admin))]
    async fn delete_user(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom.")] input: DeleteUserInput,
    ) -> ApiResult<DeleteUserPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        DeleteUserPayload::of(input.run(ctx).await, client_mutation_id)
    }
}
