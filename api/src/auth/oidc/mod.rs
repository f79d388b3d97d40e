//! Tokens of an OpenID Connect provider
//! ([Discovery](https://openid.net/specs/openid-connect-discovery-1_0.html), [RFC
//! 7517](https://www.rfc-editor.org/rfc/rfc7517)), checked as [RFC
//! 8725](https://www.rfc-editor.org/rfc/rfc8725) advises.
//!
//! What a token says of itself decides nothing but which of the provider's published keys is tried:
//! the key says how it has to be signed.

mod claims;
mod key_set;
mod keys;
mod provider;
mod source;

pub use claims::RoleClaim;
pub(super) use provider::Provider;
pub(crate) use source::is_issuer;

use service::accounts::Recognition;

/// The provider whose tokens are accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcSettings {
    /// Its `iss`, which is where its configuration is found.
    pub issuer: String,
    /// What `aud` must be: one of these.
    pub audiences: Vec<String>,
    /// What happens with somebody who comes for the first time.
    pub recognition: Recognition,
    /// Where roles are read; without it, they are given here.
    pub roles: Option<RoleClaim>,
}

/// Asks the provider for its configuration and its keys; answers how many keys it has.
///
/// # Errors
/// What is wrong with it, in words for an operator.
pub async fn try_out(issuer: &str) -> Result<usize, String> {
    Ok(source::KeySource::new(issuer)?.fetch().await?.len())
}
