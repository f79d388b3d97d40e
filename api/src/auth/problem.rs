//! Why a request is not signed in.

use service::accounts::RecogniseError;

/// Longest token that is read.
pub const MAX_TOKEN_BYTES: usize = 16_384;

/// Why a request is not signed in. The text is for the client.
#[derive(Debug, thiserror::Error)]
pub enum SignInProblem {
    /// The header exists, but is not `Bearer <token>`.
    #[error("The Authorization header must read `Bearer <token>`.")]
    NotBearer,
    /// The token is longer than any sensible token.
    #[error(
        "The token is too long: at most {MAX_TOKEN_BYTES} bytes are allowed. Ask for one with \
         fewer claims."
    )]
    TooLong,
    /// The token is not a JWT.
    #[error("The token is malformed: it is not a JWT. Sign in again.")]
    Garbled,
    /// The token claims to be unsigned, or signed with another algorithm.
    #[error("The token is not signed with HS256. Sign in again.")]
    Algorithm,
    /// A provider's token claims to be unsigned, or signed with another algorithm than its key's.
    #[error(
        "The token is not signed with RS256, ES256 or EdDSA, as its key requires. Sign in again."
    )]
    ProviderAlgorithm,
    /// The provider does not publish that key, or no longer does.
    #[error("The token is signed with a key that its issuer does not publish. Sign in again.")]
    UnknownKey,
    /// The provider's keys are unavailable.
    #[error(
        "The keys of the token's issuer cannot be fetched at the moment. Try again in a minute; if \
         the error persists, tell the operator."
    )]
    ProviderDown,
    /// A link to a file does not work, or no longer.
    #[error(
        "This link is no longer valid, or not for this file. Ask for a new one with \
         `File.downloadUrl`."
    )]
    Link,
    /// The token is for another purpose than signing in.
    #[error(
        "This kind of token (its header's typ or crit) is not for signing in. Send an access token."
    )]
    Kind,
    /// Another system signed it.
    #[error("The token's signature is not this server's. Sign in again.")]
    Signature,
    /// It claims to come from the provider, but another system signed it.
    #[error("The token's signature is not its issuer's. Sign in again.")]
    ProviderSignature,
    /// It is from, or for, another system.
    #[error("The token was not issued by and for this server. Sign in again.")]
    Foreign,
    /// It lacks a required claim.
    #[error("The token lacks sub, iss, aud or exp. Sign in again.")]
    Incomplete,
    /// It lacks a claim that roles require.
    #[error("The token lacks iat, which is needed to read a role from it. Tell the operator.")]
    Undated,
    /// It has expired.
    #[error("The token has expired. Sign in again.")]
    Expired,
    /// It is not valid yet.
    #[error("The token is not valid yet. Check the clock of its issuer.")]
    NotYetValid,
    /// The person does not exist, or may no longer sign in.
    #[error("The token's person is unknown or inactive. Ask an administrator.")]
    Person,
    /// The person may sign in, but this session has ended.
    #[error("The token's person is unknown or inactive, or the session has ended. Sign in again.")]
    PersonOrSession,
    /// A new person came, and the token has no address.
    #[error(
        "There is no account for this token, and the server cannot create one without \
         an email claim. Sign in with the scope `email`."
    )]
    NoEmail,
    /// A new person came, with the address of an existing account.
    #[error(
        "There is no account for this token, but one with its address. Tell the operator, who can \
         link them (memoranda user link)."
    )]
    EmailTaken,
    /// An internal error.
    #[error("internal: {0}")]
    Internal(#[from] service::Error),
}

impl From<RecogniseError> for SignInProblem {
    fn from(error: RecogniseError) -> Self {
        match error {
            RecogniseError::Unknown | RecogniseError::Inactive | RecogniseError::Erased => {
                Self::Person
            }
            RecogniseError::NoEmail => Self::NoEmail,
            RecogniseError::EmailTaken => Self::EmailTaken,
            RecogniseError::Failed(error) => Self::Internal(error),
        }
    }
}
