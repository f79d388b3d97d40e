//! `changePassword`, `setPassword`

use super::{client, local_accounts_off, too_many_tries, ways};
use crate::graphql::{
    error::{ApiError, ApiResult},
    guard::{CurrentPerson, CurrentSession, Requirement, admin, auth, signed_in, viewer},
    id::Kind,
    loaders::services,
    mutations::respond::{MutationError, Payload, RefusesInput, Stop, codes, done, respond},
    objects::User,
    sentences,
};
use async_graphql::{Context, ID, InputObject, Object};
use service::accounts::{self, ChangePasswordError, PasswordProblem, SetPasswordError};

#[derive(Default)]
pub struct PasswordMutation;

/// The current password and the new one.
#[derive(InputObject)]
pub struct ChangePasswordInput {
    /// The current password.
    current_password: String,
    /// The new password, 12–256 characters.
    new_password: String,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    ChangePassword(ChangePasswordErrorCode) or InvalidInput {
        /// The current password is wrong.
        WrongPassword,
        /// There were too many attempts. The message says when to try again.
        TryLater,
        /// This server does not use passwords of its own. Sign in with your organization's
        /// provider.
        LocalAccountsOff,
    }
}

done! {
    PasswordChanged(ChangePasswordErrorCode) {
        /// True if the password was changed; null if the mutation was refused.
        changed: Option<bool>,
    }
}

impl From<ChangePasswordError> for Stop<PasswordChanged> {
    fn from(error: ChangePasswordError) -> Self {
        use ChangePasswordErrorCode as Code;
        match error {
            ChangePasswordError::Wrong => {
                MutationError::at("currentPassword", Code::WrongPassword, sentences::WRONG_PASSWORD)
            }
            ChangePasswordError::Password(problem) => unacceptable(problem),
            ChangePasswordError::Busy => {
                MutationError::whole(Code::TryLater, sentences::TOO_MANY_SIGN_IN)
            }
            ChangePasswordError::Failed(error) => return error.into(),
        }
        .into()
    }
}

/// The person and their new password.
#[derive(InputObject)]
pub struct SetPasswordInput {
    /// The person's global id.
    user_id: ID,
    /// The new password, 12–256 characters.
    new_password: String,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    SetPassword(SetPasswordErrorCode) or InvalidInput {
        /// The person does not exist.
        NotFound,
        /// The person is erased, and does not come back.
        Erased,
        /// Too many people are signing in. Try again in a few seconds.
        TryLater,
        /// This server does not use passwords of its own. Sign in with your organization's
        /// provider.
        LocalAccountsOff,
    }
}

done! {
    PasswordSet(SetPasswordErrorCode) {
        /// The person; null if the mutation was refused.
        user: Option<User>,
    }
}

impl From<SetPasswordError> for Stop<PasswordSet> {
    fn from(error: SetPasswordError) -> Self {
        use SetPasswordErrorCode as Code;
        match error {
            SetPasswordError::NotFound => {
                MutationError::at("userId", Code::NotFound, sentences::NO_SUCH_PERSON)
            }
            SetPasswordError::Erased => {
                MutationError::at("userId", Code::Erased, sentences::PERSON_ERASED)
            }
            SetPasswordError::Password(problem) => unacceptable(problem),
            SetPasswordError::Busy => {
                MutationError::whole(Code::TryLater, sentences::TOO_MANY_SIGN_IN)
            }
            SetPasswordError::Failed(error) => return error.into(),
        }
        .into()
    }
}

/// The new password is invalid.
fn unacceptable<C: RefusesInput>(problem: PasswordProblem) -> MutationError<C> {
    MutationError::input("newPassword", format!("The password {problem}."))
}

#[Object]
impl PasswordMutation {
    /// Changes the viewer's password, and ends their sessions on all other devices.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The current password and the new one.")] input: ChangePasswordInput,
    ) -> ApiResult<Payload<PasswordChanged>> {
        use ChangePasswordErrorCode as Code;
        respond(input.client_mutation_id, async {
            let (services, ways) = (services(ctx)?, ways(ctx)?);
            ways.sessions().ok_or_else(|| local_accounts_off(Code::LocalAccountsOff))?;
            let person = ctx.data_opt::<CurrentPerson>().and_then(|current| current.0.as_ref());
            let person = person.ok_or(ApiError::Unauthenticated)?;
            let session = ctx.data_opt::<CurrentSession>().and_then(|current| current.0);
            let tried = ways
                .throttle()
                .begin(&person.username, Some(person.id), client(ctx)?.address, services.now())
                .map_err(|wait| too_many_tries(Code::TryLater, wait))?;
            let (current, new) = (&input.current_password, &input.new_password);
            let changed = accounts::change_password(services, person, session, current, new).await;
            match &changed {
                Ok(()) | Err(ChangePasswordError::Password(_) | ChangePasswordError::Busy) => {
                    tried.succeeded();
                }
                // A try that is only dropped stays counted.
                Err(ChangePasswordError::Wrong | ChangePasswordError::Failed(_)) => {}
            }
            changed?;
            Ok(PasswordChanged { changed: Some(true) })
        })
        .await
    }

    /// Sets the password of a person and ends all their sessions. Ask them to change it with
    /// `changePassword`. For administrators.
    #[graphql(guard = "admin()", directive = auth::apply(Requirement::Admin))]
    async fn set_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person and their new password.")] input: SetPasswordInput,
    ) -> ApiResult<Payload<PasswordSet>> {
        use SetPasswordErrorCode as Code;
        respond(input.client_mutation_id, async {
            let id = Kind::User.parse("userId", &input.user_id)?;
            ways(ctx)?.sessions().ok_or_else(|| local_accounts_off(Code::LocalAccountsOff))?;
            let person =
                accounts::set_password(services(ctx)?, viewer(ctx)?, id, &input.new_password)
                    .await?;
            Ok(PasswordSet { user: Some(User::from(person)) })
        })
        .await
    }
}
