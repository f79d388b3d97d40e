//! Top-level errors: for authentication, malformed input and faults of the server. Business refusals are data, in the payloads.

use async_graphql::{Error, ErrorExtensions};
use std::sync::Arc;

/// What a client reads when something went wrong inside.
pub const INTERNAL_MESSAGE: &str = "Something went wrong on the server. Nothing was changed. Try again; if it stays, tell the operator the request id.";

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
                ("INTERNAL", INTERNAL_MESSAGE.to_owned())
            }
        };
        Self::new(message).extend_with(|_, extensions| extensions.set("code", code))
    }
}
