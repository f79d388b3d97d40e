//! Tokens of an OpenID Connect provider
//! ([Discovery](https://openid.net/specs/openid-connect-discovery-1_0.html), [RFC
//! 7517](https://www.rfc-editor.org/rfc/rfc7517)), checked as [RFC
//! 8725](https://www.rfc-editor.org/rfc/rfc8725) advises.
//!
//! The content of a token only selects which of the provider's published keys is tried. The key
//! determines the algorithm.

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
    /// Its `iss`, which leads to its configuration.
    pub issuer: String,
    /// The accepted values of `aud`.
    pub audiences: Vec<String>,
    /// How the server treats a person who signs in for the first time.
    pub recognition: Recognition,
    /// Where roles are read; without it, roles are set in this server.
    pub roles: Option<RoleClaim>,
}

/// Asks the provider for its configuration and its keys, and returns the number of keys.
///
/// # Errors
/// What is wrong with the provider, in words for an operator.
pub async fn try_out(issuer: &str) -> Result<usize, String> {
    Ok(source::KeySource::new(issuer)?.fetch().await?.len())
}
