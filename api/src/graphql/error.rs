//! Top-level errors: authentication, malformed input and faults of the server. Refusals of
//! mutations are data in the payloads.

use super::id::WrongId;
use async_graphql::{Error, ErrorExtensions};
use std::sync::Arc;

/// The message for an internal error.
pub const INTERNAL_MESSAGE: &str = "Something went wrong on the server. Nothing was changed. Try \
    again. If it fails again, tell the operator the request id.";

/// The message if it is unknown whether a change was stored.
pub const OUTCOME_UNKNOWN_MESSAGE: &str = "This may have happened: the database's answer was lost. \
    Send the request again: repeating is safe. If it creates something, repeat it with the same \
    `idempotencyKey`; if it had none, first check whether that already exists.";

/// The message if the storage of the files is missing or does not respond.
pub const FILES_UNAVAILABLE_MESSAGE: &str = "The files cannot be reached at present. Nothing was \
    changed. Try again later. If it fails again, tell the operator the request id.";

/// The message if the database is busy for too long.
pub const OVERLOADED_MESSAGE: &str = "The server is busy: its database did not get to this in \
    time. Nothing was changed. Try again in a moment.";

/// The key for the number of seconds after which to try again.
pub const RETRY_AFTER: &str = "retryAfterSeconds";

/// The key for the path of the argument that an error is about.
pub const FIELD: &str = "field";

/// What a client gets for a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// The code of the error.
    pub code: &'static str,
    /// The message of the error.
    pub message: &'static str,
    /// After how many seconds to try again, if the fault is temporary.
    pub retry_after: Option<u64>,
}

/// What a client gets for a fault. The cause is logged.
pub fn fault(error: &service::Error) -> Fault {
    if error.is_overload() {
        tracing::warn!(%error, "request failed: the server is overloaded");
        return Fault { code: "OVERLOADED", message: OVERLOADED_MESSAGE, retry_after: Some(2) };
    }
    if matches!(error, service::Error::SignInUnconfirmed) {
        // The operation starts over, and this answer is discarded.
        tracing::debug!(%error, "the viewer is read again");
        return Fault { code: "INTERNAL", message: INTERNAL_MESSAGE, retry_after: None };
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

/// An error of a resolver.
#[derive(Debug, Clone)]
pub enum ApiError {
    /// The client must sign in.
    Unauthenticated,
    /// The signed-in person may not read or do this.
    Forbidden(&'static str),
    /// An argument is malformed.
    BadUserInput {
        /// The path of the argument, such as `filter.authorId`.
        path: String,
        /// What to send instead, as a text for people.
        message: String,
    },
    /// An internal error. It is logged, and not shown to the client.
    Internal(Arc<service::Error>),
}

impl ApiError {
    /// An error about an argument.
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
