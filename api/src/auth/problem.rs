//! Why a request is not signed in.

use service::accounts::RecogniseError;

/// Longest token that is looked at.
pub const MAX_TOKEN_BYTES: usize = 16_384;

/// Why a request is not signed in. The text is for the client.
#[derive(Debug, thiserror::Error)]
pub enum SignInProblem {
    /// The header is there, but is not `Bearer <token>`.
    #[error("The Authorization header must read `Bearer <token>`.")]
    NotBearer,
    /// The token is longer than any that makes sense.
    #[error(
        "The token is too long: at most {MAX_TOKEN_BYTES} bytes are allowed. Ask for one with \
         fewer claims."
    )]
    TooLong,
    /// The token is no JWT.
    #[error("The token is garbled: it is not a JWT. Sign in again.")]
    Garbled,
    /// The token says that it is unsigned, or signed in another way.
    #[error("The token is not signed with HS256. Sign in again.")]
    Algorithm,
    /// A provider's token says that it is unsigned, or signed in another way than its key.
    #[error(
        "The token is not signed with RS256, ES256 or EdDSA, as its key is for. Sign in again."
    )]
    ProviderAlgorithm,
    /// The provider does not publish that key, or no longer.
    #[error("The token is signed with a key that its issuer does not publish. Sign in again.")]
    UnknownKey,
    /// The provider's keys cannot be had.
    #[error(
        "The keys of the token's issuer cannot be fetched at the moment. Try again in a minute; if \
         it stays, tell the operator."
    )]
    ProviderDown,
    /// The token is for something else than signing in.
    #[error(
        "This kind of token (its header's typ or crit) is not for signing in. Send an access token."
    )]
    Kind,
    /// Somebody else signed it.
    #[error("The token's signature is not this server's. Sign in again.")]
    Signature,
    /// It says that it is the provider's, and somebody else signed it.
    #[error("The token's signature is not its issuer's. Sign in again.")]
    ProviderSignature,
    /// It is for, or from, another system.
    #[error("The token was not issued by and for this server. Sign in again.")]
    Foreign,
    /// It lacks what a token needs.
    #[error("The token lacks sub, iss, aud or exp. Sign in again.")]
    Incomplete,
    /// It lacks what roles need.
    #[error("The token lacks iat, without which no role can be taken from it. Tell the operator.")]
    Undated,
    /// Its time is over.
    #[error("The token has expired. Sign in again.")]
    Expired,
    /// Its time has not come.
    #[error("The token is not valid yet. Check the clock of its issuer.")]
    NotYetValid,
    /// The person does not exist, or may not sign in any more.
    #[error("The token's person is unknown or inactive. Ask an administrator.")]
    Person,
    /// The person may sign in, but this session has ended.
    #[error("The token's person is unknown or inactive, or the session has ended. Sign in again.")]
    PersonOrSession,
    /// Somebody new came, and the provider tells no address.
    #[error(
        "There is no account for this token, and none can be made without an email claim. Sign in \
         with the scope `email`."
    )]
    NoEmail,
    /// Somebody new came, with an address that somebody has.
    #[error(
        "There is no account for this token, but one with its address. Tell the operator, who can \
         link them (memoranda user link)."
    )]
    EmailTaken,
    /// Something went wrong inside.
    #[error("internal: {0}")]
    Internal(#[from] service::Error),
}

impl From<RecogniseError> for SignInProblem {
    fn from(error: RecogniseError) -> Self {
        match error {
            RecogniseError::Unknown | RecogniseError::Inactive => Self::Person,
            RecogniseError::NoEmail => Self::NoEmail,
            RecogniseError::EmailTaken => Self::EmailTaken,
            RecogniseError::Failed(error) => Self::Internal(error),
        }
    }
}
