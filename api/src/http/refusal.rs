//! A request that is refused before anything of it runs.

use super::{rates::Exceeded, request_id::RequestId};
use crate::{auth::SignInProblem, graphql::INTERNAL_MESSAGE};
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
    /// The methods that are allowed, where another was used.
    allow: Option<&'static str>,
    /// After how many seconds to try again, where that helps.
    retry_after: Option<u64>,
}

impl Refusal {
    /// The client's mistake.
    pub(super) fn bad_input(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, code: "BAD_USER_INPUT", message: message.into(), allow: None, retry_after: None }
    }

    /// A method that the resource does not have, or not for this.
    pub(super) fn method(allow: &'static str, message: impl Into<String>) -> Self {
        Self { allow: Some(allow), ..Self::bad_input(StatusCode::METHOD_NOT_ALLOWED, message) }
    }

    /// As an answer.
    pub(super) fn into_response(self, request_id: &RequestId) -> Response {
        tracing::info!(code = self.code, message = self.message, "request refused");
        let mut body = serde_json::json!({
            "errors": [{ "message": self.message, "extensions": { "code": self.code, "requestId": request_id.0 } }]
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
        Self {
            status: StatusCode::TOO_MANY_REQUESTS,
            code: "RATE_LIMITED",
            message,
            allow: None,
            retry_after: Some(retry_after),
        }
    }
}

impl From<SignInProblem> for Refusal {
    fn from(problem: SignInProblem) -> Self {
        match problem {
            SignInProblem::Internal(error) => {
                tracing::error!(%error, "sign-in failed");
                let message = INTERNAL_MESSAGE.to_owned();
                Self {
                    status: StatusCode::INTERNAL_SERVER_ERROR,
                    code: "INTERNAL",
                    message,
                    allow: None,
                    retry_after: None,
                }
            }
            problem => Self {
                status: StatusCode::UNAUTHORIZED,
                code: "UNAUTHENTICATED",
                message: problem.to_string(),
                allow: None,
                retry_after: None,
            },
        }
    }
}
