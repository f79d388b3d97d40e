//! Tokens that are signed here, or elsewhere with the same secret: HS256.

use super::problem::SignInProblem;
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, errors::ErrorKind};
use serde::{Deserialize, Serialize};
use service::ledger::LedgerKeys;
use sha2::Sha256;
use std::sync::Arc;
use uuid::Uuid;

/// Fewest bytes of a secret: the length of an HS256 hash, as [RFC 7518,
/// 3.2](https://www.rfc-editor.org/rfc/rfc7518#section-3.2) demands.
pub const MIN_SECRET_BYTES: usize = 32;

/// The claims of a token that this server signs.
#[derive(Serialize)]
struct Claims<'k> {
    sub: String,
    iss: &'k str,
    aud: &'k str,
    exp: i64,
    iat: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<Uuid>,
    /// The file, if the token is good for nothing but reading it.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<Uuid>,
}

/// The claims that are read, besides issuer and audience (one or several), which the library
/// checks. Times may have fractions ([RFC 7519,
/// 2](https://www.rfc-editor.org/rfc/rfc7519#section-2)).
#[derive(Deserialize)]
struct ReadClaims {
    sub: String,
    exp: f64,
    nbf: Option<f64>,
    /// Other systems that sign with the secret may use this claim in another way.
    #[serde(default)]
    sid: serde_json::Value,
    #[serde(default)]
    file: serde_json::Value,
}

/// The content of a valid token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifiedToken {
    /// The person.
    pub person: Uuid,
    /// The session, if the token belongs to one.
    pub session: Option<Uuid>,
    /// When it expires.
    pub expires_at: DateTime<Utc>,
}

/// Creates and checks tokens. Cheap to clone.
#[derive(Clone)]
pub struct TokenKeys(Arc<Keys>);

struct Keys {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    /// The same for tokens that read a file. They have an audience of their own, so that nothing
    /// else accepts them.
    file_validation: Validation,
    issuer: String,
    audience: String,
    file_audience: String,
    confirmation_key: [u8; 32],
    refresh_key: [u8; 32],
    ledger_key: [u8; 32],
    fingerprint: String,
}

impl std::fmt::Debug for TokenKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenKeys")
            .field("issuer", &self.0.issuer)
            .field("audience", &self.0.audience)
            .finish_non_exhaustive()
    }
}

impl TokenKeys {
    /// Keys from a secret.
    ///
    /// # Errors
    /// A text that says what is wrong with the secret, and the remedy.
    pub fn new(secret: &str, issuer: &str, audience: &str) -> Result<Self, String> {
        if secret.len() < MIN_SECRET_BYTES {
            return Err(format!(
                "it has {} bytes, and HS256 needs at least {MIN_SECRET_BYTES}: make one with \
                 `openssl rand -base64 48`",
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
        let file_audience = format!("{audience}/files");
        let mut file_validation = validation.clone();
        file_validation.set_audience(&[&file_audience]);
        Ok(Self(Arc::new(Keys {
            encoding: EncodingKey::from_secret(secret.as_bytes()),
            decoding: DecodingKey::from_secret(secret.as_bytes()),
            validation,
            file_validation,
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            file_audience,
            confirmation_key: derived(secret, b"memoranda: confirmation of deletions")?,
            refresh_key: derived(secret, b"memoranda: refresh tokens")?,
            ledger_key: Self::ledger_key_of(secret)?,
            // Half of the hash distinguishes secrets, and reveals nothing about them.
            fingerprint: hex::encode(derived(secret, b"memoranda: fingerprint")?).split_off(32),
        })))
    }

    /// A fingerprint of the secret: it identifies the secret, but does not reveal it.
    pub fn fingerprint(&self) -> &str {
        &self.0.fingerprint
    }

    /// A token for that person.
    ///
    /// # Errors
    /// The error of the library.
    pub fn issue(
        &self,
        user_id: Uuid,
        now: DateTime<Utc>,
        lifetime: TimeDelta,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        self.issue_until(user_id, None, now, now + lifetime)
    }

    /// A token for that session.
    ///
    /// # Errors
    /// The error of the library.
    pub fn issue_in(
        &self,
        session: Uuid,
        user_id: Uuid,
        now: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        self.issue_until(user_id, Some(session), now, expires_at)
    }

    fn issue_until(
        &self,
        user_id: Uuid,
        sid: Option<Uuid>,
        now: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        self.sign(None, sid, user_id, now, expires_at)
    }

    /// A token that reads that file.
    ///
    /// # Errors
    /// The error of the library.
    pub fn issue_for_file(
        &self,
        file: Uuid,
        session: Option<Uuid>,
        user_id: Uuid,
        now: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        self.sign(Some(file), session, user_id, now, expires_at)
    }

    fn sign(
        &self,
        file: Option<Uuid>,
        sid: Option<Uuid>,
        user_id: Uuid,
        now: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let claims = Claims {
            sub: user_id.to_string(),
            iss: &self.0.issuer,
            aud: if file.is_some() { &self.0.file_audience } else { &self.0.audience },
            exp: expires_at.timestamp(),
            iat: now.timestamp(),
            sid,
            file,
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.0.encoding)
    }

    /// The key of the confirmation tokens, derived from the secret. All processes that accept each
    /// other's tokens share it.
    pub fn confirmation_key(&self) -> [u8; 32] {
        self.0.confirmation_key
    }

    /// The key of the refresh tokens, derived in the same way.
    pub fn refresh_key(&self) -> [u8; 32] {
        self.0.refresh_key
    }

    /// The keys of the ledger, derived in the same way.
    pub fn ledger_keys(&self) -> LedgerKeys {
        LedgerKeys::new(self.0.ledger_key)
    }

    /// The key of the ledger for that secret.
    ///
    /// # Errors
    /// A text that says what is wrong with the secret.
    pub fn ledger_key_of(secret: &str) -> Result<[u8; 32], String> {
        derived(secret, b"memoranda: ledger")
    }

    /// The person of the token, and when it expires.
    ///
    /// # Errors
    /// What is wrong with the token.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<VerifiedToken, SignInProblem> {
        self.read(token, &self.0.validation, now).map(|(token, _)| token)
    }

    /// The person of a token that reads that file. `None` if the token does not.
    pub fn verify_for_file(
        &self,
        token: &str,
        file: Uuid,
        now: DateTime<Utc>,
    ) -> Option<VerifiedToken> {
        let (token, claimed) = self.read(token, &self.0.file_validation, now).ok()?;
        (claimed == Some(file)).then_some(token)
    }

    fn read(
        &self,
        token: &str,
        validation: &Validation,
        now: DateTime<Utc>,
    ) -> Result<(VerifiedToken, Option<Uuid>), SignInProblem> {
        let data = jsonwebtoken::decode::<ReadClaims>(token, &self.0.decoding, validation)
            .map_err(|error| {
                match error.kind() {
                    ErrorKind::InvalidSignature => SignInProblem::Signature,
                    ErrorKind::InvalidIssuer | ErrorKind::InvalidAudience => SignInProblem::Foreign,
                    ErrorKind::InvalidAlgorithm
                    | ErrorKind::InvalidAlgorithmName
                    | ErrorKind::UnsupportedAlgorithm => SignInProblem::Algorithm,
                    ErrorKind::MissingRequiredClaim(_) | ErrorKind::InvalidClaimFormat(_) => {
                        SignInProblem::Incomplete
                    }
                    // The header of an unsigned token names an algorithm (`none`) that the library
                    // does not know.
                    ErrorKind::Json(error) if error.to_string().contains("unknown variant") => {
                        SignInProblem::Algorithm
                    }
                    ErrorKind::Json(error) if error.to_string().contains("missing field") => {
                        SignInProblem::Incomplete
                    }
                    _ => SignInProblem::Garbled,
                }
            })?;
        // A token may declare extensions as critical. A server that does not know them must refuse
        // the token (https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11), and this server knows
        // none.
        if data.header.crit.is_some() {
            return Err(SignInProblem::Kind);
        }
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
            reason = "a time beyond the calendar is cut off at its end"
        )]
        let expires_at =
            DateTime::from_timestamp(data.claims.exp as i64, 0).unwrap_or(DateTime::<Utc>::MAX_UTC);
        let id = |claim: &serde_json::Value| claim.as_str().and_then(|id| id.parse().ok());
        let session = id(&data.claims.sid);
        Ok((VerifiedToken { person, session, expires_at }, id(&data.claims.file)))
    }
}

/// A key for one purpose, from the secret.
fn derived(secret: &str, purpose: &[u8]) -> Result<[u8; 32], String> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return Err("it cannot be used as a key".to_owned());
    };
    mac.update(purpose);
    Ok(mac.finalize().into_bytes().into())
}
