//! `refreshSession`

use super::{Handed, check_place, client, hand, refresh_token, sessions, ways};
use crate::graphql::{
    error::ApiResult,
    guard::{Requirement, anybody, auth},
    loaders::services,
    mutations::answer::{Refused, Stop, Word, answer},
    objects::User,
};
use async_graphql::{Context, InputObject, Object};
use chrono::{DateTime, Utc};
use service::accounts;

#[derive(Default)]
pub struct RefreshSession;

/// Which session goes on.
#[derive(InputObject)]
pub struct RefreshSessionInput {
    /// The refresh token, for clients that are no browsers; left out, that of the cookie. The next one comes the same way.
    refresh_token: Option<String>,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

answer! {
    /// Why the session does not go on.
    RefreshSessionUserError,
    /// The codes with which `refreshSession` refuses.
    RefreshSessionErrorCode {
        /// The session has ended, or there was none: sign in again.
        SessionEnded = SessionEnded,
        /// Nobody signs in with a password here.
        LocalAccountsOff = LocalAccountsOff,
        /// The input is not acceptable: the message says what to give instead.
        InvalidInput = InvalidInput,
    }
    RefreshSessionPayload {
        /// The next token for the header `Authorization: Bearer <token>`; null if the session has ended.
        access_token: Option<String>,
        /// Until when that token is good.
        expires_at: Option<DateTime<Utc>>,
        /// The token for the next `refreshSession`, if the input had one.
        refresh_token: Option<String>,
        /// Until when the session can be refreshed.
        session_expires_at: Option<DateTime<Utc>>,
        /// Whose session it is.
        user: Option<User>,
    }
}

impl RefreshSessionInput {
    async fn run(self, ctx: &Context<'_>) -> Result<RefreshSessionPayload, Stop> {
        let sessions = sessions(ctx)?;
        let in_body = self.refresh_token.is_some();
        check_place(ctx, in_body)?;
        let refreshed = match refresh_token(ctx, self.refresh_token.as_deref())? {
            Some(token) => accounts::refresh(services(ctx)?, token, sessions).await?.ok(),
            None => None,
        };
        let Some(started) = refreshed else {
            if !in_body {
                client(ctx)?.forget();
            }
            let message = "The session has ended. Sign in again.".to_owned();
            return Err(Refused { word: Word::SessionEnded, field: None, message }.into());
        };
        ways(ctx)?.throttle().remember(client(ctx)?.address);
        let Handed { access, refresh_token } = hand(ctx, &started, in_body)?;
        Ok(RefreshSessionPayload {
            access_token: Some(access.token),
            expires_at: Some(access.expires_at),
            refresh_token,
            session_expires_at: Some(started.expires_at),
            user: Some(User(started.person)),
            ..RefreshSessionPayload::default()
        })
    }
}

#[Object]
impl RefreshSession {
    /// Goes on with a session: answers the next access token, and uses up the refresh token. One that was used before ends the session, as it has been copied.
    /// Only a repetition within ten seconds gets the same answer again. Do not send an `Authorization` header with it.
    #[graphql(guard = "anybody()", directive = auth::apply(Requirement::Anybody))]
    async fn refresh_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which session.")] input: RefreshSessionInput,
    ) -> ApiResult<RefreshSessionPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        RefreshSessionPayload::of(input.run(ctx).await, client_mutation_id)
    }
}
