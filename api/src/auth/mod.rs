//! Signing in: with a bearer JWT from an OpenID Connect provider or signed here with a configured
//! secret, and the local accounts that get such tokens.

pub(crate) mod client;
mod demo_person;
mod download_link;
mod oidc;
mod problem;
mod sign_in;
mod signed_in;
mod throttle;
mod token_keys;

pub use demo_person::DemoPerson;
pub use download_link::LONGEST as LONGEST_LINK;
pub use oidc::{OidcSettings, RoleClaim, try_out};
pub use problem::SignInProblem;
pub use sign_in::{AccessToken, SignIn, SignInSettings};
pub use signed_in::SignedIn;
pub use throttle::Throttle;
pub use token_keys::{MIN_SECRET_BYTES, TokenKeys, VerifiedToken};

pub(crate) use oidc::is_issuer;
