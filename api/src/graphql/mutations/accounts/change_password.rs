//! `changePassword`

use super::{busy, client, sessions, too_many_tries, unacceptable, ways};
use crate::graphql::{
    error::{ApiError, ApiResult},
    guard::{CurrentPerson, CurrentSession, Requirement, auth, signed_in},
    loaders::services,
    mutations::answer::{Refused, Stop, Word, answer},
};
use async_graphql::{Context, InputObject, Object};
use service::accounts::{self, ChangeRefusal};

#[derive(Default)]
pub struct ChangePassword;

/// The old password and the new one.
#[derive(InputObject)]
pub struct ChangePasswordInput {
    /// The password as it is.
    current_password: String,
    /// The password as it is to be: 12–256 characters.
    new_password: String,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

answer! {
    /// Why the password stays as it is.
    ChangePasswordUserError,
    /// The codes with which `changePassword` refuses.
    ChangePasswordErrorCode {
        /// The current password is another.
        WrongPassword = WrongPassword,
        /// There were too many tries: the message says when to try again.
        TryLater = TryLater,
        /// Nobody signs in with a password here.
        LocalAccountsOff = LocalAccountsOff,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput = InvalidInput,
    }
    ChangePasswordPayload {
        /// Whether it was changed.
        changed: Option<bool>,
    }
}

impl ChangePasswordInput {
    async fn run(self, ctx: &Context<'_>) -> Result<ChangePasswordPayload, Stop> {
        sessions(ctx)?;
        let services = services(ctx)?;
        let person = ctx.data_opt::<CurrentPerson>().and_then(|current| current.0.as_ref());
        let person = person.ok_or(ApiError::Unauthenticated)?;
        let session = ctx.data_opt::<CurrentSession>().and_then(|current| current.0);
        let tried = ways(ctx)?.throttle().begin(
            &person.username,
            Some(person.id),
            client(ctx)?.address,
            services.now(),
        );
        let tried = tried.map_err(too_many_tries)?;
        let (current, new) = (&self.current_password, &self.new_password);
        let changed = accounts::change_password(services, person, session, current, new).await?;
        if !matches!(changed, Err(ChangeRefusal::Wrong)) {
            tried.succeeded();
        }
        changed.map_err(|refusal| match refusal {
            ChangeRefusal::Wrong => Refused::at(
                "currentPassword",
                Word::WrongPassword,
                "This is not your password. Check it; an administrator can set a new one.",
            ),
            ChangeRefusal::Password(problem) => unacceptable("newPassword", problem),
            ChangeRefusal::Busy => busy(),
        })?;
        Ok(ChangePasswordPayload { changed: Some(true), ..ChangePasswordPayload::default() })
    }
}

#[Object]
impl ChangePassword {
    /// Changes the viewer's password, and ends their sessions on all other devices.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The old password and the new one.")] input: ChangePasswordInput,
    ) -> ApiResult<ChangePasswordPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        ChangePasswordPayload::of(input.run(ctx).await, client_mutation_id)
    }
}
