//! `setPassword`

use super::{busy, sessions, unacceptable};
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, admin, auth, viewer},
    id::Kind,
    loaders::services,
    mutations::answer::{Refused, Stop, Word, answer},
    objects::User,
};
use async_graphql::{Context, ID, InputObject, Object};
use service::accounts::{self, SetRefusal};

#[derive(Default)]
pub struct SetPassword;

/// Whose password, and which.
#[derive(InputObject)]
pub struct SetPasswordInput {
    /// The person's global id.
    user_id: ID,
    /// The password: 12–256 characters.
    new_password: String,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

answer! {
    /// Why no password was set.
    SetPasswordUserError,
    /// The codes with which `setPassword` refuses.
    SetPasswordErrorCode {
        /// There is no such person.
        NotFound = NotFound,
        /// Too many people are signing in: try again in a few seconds.
        TryLater = TryLater,
        /// Nobody signs in with a password here.
        LocalAccountsOff = LocalAccountsOff,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput = InvalidInput,
    }
    SetPasswordPayload {
        /// The person; null if it was refused.
        user: Option<User>,
    }
}

impl SetPasswordInput {
    async fn run(self, ctx: &Context<'_>) -> Result<SetPasswordPayload, Stop> {
        let id = Kind::User.parse("userId", &self.user_id)?;
        sessions(ctx)?;
        let set = accounts::set_password(services(ctx)?, viewer(ctx)?, id, &self.new_password).await?;
        let person = set.map_err(|refusal| match refusal {
            SetRefusal::NotFound => {
                Refused::at("userId", Word::NotFound, "There is no person with this id. Check the id.")
            }
            SetRefusal::Password(problem) => unacceptable("newPassword", problem),
            SetRefusal::Busy => busy(),
        })?;
        Ok(SetPasswordPayload { user: Some(User(person)), ..SetPasswordPayload::default() })
    }
}

#[Object]
impl SetPassword {
    /// Gives a person a password, the first or another, and ends all their sessions. Tell them to change it with `changePassword`. For administrators.
    #[graphql(guard = "admin()", directive = auth::apply(Requirement::Admin))]
    async fn set_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose password, and which.")] input: SetPasswordInput,
    ) -> ApiResult<SetPasswordPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        SetPasswordPayload::of(input.run(ctx).await, client_mutation_id)
    }
}
