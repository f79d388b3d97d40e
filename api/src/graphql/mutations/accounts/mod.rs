//! Signing in with a password of this server, and what belongs to it.

mod change_password;
mod refresh_session;
mod set_password;
mod sign_in;
mod sign_out;

use super::answer::{Refused, Stop, Word};
use crate::{
    auth::{AccessToken, SignIn, client::Client},
    graphql::{
        error::{ApiError, ApiResult},
        loaders::services,
    },
};
use async_graphql::{Context, MergedObject};
use chrono::TimeDelta;
use service::accounts::{PasswordProblem, RefreshToken, SessionSettings, Started};
use std::sync::Arc;

/// Those that try a password: an address has so many tries in a minute, and no more. A refresh token cannot be guessed, and people who share an address
/// refresh their sessions independently: `refreshSession` counts as an operation alone.
pub const TRIES: [&str; 2] = ["signIn", "changePassword"];

/// Accounts.
#[derive(MergedObject, Default)]
pub struct AccountsMutation(
    sign_in::SignInWithPassword,
    refresh_session::RefreshSession,
    sign_out::SignOut,
    change_password::ChangePassword,
    set_password::SetPassword,
);

fn ways<'a>(ctx: &Context<'a>) -> ApiResult<&'a SignIn> {
    ctx.data::<SignIn>().map_err(|error| service::Error::Inconsistent(error.message).into())
}

fn client<'a>(ctx: &Context<'a>) -> ApiResult<&'a Client> {
    let client = ctx.data::<Arc<Client>>();
    client.map(AsRef::as_ref).map_err(|error| service::Error::Inconsistent(error.message).into())
}

/// How sessions are, if there are local accounts.
fn sessions<'a>(ctx: &Context<'a>) -> Result<&'a SessionSettings, Stop> {
    let refused = Refused {
        word: Word::LocalAccountsOff,
        field: None,
        message: "Nobody signs in with a password here. Sign in with your organization's provider."
            .to_owned(),
    };
    Ok(ways(ctx)?.sessions().ok_or(refused)?)
}

/// The refresh token of the input, else that of the browser's cookie.
fn refresh_token(ctx: &Context<'_>, given: Option<&str>) -> ApiResult<Option<RefreshToken>> {
    let token = given.or(client(ctx)?.refresh_cookie.as_deref());
    Ok(token.and_then(RefreshToken::parse))
}

/// A session that goes on: what a client gets of it.
struct Handed {
    access: AccessToken,
    refresh_token: Option<String>,
}

/// Whether the refresh token goes into the payload; refused where neither that nor a cookie is possible.
fn check_place(ctx: &Context<'_>, in_body: bool) -> Result<(), Stop> {
    if !in_body && !client(ctx)?.takes_cookies() {
        let message =
            "This answer cannot set a cookie. Give true, or send this by POST with an answer in JSON.";
        return Err(Refused::input("refreshTokenInBody", message).into());
    }
    Ok(())
}

/// Hands out the tokens of a session.
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

fn too_many_tries(wait: TimeDelta) -> Refused {
    let seconds = wait.num_milliseconds().max(1).cast_unsigned().div_ceil(1000);
    let message = format!("There were too many tries from your address. Try again in {seconds} seconds.");
    Refused { word: Word::TryLater, field: None, message }
}

fn busy() -> Refused {
    let message = "Too many people are signing in at the moment. Try again in a few seconds.".to_owned();
    Refused { word: Word::TryLater, field: None, message }
}

fn unacceptable(field: &str, problem: PasswordProblem) -> Refused {
    Refused::input(field, format!("The password {problem}."))
}
