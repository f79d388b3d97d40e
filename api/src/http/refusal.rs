//! A request that is refused before any part of it runs.

use super::{rates::Exceeded, request_id::RequestId};
use crate::{
    auth::SignInProblem,
    graphql::{Fault, fault},
};
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// Why a request is refused, for the client.
pub(super) struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
    /// The allowed methods, if the client used another one.
    allow: Option<&'static str>,
    /// After how many seconds another try may succeed.
    retry_after: Option<u64>,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), allow: None, retry_after: None }
    }

    /// A mistake of the client.
    pub(super) fn bad_input(status: StatusCode, message: impl Into<String>) -> Self {
        Self::new(status, "BAD_USER_INPUT", message)
    }

    /// A method that the resource does not support.
    pub(super) fn method(allow: &'static str, message: impl Into<String>) -> Self {
        Self { allow: Some(allow), ..Self::bad_input(StatusCode::METHOD_NOT_ALLOWED, message) }
    }

    /// Nobody is signed in.
    pub(super) fn unauthenticated() -> Self {
        let message = "Sign in first: send the header `Authorization: Bearer <token>`.";
        Self::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message)
    }

    /// The resource does not exist, or this person may not see it.
    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", message)
    }

    /// The idempotency key was used for another request.
    pub(super) fn idempotency_mismatch(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "IDEMPOTENCY_MISMATCH", message)
    }

    /// The request was done earlier, but what it created is gone.
    pub(super) fn idempotency_gone(message: impl Into<String>) -> Self {
        Self::new(StatusCode::GONE, "IDEMPOTENCY_GONE", message)
    }

    /// There is no space left.
    pub(super) fn storage_full(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INSUFFICIENT_STORAGE, "STORAGE_FULL", message)
    }

    /// Whether the client was too slow: the server does not wait for more of the request.
    pub(super) fn is_of_slowness(&self) -> bool {
        self.status == StatusCode::REQUEST_TIMEOUT
    }

    /// As an answer.
    pub(super) fn into_response(self, request_id: &RequestId) -> Response {
        // A message about bad input may repeat the input, which may be a password.
        let why = (self.code != "BAD_USER_INPUT").then_some(self.message.as_str());
        tracing::info!(code = self.code, why, "request refused");
        let mut body = serde_json::json!({
            "errors": [{
                "message": self.message,
                "extensions": { "code": self.code, "requestId": request_id.0 }
            }]
        });
        if let (Some(seconds), Some(extensions)) =
            (self.retry_after, body.pointer_mut("/errors/0/extensions"))
        {
            extensions["retryAfterSeconds"] = seconds.into();
        }
        let mut response = (self.status, Json(body)).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(allow) = self.allow {
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allow));
        }
        response
    }
}

impl From<Exceeded> for Refusal {
    fn from(Exceeded { message, retry_after }: Exceeded) -> Self {
        let refusal = Self::new(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED", message);
        Self { retry_after: Some(retry_after), ..refusal }
    }
}

impl From<SignInProblem> for Refusal {
    fn from(problem: SignInProblem) -> Self {
        match problem {
            SignInProblem::Internal(error) => error.into(),
            SignInProblem::ProviderDown => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "INTERNAL", problem.to_string())
            }
            problem => Self::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", problem.to_string()),
        }
    }
}

impl From<service::Error> for Refusal {
    fn from(error: service::Error) -> Self {
        let Fault { code, message, retry_after } = fault(&error);
        let status = match retry_after {
            Some(_) => StatusCode::SERVICE_UNAVAILABLE,
            None if error.is_of_unavailable_files() => StatusCode::SERVICE_UNAVAILABLE,
            None => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self { retry_after, ..Self::new(status, code, message) }
    }
}
