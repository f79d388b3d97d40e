//! `signOut`

use super::{client, refresh_token, sessions};
use crate::graphql::{
    error::ApiResult,
    guard::{CurrentSession, Requirement, anybody, auth, viewer_if_any},
    loaders::services,
    mutations::answer::{Stop, answer},
};
use async_graphql::{Context, InputObject, Object};
use service::accounts;

#[derive(Default)]
pub struct SignOut;

/// What ends.
#[derive(InputObject)]
pub struct SignOutInput {
    /// The refresh token, for clients that are no browsers; left out, that of the cookie.
    refresh_token: Option<String>,
    /// Whether the person's sessions on other devices end as well.
    #[graphql(default)]
    everywhere: bool,
    /// Anything that the client wants back in the payload.
    client_mutation_id: Option<String>,
}

answer! {
    /// Why nobody was signed out.
    SignOutUserError,
    /// The codes with which `signOut` refuses.
    SignOutErrorCode {
        /// Nobody signs in with a password here: sign out at your organization's provider.
        LocalAccountsOff = LocalAccountsOff,
    }
    SignOutPayload {
        /// Whether there was a session to end, be it one that had ended already.
        signed_out: Option<bool>,
    }
}

impl SignOutInput {
    async fn run(self, ctx: &Context<'_>) -> Result<SignOutPayload, Stop> {
        let (services, sessions) = (services(ctx)?, sessions(ctx)?);
        let session = ctx.data_opt::<CurrentSession>().and_then(|current| current.0);
        let token = refresh_token(ctx, self.refresh_token.as_deref())?;
        let of = accounts::end(services, session, token, sessions).await?;
        let person = of.or(viewer_if_any(ctx).map(|viewer| viewer.id));
        if let Some(person) = person.filter(|_| self.everywhere) {
            accounts::end_all_of(services, person).await?;
        }
        client(ctx)?.forget();
        Ok(SignOutPayload { signed_out: Some(of.is_some()), ..SignOutPayload::default() })
    }
}

#[Object]
impl SignOut {
    /// Ends the session of the access token and that of the refresh token. Subscriptions of it end at once. Doing it again changes nothing.
    #[graphql(guard = "anybody()", directive = auth::apply(Requirement::Anybody))]
    async fn sign_out(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What ends.")] input: SignOutInput,
    ) -> ApiResult<SignOutPayload> {
        let client_mutation_id = input.client_mutation_id.clone();
        SignOutPayload::of(input.run(ctx).await, client_mutation_id)
    }
}
