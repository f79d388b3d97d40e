//! Signing in with a password of this server, sessions and passwords.

pub(super) mod passwords;
pub(super) mod sessions;

use super::respond::{ErrorCode, MutationError};
use crate::{
    auth::{SignIn, client::Client},
    graphql::{error::ApiResult, loaders::of_request, sentences},
};
use async_graphql::{Context, MergedObject};
use chrono::TimeDelta;
use std::sync::Arc;

/// The mutations that check a password. An address can call them a limited number of times per
/// minute. `refreshSession` is not among them: its token cannot be guessed, and people who share an
/// address refresh their sessions independently.
pub const THROTTLED_FIELDS: [&str; 2] = ["signIn", "changePassword"];

/// Accounts.
#[derive(MergedObject, Default)]
pub struct AccountsMutation(sessions::SessionMutation, passwords::PasswordMutation);

fn ways<'a>(ctx: &Context<'a>) -> ApiResult<&'a SignIn> {
    of_request(ctx)
}

fn client<'a>(ctx: &Context<'a>) -> ApiResult<&'a Client> {
    of_request::<Arc<Client>>(ctx).map(AsRef::as_ref)
}

/// The error if the server does not use passwords of its own.
fn local_accounts_off<C: ErrorCode>(code: C) -> MutationError<C> {
    MutationError::whole(code, sentences::LOCAL_ACCOUNTS_OFF)
}

/// The error if an address has to wait this long.
fn too_many_tries<C: ErrorCode>(code: C, wait: TimeDelta) -> MutationError<C> {
    MutationError::whole(code, sentences::too_many_tries(wait))
}
