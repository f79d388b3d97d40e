//! Links to files for places that send no headers, such as `<img src>`. A link contains a token for
//! one file, which ends early with the session, and with the person's right to see the file.

use super::{
    problem::SignInProblem, sign_in::SignIn, signed_in::SignedIn, token_keys::VerifiedToken,
};
use chrono::{DateTime, TimeDelta, Utc};
use service::{Error, Services, accounts, sign_in_check::SignInCheck};
use std::sync::Arc;
use uuid::Uuid;

/// The longest time that a link is valid.
pub const LONGEST: TimeDelta = TimeDelta::hours(1);

impl SignIn {
    /// The token of a link to that file, for that person and session.
    ///
    /// # Errors
    /// The error of the library.
    pub fn download_token(
        &self,
        person: Uuid,
        session: Option<Uuid>,
        file: Uuid,
        now: DateTime<Utc>,
        lifetime: TimeDelta,
    ) -> Result<String, Error> {
        let signed = self.keys().issue_for_file(file, session, person, now, now + lifetime);
        signed.map_err(|error| {
            Error::Inconsistent(format!("a download link cannot be signed: {error}"))
        })
    }

    /// The person to whom the link to that file was given.
    ///
    /// # Errors
    /// The link is not valid any more, or is for another file.
    pub async fn sign_in_by_link(
        &self,
        services: &Services,
        token: &str,
        file: Uuid,
    ) -> Result<SignedIn, SignInProblem> {
        let verified = self.keys().verify_for_file(token, file, services.now());
        let VerifiedToken { person, session, expires_at } = verified.ok_or(SignInProblem::Link)?;
        let found = accounts::signed_in(services, person, session).await?;
        let (person, _) = found.ok_or(SignInProblem::Link)?;
        let person = Arc::new(person);
        Ok(SignedIn { person, session, expires_at, check: SignInCheck::default() })
    }
}
