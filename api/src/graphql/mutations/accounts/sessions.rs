//! `signIn`, `refreshSession`, `signOut`

use super::{client, local_accounts_off, too_many_tries, ways};
use crate::{
    auth::{AccessToken, client::Client},
    graphql::{
        error::{ApiError, ApiResult},
        guard::{CurrentSession, Requirement, anybody, auth, viewer_if_any},
        loaders::services,
        mutations::respond::{MutationError, Payload, RefusesInput, Stop, codes, done, respond},
        objects::User,
        scalars::Moment,
        sentences,
    },
};
use async_graphql::{Context, InputObject, Object};
use service::accounts::{self, RefreshError, RefreshToken, SignInError, Started};

#[derive(Default)]
pub struct SessionMutation;

/// The username and the password.
#[derive(InputObject)]
pub struct SignInInput {
    /// The username or the email address.
    username: String,
    /// The password.
    password: String,
    /// Whether the payload returns the refresh token, for clients that are not browsers. Otherwise
    /// the token is set as a cookie that scripts cannot read.
    #[graphql(default)]
    refresh_token_in_body: bool,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    SignIn(SignInErrorCode) or InvalidInput {
        /// The username or the password is wrong, or the person is inactive. For security, the
        /// error does not say which.
        InvalidCredentials,
        /// There were too many attempts. The message says when to try again.
        TryLater,
        /// This server does not use passwords of its own. Sign in with your organization's
        /// provider.
        LocalAccountsOff,
    }
}

done! {
    SignedIn(SignInErrorCode) {
        /// The token for the header `Authorization: Bearer <token>`; null if the mutation was
        /// refused.
        access_token: Option<String>,
        /// When the access token expires. Get the next one before that, with `refreshSession`.
        expires_at: Option<Moment>,
        /// The token for the first `refreshSession`; null unless the input sets
        /// `refreshTokenInBody`.
        refresh_token: Option<String>,
        /// The time until which the session can be refreshed.
        session_expires_at: Option<Moment>,
        /// The person who signed in.
        user: Option<User>,
    }
}

impl From<SignInError> for Stop<SignedIn> {
    fn from(error: SignInError) -> Self {
        use SignInErrorCode as Code;
        match error {
            SignInError::Wrong => {
                MutationError::whole(Code::InvalidCredentials, sentences::INVALID_CREDENTIALS)
            }
            SignInError::Busy => MutationError::whole(Code::TryLater, sentences::TOO_MANY_SIGN_IN),
            SignInError::Failed(error) => return error.into(),
        }
        .into()
    }
}

/// The session to continue.
#[derive(InputObject)]
pub struct RefreshSessionInput {
    /// The refresh token, for clients that are not browsers. If left out or null, the token of the
    /// cookie is used. The next token is returned in the same way.
    refresh_token: Option<String>,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    RefreshSession(RefreshSessionErrorCode) or InvalidInput {
        /// The session has ended, or there was none. Sign in again.
        SessionEnded,
        /// This server does not use passwords of its own. Sign in with your organization's
        /// provider.
        LocalAccountsOff,
    }
}

done! {
    SessionRefreshed(RefreshSessionErrorCode) {
        /// The next token for the header `Authorization: Bearer <token>`; null if the mutation was
        /// refused.
        access_token: Option<String>,
        /// When the access token expires.
        expires_at: Option<Moment>,
        /// The token for the next `refreshSession`; null if the input had none.
        refresh_token: Option<String>,
        /// The time until which the session can be refreshed.
        session_expires_at: Option<Moment>,
        /// The person whose session it is.
        user: Option<User>,
    }
}

impl From<RefreshError> for Stop<SessionRefreshed> {
    fn from(error: RefreshError) -> Self {
        match error {
            RefreshError::SessionEnded => {
                let code = RefreshSessionErrorCode::SessionEnded;
                MutationError::whole(code, sentences::SESSION_ENDED).into()
            }
            RefreshError::Failed(error) => error.into(),
        }
    }
}

/// The session to end.
#[derive(InputObject)]
pub struct SignOutInput {
    /// The refresh token, for clients that are not browsers. If left out or null, the token of the
    /// cookie is used.
    refresh_token: Option<String>,
    /// Whether to end the person's sessions on other devices as well.
    #[graphql(default)]
    everywhere: bool,
    /// Any text of the client. The payload returns it.
    client_mutation_id: Option<String>,
}

codes! {
    SignOut(SignOutErrorCode) {
        /// This server does not use passwords of its own. Sign out at your organization's provider.
        LocalAccountsOff,
    }
}

done! {
    SignedOut(SignOutErrorCode) {
        /// Whether the tokens belong to a session, even to one that had already ended. Null if the
        /// mutation was refused.
        signed_out: Option<bool>,
    }
}

#[Object]
impl SessionMutation {
    /// Starts a session with a username and a password of this server. Do not send an
    /// `Authorization` header with it.
    #[graphql(guard = "anybody()", directive = auth::apply(Requirement::Anybody))]
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The username and the password.")] input: SignInInput,
    ) -> ApiResult<Payload<SignedIn>> {
        use SignInErrorCode as Code;
        respond(input.client_mutation_id, async {
            let (services, client, ways) = (services(ctx)?, client(ctx)?, ways(ctx)?);
            let sessions =
                ways.sessions().ok_or_else(|| local_accounts_off(Code::LocalAccountsOff))?;
            check_place(client, input.refresh_token_in_body)?;
            let account = accounts::account(services, &input.username).await?;
            let throttle = ways.throttle();
            let tried = throttle
                .begin(&input.username, account.person_id(), client.address, services.now())
                .map_err(|wait| too_many_tries(Code::TryLater, wait))?;
            let requester = throttle.requester(client.address);
            let (password, user_agent) = (&input.password, client.user_agent.as_deref());
            let started = accounts::with_password(
                services, account, password, requester, user_agent, sessions,
            )
            .await;
            // A try that is only dropped stays counted.
            let started = match started {
                Ok(started) => started,
                Err(SignInError::Failed(error)) => return Err(error.into()),
                Err(refusal @ (SignInError::Wrong | SignInError::Busy)) => {
                    tracing::info!(
                        address = ?client.address,
                        ?refusal,
                        "sign-in with a password refused"
                    );
                    if matches!(refusal, SignInError::Busy) {
                        tried.withdrawn();
                    }
                    return Err(refusal.into());
                }
            };
            tried.succeeded();
            let Handed { access, refresh_token } =
                hand(ctx, &started, input.refresh_token_in_body)?;
            Ok(SignedIn {
                access_token: Some(access.token),
                expires_at: Some(Moment(access.expires_at)),
                refresh_token,
                session_expires_at: Some(Moment(started.expires_at)),
                user: Some(User::from(started.person)),
            })
        })
        .await
    }

    /// Continues a session: returns the next access token and uses up the refresh token. A refresh
    /// token that was used before ends the session, since somebody may have copied it. Repeating
    /// the call within ten seconds returns the same answer. Do not send an `Authorization` header
    /// with it.
    #[graphql(guard = "anybody()", directive = auth::apply(Requirement::Anybody))]
    async fn refresh_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session to continue.")] input: RefreshSessionInput,
    ) -> ApiResult<Payload<SessionRefreshed>> {
        use RefreshSessionErrorCode as Code;
        respond(input.client_mutation_id, async {
            let (client, ways) = (client(ctx)?, ways(ctx)?);
            let sessions =
                ways.sessions().ok_or_else(|| local_accounts_off(Code::LocalAccountsOff))?;
            let in_body = input.refresh_token.is_some();
            check_place(client, in_body)?;
            let refreshed = match refresh_token(client, input.refresh_token.as_deref()) {
                Some(token) => accounts::refresh(services(ctx)?, token, sessions).await,
                None => Err(RefreshError::SessionEnded),
            };
            if !in_body && matches!(refreshed, Err(RefreshError::SessionEnded)) {
                client.forget();
            }
            let started = refreshed?;
            ways.throttle().remember(client.address);
            let Handed { access, refresh_token } = hand(ctx, &started, in_body)?;
            Ok(SessionRefreshed {
                access_token: Some(access.token),
                expires_at: Some(Moment(access.expires_at)),
                refresh_token,
                session_expires_at: Some(Moment(started.expires_at)),
                user: Some(User::from(started.person)),
            })
        })
        .await
    }

    /// Ends the session of the access token and the session of the refresh token. Their
    /// subscriptions end at once. Repeating it changes nothing.
    #[graphql(guard = "anybody()", directive = auth::apply(Requirement::Anybody))]
    async fn sign_out(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session to end.")] input: SignOutInput,
    ) -> ApiResult<Payload<SignedOut>> {
        use SignOutErrorCode as Code;
        respond(input.client_mutation_id, async {
            let (services, client) = (services(ctx)?, client(ctx)?);
            let sessions =
                ways(ctx)?.sessions().ok_or_else(|| local_accounts_off(Code::LocalAccountsOff))?;
            let session = ctx.data_opt::<CurrentSession>().and_then(|current| current.0);
            let token = refresh_token(client, input.refresh_token.as_deref());
            let of = accounts::end(services, session, token, sessions).await?;
            let person = of.or(viewer_if_any(ctx).map(|viewer| viewer.id));
            if let Some(person) = person.filter(|_| input.everywhere) {
                accounts::end_all_of(services, person).await?;
            }
            client.forget();
            Ok(SignedOut { signed_out: Some(of.is_some()) })
        })
        .await
    }
}

/// The refresh token of the input, or else of the browser's cookie.
fn refresh_token(client: &Client, given: Option<&str>) -> Option<RefreshToken> {
    given.or(client.refresh_cookie.as_deref()).and_then(RefreshToken::parse)
}

/// Refuses a session whose refresh token can be returned neither in the payload nor in a cookie.
fn check_place<C: RefusesInput>(client: &Client, in_body: bool) -> Result<(), MutationError<C>> {
    if in_body || client.takes_cookies() {
        return Ok(());
    }
    Err(MutationError::input("refreshTokenInBody", sentences::NO_COOKIE))
}

/// The tokens that a client gets for a session.
struct Handed {
    access: AccessToken,
    refresh_token: Option<String>,
}

/// Issues the tokens of a session.
fn hand(ctx: &Context<'_>, started: &Started, in_body: bool) -> ApiResult<Handed> {
    let now = services(ctx)?.now();
    let access = ways(ctx)?.access_token(started, now).map_err(ApiError::from)?;
    if in_body {
        return Ok(Handed { access, refresh_token: Some(started.refresh_token.clone()) });
    }
    let lasts = (started.expires_at - now).to_std().unwrap_or_default();
    client(ctx)?.keep(&started.refresh_token, lasts);
    Ok(Handed { access, refresh_token: None })
}
