//! Signing in by bearer JWT: HS256 with a configured secret.

use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, errors::ErrorKind};
use serde::{Deserialize, Serialize};
use service::{Services, people};
use sha2::Sha256;
use std::{sync::Arc, time::Duration};
use uuid::Uuid;

/// Fewest bytes of a secret: the length of an HS256 hash, as [RFC 7518, 3.2](https://www.rfc-editor.org/rfc/rfc7518#section-3.2) demands.
pub const MIN_SECRET_BYTES: usize = 32;

/// What a token says that is made here.
#[derive(Serialize)]
struct Claims<'k> {
    sub: String,
    iss: &'k str,
    aud: &'k str,
    exp: i64,
    iat: i64,
}

/// What is read of a token beside its issuer and its audience (one or several), which the library compares. Times may have fractions, as
/// [RFC 7519, 2](https://www.rfc-editor.org/rfc/rfc7519#section-2) has it.
#[derive(Deserialize)]
struct ReadClaims {
    sub: String,
    exp: f64,
    nbf: Option<f64>,
}

/// What a good token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifiedToken {
    /// Whose it is.
    pub person: Uuid,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who.
    pub person: entity::user::Model,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

impl SignedIn {
    /// How long it still lasts, at most a month: no connection lasts longer.
    pub fn expires_in(&self, now: DateTime<Utc>) -> Duration {
        const LONGEST: Duration = Duration::from_secs(30 * 24 * 60 * 60);
        (self.expires_at - now).to_std().unwrap_or_default().min(LONGEST)
    }
}

/// Makes and checks tokens. Cheap to clone.
#[derive(Clone)]
pub struct TokenKeys(Arc<Keys>);

struct Keys {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    issuer: String,
    audience: String,
    confirmation_key: [u8; 32],
}

impl std::fmt::Debug for TokenKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenKeys")
            .field("issuer", &self.0.issuer)
            .field("audience", &self.0.audience)
            .finish_non_exhaustive()
    }
}

/// Why a request is not signed in. The text is for the client.
#[derive(Debug, thiserror::Error)]
pub enum SignInProblem {
    /// The header is there, but is not `Bearer <token>`.
    #[error("The Authorization header must read `Bearer <token>`.")]
    NotBearer,
    /// The token is no JWT.
    #[error("The token is garbled: it is not a JWT. Sign in again.")]
    Garbled,
    /// The token says that it is unsigned, or signed in another way.
    #[error("The token is not signed with HS256. Sign in again.")]
    Algorithm,
    /// Somebody else signed it.
    #[error("The token's signature is not this server's. Sign in again.")]
    Signature,
    /// It is for, or from, another system.
    #[error("The token was not issued by and for this server. Sign in again.")]
    Foreign,
    /// It lacks what a token needs.
    #[error("The token lacks sub, iss, aud or exp. Sign in again.")]
    Incomplete,
    /// Its time is over.
    #[error("The token has expired. Sign in again.")]
    Expired,
    /// Its time has not come.
    #[error("The token is not valid yet. Check the clock of its issuer.")]
    NotYetValid,
    /// The person does not exist, or may not sign in any more.
    #[error("The token's person is unknown or inactive. Ask an administrator.")]
    Person,
    /// Something went wrong inside.
    #[error("internal: {0}")]
    Internal(#[from] service::Error),
}

impl TokenKeys {
    /// Keys from a secret.
    ///
    /// # Errors
    /// A text that says what is wrong with the secret, and the remedy.
    pub fn new(secret: &str, issuer: &str, audience: &str) -> Result<Self, String> {
        if secret.len() < MIN_SECRET_BYTES {
            return Err(format!(
                "it has {} bytes, and HS256 needs at least {MIN_SECRET_BYTES}: make one with `openssl rand -base64 48`",
                secret.len()
            ));
        }
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[issuer]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["sub", "iss", "aud", "exp"]);
        // The times are checked against the server's own clock, below.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
            return Err("it cannot be used as a key".to_owned());
        };
        mac.update(b"memoranda: confirmation of deletions");
        Ok(Self(Arc::new(Keys {
            encoding: EncodingKey::from_secret(secret.as_bytes()),
            decoding: DecodingKey::from_secret(secret.as_bytes()),
            validation,
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            confirmation_key: mac.finalize().into_bytes().into(),
        })))
    }

    /// A token for that person.
    ///
    /// # Errors
    /// What the library answers.
    pub fn issue(
        &self,
        user_id: Uuid,
        now: DateTime<Utc>,
        lifetime: TimeDelta,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let claims = Claims {
            sub: user_id.to_string(),
            iss: &self.0.issuer,
            aud: &self.0.audience,
            exp: (now + lifetime).timestamp(),
            iat: now.timestamp(),
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.0.encoding)
    }

    /// Key of the confirmation tokens, derived from the secret: all processes that accept each other's tokens share it.
    pub fn confirmation_key(&self) -> [u8; 32] {
        self.0.confirmation_key
    }

    /// Whose token it is, and until when.
    ///
    /// # Errors
    /// What is wrong with the token.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<VerifiedToken, SignInProblem> {
        let data = jsonwebtoken::decode::<ReadClaims>(token, &self.0.decoding, &self.0.validation).map_err(
            |error| {
                match error.kind() {
                    ErrorKind::InvalidSignature => SignInProblem::Signature,
                    ErrorKind::InvalidIssuer | ErrorKind::InvalidAudience => SignInProblem::Foreign,
                    ErrorKind::InvalidAlgorithm
                    | ErrorKind::InvalidAlgorithmName
                    | ErrorKind::UnsupportedAlgorithm => SignInProblem::Algorithm,
                    ErrorKind::MissingRequiredClaim(_) | ErrorKind::InvalidClaimFormat(_) => {
                        SignInProblem::Incomplete
                    }
                    // The header of an unsigned token names an algorithm (`none`) that the library does not even know.
                    ErrorKind::Json(error) if error.to_string().contains("unknown variant") => {
                        SignInProblem::Algorithm
                    }
                    ErrorKind::Json(error) if error.to_string().contains("missing field") => {
                        SignInProblem::Incomplete
                    }
                    _ => SignInProblem::Garbled,
                }
            },
        )?;
        let seconds = now.timestamp() as f64;
        if data.claims.exp <= seconds {
            return Err(SignInProblem::Expired);
        }
        if data.claims.nbf.is_some_and(|nbf| nbf > seconds) {
            return Err(SignInProblem::NotYetValid);
        }
        let person = data.claims.sub.parse().map_err(|_| SignInProblem::Person)?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "what is beyond the years of the calendar is cut off there"
        )]
        let expires_at =
            DateTime::from_timestamp(data.claims.exp as i64, 0).unwrap_or(DateTime::<Utc>::MAX_UTC);
        Ok(VerifiedToken { person, expires_at })
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
        let Some(header) = header else { return Ok(None) };
        let token = std::str::from_utf8(header)
            .ok()
            .and_then(|header| header.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or(SignInProblem::NotBearer)?;
        let VerifiedToken { person, expires_at } = self.verify(token, services.now())?;
        let person = people::sign_in(services, person).await?.ok_or(SignInProblem::Person)?;
        Ok(Some(SignedIn { person, expires_at }))
    }
}
