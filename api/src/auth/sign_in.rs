//! All ways to sign in.

use super::{
    demo_person::DemoPerson,
    oidc::{OidcSettings, Provider},
    problem::{MAX_TOKEN_BYTES, SignInProblem},
    signed_in::SignedIn,
    throttle::Throttle,
    token_keys::{TokenKeys, VerifiedToken},
};
use crate::by_key_length::ByKeyLength;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use entity::user;
use quick_cache::sync::Cache;
use serde::Deserialize;
use service::{
    Services,
    accounts::{self, SessionSettings, Started},
    sign_in_check::SignInCheck,
};
use std::sync::Arc;
use uuid::Uuid;

/// How many people are remembered. Each takes about 500 bytes.
const REMEMBERED: usize = 10_000;
/// Maximum size of all remembered tokens, in bytes.
const REMEMBERED_BYTES: u64 = 4 * 1_048_576;
/// How long an access token of a local account lasts.
const ACCESS: TimeDelta = TimeDelta::minutes(10);

/// How people sign in, besides tokens that are signed with the secret.
#[derive(Debug, Clone)]
pub struct SignInSettings {
    /// The provider whose tokens are accepted.
    pub oidc: Option<OidcSettings>,
    /// Whether people sign in with passwords of this server.
    pub local_accounts: bool,
    /// How long a session of a local account lasts.
    pub sessions_last: TimeDelta,
}

impl Default for SignInSettings {
    fn default() -> Self {
        Self { oidc: None, local_accounts: true, sessions_last: TimeDelta::days(30) }
    }
}

/// All ways to sign in. Cheap to clone.
#[derive(Debug, Clone)]
pub struct SignIn(Arc<Authenticators>);

#[derive(Debug)]
struct Authenticators {
    keys: TokenKeys,
    provider: Option<Provider>,
    sessions: Option<SessionSettings>,
    throttle: Throttle,
    demo_people: Vec<DemoPerson>,
    /// The tokens of this server with which people signed in lately. A token is found only as a
    /// whole, so nobody else gets in with a part of it.
    verified: Cache<String, VerifiedToken, ByKeyLength>,
    /// Who signed in lately with a token of this server, and the value of `sign_in_counter` then.
    remembered: Cache<(Uuid, Option<Uuid>), (Arc<user::Model>, i64)>,
}

/// A token for the requests of a session.
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// The token.
    pub token: String,
    /// When it expires.
    pub expires_at: DateTime<Utc>,
}

/// The part of a token that is read before it is verified. It decides who verifies the token; the
/// verifier reads the token itself.
#[derive(Deserialize)]
struct Unverified {
    #[serde(default)]
    iss: String,
}

impl SignIn {
    /// Uses the keys and the settings. Fetches nothing yet. `demo_people` are the people of a
    /// demonstration; empty for every other server.
    ///
    /// # Errors
    /// A text that says why the provider's keys could never be fetched.
    pub fn new(
        keys: TokenKeys,
        settings: &SignInSettings,
        demo_people: Vec<DemoPerson>,
    ) -> Result<Self, String> {
        let provider = settings.oidc.clone().map(Provider::new).transpose()?;
        let sessions = settings
            .local_accounts
            .then(|| SessionSettings { key: keys.refresh_key(), last: settings.sessions_last });
        Ok(Self(Arc::new(Authenticators {
            keys,
            provider,
            sessions,
            throttle: Throttle::default(),
            demo_people,
            verified: Cache::with_weighter(REMEMBERED, REMEMBERED_BYTES, ByKeyLength),
            remembered: Cache::new(REMEMBERED),
        })))
    }

    /// The sessions of local accounts, if there are such accounts.
    pub fn sessions(&self) -> Option<&SessionSettings> {
        self.0.sessions.as_ref()
    }

    /// The issuer of the provider's tokens, if people sign in with one.
    pub fn issuer(&self) -> Option<&str> {
        Some(self.0.provider.as_ref()?.issuer())
    }

    /// Creates and checks tokens.
    pub(super) fn keys(&self) -> &TokenKeys {
        &self.0.keys
    }

    /// The people of a demonstration.
    pub fn demo_people(&self) -> &[DemoPerson] {
        &self.0.demo_people
    }

    /// Slows down guessing of passwords.
    pub fn throttle(&self) -> &Throttle {
        &self.0.throttle
    }

    /// A token for the next requests of a session.
    ///
    /// # Errors
    /// The error of the library.
    pub fn access_token(
        &self,
        started: &Started,
        now: DateTime<Utc>,
    ) -> Result<AccessToken, service::Error> {
        let expires_at = (now + ACCESS).min(started.expires_at);
        let token = self.0.keys.issue_in(started.session, started.person.id, now, expires_at);
        let token = token.map_err(|error| {
            service::Error::Inconsistent(format!("an access token cannot be signed: {error}"))
        })?;
        Ok(AccessToken { token, expires_at })
    }

    /// The person who signs in with an `Authorization` header; `None` without one.
    ///
    /// # Errors
    /// What is wrong with the header, the token or the person.
    pub async fn sign_in(
        &self,
        services: &Services,
        header: Option<&[u8]>,
    ) -> Result<Option<SignedIn>, SignInProblem> {
        let Some(token) = header.map(bearer_token).transpose()? else { return Ok(None) };
        if let Some(provider) = self.provider_of(token) {
            return Ok(Some(provider.sign_in(services, token).await?));
        }
        let verified = self.0.keys.verify(token, services.now())?;
        let VerifiedToken { person, session, expires_at } = verified;
        let found = accounts::signed_in(services, person, session).await?;
        let (person, changes) = found.ok_or(match session {
            Some(_) => SignInProblem::PersonOrSession,
            None => SignInProblem::Person,
        })?;
        let person = Arc::new(person);
        self.0.verified.insert(token.to_owned(), verified);
        self.0.remembered.insert((person.id, session), (person.clone(), changes));
        Ok(Some(SignedIn { person, session, expires_at, check: SignInCheck::default() }))
    }

    /// The same from memory. The operation's first statement must confirm it. `None` if nobody with
    /// this token is remembered, or if the token is invalid.
    pub fn remembered(&self, services: &Services, header: Option<&[u8]>) -> Option<SignedIn> {
        let token = bearer_token(header?).ok()?;
        if self.provider_of(token).is_some() {
            return None;
        }
        let now = services.now();
        let VerifiedToken { person, session, expires_at } = match self.0.verified.get(token) {
            Some(verified) if verified.expires_at > now => verified,
            _ => self.0.keys.verify(token, now).ok()?,
        };
        let (person, changes) = self.0.remembered.get(&(person, session))?;
        Some(SignedIn { person, session, expires_at, check: SignInCheck::pending(changes) })
    }

    /// The provider, if it issued the token.
    fn provider_of(&self, token: &str) -> Option<&Provider> {
        let provider = self.0.provider.as_ref()?;
        issuer_of(token).is_some_and(|issuer| issuer == provider.issuer()).then_some(provider)
    }
}

/// The token of an `Authorization` header.
fn bearer_token(header: &[u8]) -> Result<&str, SignInProblem> {
    let token = std::str::from_utf8(header)
        .ok()
        .and_then(|header| header.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .ok_or(SignInProblem::NotBearer)?;
    if token.len() > MAX_TOKEN_BYTES { Err(SignInProblem::TooLong) } else { Ok(token) }
}

fn issuer_of(token: &str) -> Option<String> {
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice::<Unverified>(&payload).ok().map(|unverified| unverified.iss)
}
