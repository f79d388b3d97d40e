//! Top-level errors: for authentication, malformed input and faults of the server. Business refusals are data, in the payloads.

use async_graphql::{Error, ErrorExtensions};
use std::sync::Arc;

/// What a client reads when something went wrong inside.
pub const INTERNAL_MESSAGE: &str = "Something went wrong on the server. Nothing was changed. Try again; if it stays, tell the operator the request id.";

/// What a client reads when a change may have been stored or not.
pub const OUTCOME_UNKNOWN_MESSAGE: &str = "This may have happened: the database's answer was lost. Ask again: repeating is safe. Only before you create something anew, look whether it is there.";

/// The code and the words with which a fault is answered.
pub fn fault(error: &service::Error) -> (&'static str, &'static str) {
    match error {
        service::Error::CommitUnknown(_) => ("OUTCOME_UNKNOWN", OUTCOME_UNKNOWN_MESSAGE),
        _ => ("INTERNAL", INTERNAL_MESSAGE),
    }
}

/// An error that a resolver answers with.
#[derive(Debug, Clone)]
pub enum ApiError {
    /// The field needs somebody who is signed in.
    Unauthenticated,
    /// Whoever is signed in may not read or do this.
    Forbidden(&'static str),
    /// The input is malformed. The text says what to give instead.
    BadUserInput(String),
    /// Something went wrong inside. The log gets it, the client does not.
    Internal(Arc<service::Error>),
}

/// The result of a resolver.
pub type ApiResult<T> = Result<T, ApiError>;

impl From<service::Error> for ApiError {
    fn from(error: service::Error) -> Self {
        Self::Internal(Arc::new(error))
    }
}

impl From<ApiError> for Error {
    fn from(error: ApiError) -> Self {
        let (code, message) = match error {
            ApiError::Unauthenticated => (
                "UNAUTHENTICATED",
                "Sign in first: send the header `Authorization: Bearer <token>`.".to_owned(),
            ),
            ApiError::Forbidden(message) => ("FORBIDDEN", message.to_owned()),
            ApiError::BadUserInput(message) => ("BAD_USER_INPUT", message),
            ApiError::Internal(error) => {
                tracing::error!(%error, "request failed");
                let (code, message) = fault(&error);
                (code, message.to_owned())
            }
        };
        Self::new(message).extend_with(|_, extensions| extensions.set("code", code))
    }
}
