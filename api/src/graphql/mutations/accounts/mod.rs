//! Signing in with a password of this server, and what belongs to it.

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

/// Those that try a password: an address has so many tries in a minute, and no more. A refresh
/// token cannot be guessed, and people who share an address refresh their sessions independently:
/// `refreshSession` counts as an operation alone.
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

/// Nobody signs in with a password.
fn local_accounts_off<C: ErrorCode>(code: C) -> MutationError<C> {
    MutationError::whole(code, sentences::LOCAL_ACCOUNTS_OFF)
}

/// An address has to wait for so long.
fn too_many_tries<C: ErrorCode>(code: C, wait: TimeDelta) -> MutationError<C> {
    MutationError::whole(code, sentences::too_many_tries(wait))
}
