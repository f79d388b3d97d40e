//! What clients need to know of the server.

use crate::{
    auth::SignIn,
    graphql::{
        error::ApiResult,
        loaders::{deletion_settings, of_request},
        scalars::Bytes,
    },
    settings::Limits,
};
use async_graphql::{Context, Enum, Object};

/// The server, as far as clients need to know it.
pub struct Server;

/// A way to sign in.
#[derive(Enum, Clone, Copy, PartialEq, Eq)]
pub enum SignInMethod {
    /// With username and password: `signIn`.
    Password,
    /// With an access token of the organization's OpenID Connect provider, whose address is
    /// `signInIssuer`.
    Provider,
}

/// The server's version, limits and ways to sign in. Everybody can read it, since a client needs it
/// before anybody signs in.
#[Object]
impl Server {
    /// The version of the program, for example "0.2.0".
    async fn version(&self) -> &str {
        env!("CARGO_PKG_VERSION")
    }

    /// For how many days a deleted memo can be restored.
    async fn restorable_days(&self, ctx: &Context<'_>) -> ApiResult<i64> {
        Ok(deletion_settings(ctx)?.restorable_for.num_days())
    }

    /// The largest size of a file that can be uploaded, in bytes.
    async fn max_upload_bytes(&self, ctx: &Context<'_>) -> ApiResult<Bytes> {
        let max = of_request::<Limits>(ctx)?.max_upload_bytes;
        Ok(Bytes(i64::try_from(max).unwrap_or(i64::MAX)))
    }

    /// The media types of files that can be uploaded, such as "application/pdf" or "image/*". If
    /// empty, all are accepted.
    async fn upload_media_types<'a>(&self, ctx: &Context<'a>) -> ApiResult<&'a [String]> {
        Ok(&of_request::<Limits>(ctx)?.upload_media_types)
    }

    /// How people sign in. If empty, only with tokens that the operator issues.
    async fn sign_in_methods(&self, ctx: &Context<'_>) -> ApiResult<Vec<SignInMethod>> {
        let sign_in = of_request::<SignIn>(ctx)?;
        let password = sign_in.sessions().map(|_| SignInMethod::Password);
        let provider = sign_in.issuer().map(|_| SignInMethod::Provider);
        Ok(password.into_iter().chain(provider).collect())
    }

    /// The address of the provider; null if people do not sign in with one.
    async fn sign_in_issuer<'a>(&self, ctx: &Context<'a>) -> ApiResult<Option<&'a str>> {
        Ok(of_request::<SignIn>(ctx)?.issuer())
    }
}
