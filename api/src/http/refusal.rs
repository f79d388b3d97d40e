//! A request that is refused before anything of it runs.

use super::request_id::RequestId;
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
}

impl Refusal {
    /// The client's mistake.
    pub(super) fn bad_input(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, code: "BAD_USER_INPUT", message: message.into(), allow: None }
    }

    /// A method that the resource does not have, or not for this.
    pub(super) fn method(allow: &'static str, message: impl Into<String>) -> Self {
        Self { allow: Some(allow), ..Self::bad_input(StatusCode::METHOD_NOT_ALLOWED, message) }
    }

    /// As an answer.
    pub(super) fn into_response(self, request_id: &RequestId) -> Response {
        tracing::info!(code = self.code, message = self.message, "request refused");
        let body = serde_json::json!({
            "errors": [{ "message": self.message, "extensions": { "code": self.code, "requestId": request_id.0 } }]
        });
        let mut response = (self.status, Json(body)).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(allow) = self.allow {
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allow));
        }
        response
    }
}

impl From<SignInProblem> for Refusal {
    fn from(problem: SignInProblem) -> Self {
        match problem {
            SignInProblem::Internal(error) => {
                tracing::error!(%error, "sign-in failed");
                let message = INTERNAL_MESSAGE.to_owned();
                Self { status: StatusCode::INTERNAL_SERVER_ERROR, code: "INTERNAL", message, allow: None }
            }
            SignInProblem::ProviderDown => Self {
                status: StatusCode::SERVICE_UNAVAILABLE,
                code: "INTERNAL",
                message: problem.to_string(),
                allow: None,
            },
            problem => Self {
                status: StatusCode::UNAUTHORIZED,
                code: "UNAUTHENTICATED",
                message: problem.to_string(),
                allow: None,
            },
        }
    }
}
