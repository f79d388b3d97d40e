//! `signIn`

use super::{Handed, busy, check_place, client, hand, sessions, too_many_tries, ways};
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, anybody, auth},
    loaders::services,
    mutations::answer::{Refused, Stop, Word, answer},
    objects::User,
};
use async_graphql::{Context, InputObject, Object};
use chrono::{DateTime, Utc};
use service::accounts::{self, SignInRefusal};

#[derive(Default)]
pub struct SignInWithPassword;

/// Who signs in.
#[derive(InputObject)]
pub struct SignInInput {
    /// The username, or the address.
    username: String,
    /// The password.
    password: String,
    /// Whether the refresh token is answered, for clients that are no browsers; otherwise it becomes a cookie that scripts cannot read.
    #[graphql(default)]
    refresh_token_in_body: bool,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

answer! {
    /// Why nobody was signed in.
    SignInUserError,
    /// The codes with which `signIn` refuses.
    SignInErrorCode {
        /// Nobody has that name and that password, or the person is inactive: which of them is not told.
        InvalidCredentials = InvalidCredentials,
        /// There were too many tries: the message says when to try again.
        TryLater = TryLater,
        /// Nobody signs in with a password here.
        LocalAccountsOff = LocalAccountsOff,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput = InvalidInput,
    }
    SignInPayload {
        /// The token for the header `Authorization: Bearer <token>`; null if nobody was signed in.
        access_token: Option<String>,
        /// Until when that token is good: before, get the next with `refreshSession`.
        expires_at: Option<DateTime<Utc>>,
        /// The token for the first `refreshSession`, if it was asked for here.
        refresh_token: Option<String>,
        /// Until when the session can be refreshed.
        session_expires_at: Option<DateTime<Utc>>,
        /// Who has signed in.
        user: Option<User>,
    }
}

impl SignInInput {
    async fn run(self, ctx: &Context<'_>) -> Result<SignInPayload, Stop> {
        let (services, client, sessions) = (services(ctx)?, client(ctx)?, sessions(ctx)?);
        check_place(ctx, self.refresh_token_in_body)?;
        let account = accounts::account(services, &self.username).await?;
        let throttle = ways(ctx)?.throttle();
        let tried = throttle.begin(&self.username, account.person_id(), client.address, services.now());
        let tried = tried.map_err(too_many_tries)?;
        let requester = throttle.requester(client.address);
        let user_agent = client.user_agent.as_deref();
        let password = &self.password;
        let signed_in =
            accounts::with_password(services, account, password, requester, user_agent, sessions).await?;
        let started = match signed_in {
            Ok(started) => started,
            Err(refusal) => {
                tracing::info!(address = ?client.address, ?refusal, "sign-in with a password refused");
                if refusal == SignInRefusal::Busy {
                    tried.withdrawn();
                }
                return Err(refused(refusal).into());
            }
        };
        tried.succeeded();
        let Handed { access, refresh_token } = hand(ctx, &started, self.refresh_token_in_body)?;
        Ok(SignInPayload {
            access_token: Some(access.token),
            expires_at: Some(access.expires_at),
            refresh_token,
            session_expires_at: Some(started.expires_at),
            user: Some(User(started.person)),
            ..SignInPayload::default()
        })
    }
}

fn refused(refusal: SignInRefusal) -> Refused {
    match refusal {
        SignInRefusal::Wrong => Refused {
            word: Word::InvalidCredentials,
            field: None,
            message: "Username or password is wrong, or the account is inactive. Check both; an administrator can set a new password."
                .to_owned(),
        },
        SignInRefusal::Busy => busy(),
    }
}

#[Object]
impl SignInWithPassword {
    /// Signs in with a password of this server: begins a session. Do not send an `Authorization` header with it.
    #[graphql(guard = "anybody()", directive = auth::apply(Requirement::Anybody))]
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who signs in.")] input: SignInInput,
    ) -> ApiResult<SignInPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        SignInPayload::of(input.run(ctx).await, client_mutation_id)
    }
}
