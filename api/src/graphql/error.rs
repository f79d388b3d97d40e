//! Top-level errors: for authentication, malformed input and faults of the server. Business
//! refusals are data, in the payloads.

use super::id::WrongId;
use async_graphql::{Error, ErrorExtensions};
use std::sync::Arc;

/// What a client reads when something went wrong inside.
pub const INTERNAL_MESSAGE: &str = "Something went wrong on the server. Nothing was changed. Try \
    again; if it stays, tell the operator the request id.";

/// What a client reads when a change may have been stored or not.
pub const OUTCOME_UNKNOWN_MESSAGE: &str = "This may have happened: the database's answer was lost. \
    Ask again: repeating is safe. Only before you create something anew, look whether it is \
    there.";

/// What a client reads when the place of the files is not there or does not answer.
pub const FILES_UNAVAILABLE_MESSAGE: &str = "The files cannot be reached at present. Nothing was \
    changed. Try again later; if it stays, tell the operator the request id.";

/// What a client reads when others keep the database busy for too long.
pub const OVERLOADED_MESSAGE: &str = "The server is busy: its database did not get to this in \
    time. Nothing was changed. Try again in a moment.";

/// The key under which an error tells after how many seconds to try again.
pub const RETRY_AFTER: &str = "retryAfterSeconds";

/// The key under which an error tells which argument it is about: the path into the arguments.
pub const FIELD: &str = "field";

/// How a fault is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// The code of the error.
    pub code: &'static str,
    /// Its words.
    pub message: &'static str,
    /// After how many seconds to try again, where the fault passes.
    pub retry_after: Option<u64>,
}

/// How a fault is answered. The log gets its cause.
pub fn fault(error: &service::Error) -> Fault {
    if error.is_overload() {
        tracing::warn!(%error, "request failed: the server is overloaded");
        return Fault { code: "OVERLOADED", message: OVERLOADED_MESSAGE, retry_after: Some(2) };
    }
    tracing::error!(%error, "request failed");
    let (code, message) = match error {
        service::Error::CommitUnknown(_) => ("OUTCOME_UNKNOWN", OUTCOME_UNKNOWN_MESSAGE),
        error if error.is_of_unavailable_files() => {
            ("FILES_UNAVAILABLE", FILES_UNAVAILABLE_MESSAGE)
        }
        _ => ("INTERNAL", INTERNAL_MESSAGE),
    };
    Fault { code, message, retry_after: None }
}

/// An error that a resolver answers with.
#[derive(Debug, Clone)]
pub enum ApiError {
    /// The field needs somebody who is signed in.
    Unauthenticated,
    /// Whoever is signed in may not read or do this.
    Forbidden(&'static str),
    /// An argument is malformed.
    BadUserInput {
        /// Which: the path into the arguments, as `filter.authorId`.
        path: String,
        /// What to give instead, in words for a person.
        message: String,
    },
    /// Something went wrong inside. The log gets it, the client does not.
    Internal(Arc<service::Error>),
}

impl ApiError {
    /// A refusal of an argument.
    pub fn bad_input(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self::BadUserInput { path: path.into(), message: message.into() }
    }
}

/// The result of a resolver.
pub type ApiResult<T> = Result<T, ApiError>;

impl From<service::Error> for ApiError {
    fn from(error: service::Error) -> Self {
        Self::Internal(Arc::new(error))
    }
}

impl From<WrongId> for ApiError {
    fn from(wrong: WrongId) -> Self {
        Self::bad_input(wrong.path, wrong.message)
    }
}

impl From<ApiError> for Error {
    fn from(error: ApiError) -> Self {
        let (mut retry_after, mut field) = (None, None);
        let (code, message) = match error {
            ApiError::Unauthenticated => (
                "UNAUTHENTICATED",
                "Sign in first: send the header `Authorization: Bearer <token>`.".to_owned(),
            ),
            ApiError::Forbidden(message) => ("FORBIDDEN", message.to_owned()),
            ApiError::BadUserInput { path, message } => {
                field = Some(steps(&path));
                ("BAD_USER_INPUT", message)
            }
            ApiError::Internal(error) => {
                let fault = fault(&error);
                retry_after = fault.retry_after;
                (fault.code, fault.message.to_owned())
            }
        };
        Self::new(message).extend_with(|_, extensions| {
            extensions.set("code", code);
            if let Some(seconds) = retry_after {
                extensions.set(RETRY_AFTER, seconds);
            }
            if let Some(field) = field {
                extensions.set(FIELD, field);
            }
        })
    }
}

/// The steps of a path that is written with dots.
pub fn steps(path: &str) -> Vec<String> {
    path.split('.').map(str::to_owned).collect()
}
