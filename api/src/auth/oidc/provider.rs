//! A provider, and the check of its tokens.

use super::{
    OidcSettings,
    claims::{claimed, moment},
    keys::Keys,
    source::KeySource,
};
use crate::auth::{SignInProblem, SignedIn};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Validation, errors::ErrorKind};
use serde::Deserialize;
use serde_json::{Map, Value};
use service::{Services, accounts, sign_in_check::SignInCheck};
use std::sync::Arc;

/// Accepted difference between the clocks of provider and server.
const LEEWAY: TimeDelta = TimeDelta::seconds(30);

/// The kinds of tokens that are for signing in ([RFC
/// 9068](https://www.rfc-editor.org/rfc/rfc9068)). Others are, for example, for logging out or for
/// proving a key.
const KINDS: [&str; 4] = ["JWT", "application/jwt", "at+jwt", "application/at+jwt"];

/// A provider.
#[derive(Debug)]
pub(in crate::auth) struct Provider {
    settings: OidcSettings,
    keys: Arc<Keys>,
}

#[derive(Deserialize)]
struct Head {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    crit: Option<Value>,
}

impl Provider {
    /// Fetches nothing yet: the provider need not run when the server starts.
    ///
    /// # Errors
    /// A text that says why the keys could never be fetched.
    pub(in crate::auth) fn new(settings: OidcSettings) -> Result<Self, String> {
        let keys = Arc::new(Keys::new(KeySource::new(&settings.issuer)?));
        Ok(Self { settings, keys })
    }

    /// Its `iss`.
    pub(in crate::auth) fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// The person who signs in with one of its tokens.
    ///
    /// # Errors
    /// What is wrong with the token or the person.
    pub(in crate::auth) async fn sign_in(
        &self,
        services: &Services,
        token: &str,
    ) -> Result<SignedIn, SignInProblem> {
        let now = services.now();
        let claims = self.verify(token, now).await?;
        let expires_at = check_times(&claims, now)?;
        let claimed = claimed(&self.settings.issuer, self.settings.roles.as_ref(), &claims)?;
        let person = accounts::recognise(services, &claimed, self.settings.recognition).await?;
        let check = SignInCheck::default();
        Ok(SignedIn { person: Arc::new(person), session: None, expires_at, check })
    }

    /// The content of the token, if the provider signed it for this server.
    async fn verify(
        &self,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<Map<String, Value>, SignInProblem> {
        let head = head(token).ok_or(SignInProblem::Garbled)?;
        if head.crit.is_some() || head.typ.is_some_and(|kind| !is_for_signing_in(&kind)) {
            return Err(SignInProblem::Kind);
        }
        let key = self.keys.find(head.kid.as_deref(), &head.alg, now).await?;
        let mut validation = Validation::new(key.algorithm);
        validation.set_issuer(&[&self.settings.issuer]);
        validation.set_audience(&self.settings.audiences);
        validation.set_required_spec_claims(&["sub", "iss", "aud", "exp"]);
        // The times are checked against the server's own clock.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let verified = jsonwebtoken::decode(token, &key.decoding, &validation);
        verified.map(|data| data.claims).map_err(|error| match error.kind() {
            ErrorKind::InvalidSignature => SignInProblem::ProviderSignature,
            ErrorKind::InvalidIssuer | ErrorKind::InvalidAudience => SignInProblem::Foreign,
            ErrorKind::InvalidAlgorithm | ErrorKind::InvalidAlgorithmName => {
                SignInProblem::ProviderAlgorithm
            }
            ErrorKind::MissingRequiredClaim(_) | ErrorKind::InvalidClaimFormat(_) => {
                SignInProblem::Incomplete
            }
            _ => SignInProblem::Garbled,
        })
    }
}

fn head(token: &str) -> Option<Head> {
    let mut parts = token.split('.');
    let head = URL_SAFE_NO_PAD.decode(parts.next()?).ok()?;
    if parts.count() != 2 {
        return None;
    }
    serde_json::from_slice(&head).ok()
}

fn is_for_signing_in(kind: &str) -> bool {
    KINDS.iter().any(|known| known.eq_ignore_ascii_case(kind))
}

/// When the token expires.
fn check_times(
    claims: &Map<String, Value>,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, SignInProblem> {
    let expires = claims.get("exp").and_then(Value::as_f64).ok_or(SignInProblem::Incomplete)?;
    let expires_at = moment(expires).and_then(|at| at.checked_add_signed(LEEWAY));
    let expires_at = expires_at.unwrap_or(DateTime::<Utc>::MAX_UTC);
    if expires_at <= now {
        return Err(SignInProblem::Expired);
    }
    match claims.get("nbf") {
        None | Some(Value::Null) => Ok(expires_at),
        Some(from) => {
            let from = from.as_f64().and_then(moment).ok_or(SignInProblem::Incomplete)?;
            if from > now + LEEWAY { Err(SignInProblem::NotYetValid) } else { Ok(expires_at) }
        }
    }
}
