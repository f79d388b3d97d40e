//! The GraphQL endpoint: `POST` with JSON; `GET` for queries, and for people with a browser, GraphiQL.

use super::{
    App, Limits, assets,
    errors::{in_words, set, with_codes},
    request_id::RequestId,
};
use crate::{
    auth::SignInProblem,
    graphql::{self as schema, CurrentPerson, Loaders},
};
use async_graphql::{Request, Response as Answer, ServerError, parser::types::OperationType};
use axum::{
    Extension, Json,
    body::Body,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use std::sync::Arc;

/// A request that failed before anything of it ran.
struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Refusal {
    fn bad_input(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, code: "BAD_USER_INPUT", message: message.into() }
    }

    fn into_response(self, request_id: &RequestId) -> Response {
        tracing::info!(code = self.code, message = self.message, "request refused");
        let body = serde_json::json!({
            "errors": [{ "message": self.message, "extensions": { "code": self.code, "requestId": request_id.0 } }]
        });
        let mut response = (self.status, Json(body)).into_response();
        let challenge = match self.status {
            StatusCode::UNAUTHORIZED => Some((header::WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")),
            StatusCode::METHOD_NOT_ALLOWED => Some((header::ALLOW, "POST")),
            _ => None,
        };
        if let Some((name, value)) = challenge {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

/// `POST /graphql`.
pub(super) async fn post(
    State(app): State<Arc<App>>,
    Extension(request_id): Extension<RequestId>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let request = match read_request(&app, &headers, body).await {
        Ok(request) => request,
        Err(refusal) => return refusal.into_response(&request_id),
    };
    execute(&app, &headers, &request_id, request).await
}

/// The parameters of a query by `GET`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GetParameters {
    query: Option<String>,
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
}

/// `GET /graphql`: a query in the URL, or the page. A mutation by `GET` could be triggered by any link, so it is refused.
pub(super) async fn get(
    State(app): State<Arc<App>>,
    Extension(request_id): Extension<RequestId>,
    headers: HeaderMap,
    parameters: Result<Query<GetParameters>, axum::extract::rejection::QueryRejection>,
) -> Response {
    let Ok(Query(parameters)) = parameters else {
        return Refusal::bad_input(StatusCode::BAD_REQUEST, "The URL's parameters cannot be read.")
            .into_response(&request_id);
    };
    if parameters.query.is_none() && accepts_html(&headers) {
        return assets::graphiql();
    }
    match query_of(parameters, &app.limits) {
        Ok(request) => execute(&app, &headers, &request_id, request).await,
        Err(refusal) => refusal.into_response(&request_id),
    }
}

fn accepts_html(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.contains("text/html"))
}

fn query_of(parameters: GetParameters, limits: &Limits) -> Result<Request, Refusal> {
    let bad = |message: String| Refusal::bad_input(StatusCode::BAD_REQUEST, message);
    let query = parameters.query.ok_or_else(|| {
        bad("Send a query: POST JSON with `query` to /graphql, or open /graphql in a browser.".to_owned())
    })?;
    let mut request = Request::new(query);
    if let Some(name) = parameters.operation_name {
        request = request.operation_name(name);
    }
    if let Some(variables) = parameters.variables {
        let variables: async_graphql::Variables = serde_json::from_str(&variables)
            .map_err(|error| bad(format!("`variables` is not a JSON object: {error}.")))?;
        request = request.variables(variables);
    }
    if let Some(extensions) = parameters.extensions {
        request.extensions = serde_json::from_str(&extensions)
            .map_err(|error| bad(format!("`extensions` is not a JSON object: {error}.")))?;
    }
    let name = request.operation_name.clone();
    let document = request
        .parsed_query()
        .map_err(|error| bad(in_words(&format!("The query cannot be parsed: {error}"), limits)))?;
    let mutates = document
        .operations
        .iter()
        .filter(|(operation, _)| {
            name.is_none() || operation.map(async_graphql::Name::as_str) == name.as_deref()
        })
        .any(|(_, operation)| operation.node.ty != OperationType::Query);
    if mutates {
        return Err(Refusal::bad_input(
            StatusCode::METHOD_NOT_ALLOWED,
            "GET is for queries only: send this by POST.",
        ));
    }
    Ok(request)
}

async fn read_request(app: &App, headers: &HeaderMap, body: Body) -> Result<Request, Refusal> {
    let media_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !media_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        return Err(Refusal::bad_input(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Send the request as JSON, with the header `Content-Type: application/json`.",
        ));
    }
    let max = app.limits.max_body_bytes;
    let bytes = axum::body::to_bytes(body, max).await.map_err(|_| {
        Refusal::bad_input(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("The body is too long: at most {max} bytes are allowed."),
        )
    })?;
    let refused = |problem: &dyn std::fmt::Display| {
        let message =
            "The body must be a JSON object with `query`, and if needed `variables` and `operationName`";
        Refusal::bad_input(StatusCode::BAD_REQUEST, format!("{message}: {problem}."))
    };
    // The parser would also take an array of the fields' values.
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()).is_none_or(|byte| *byte != b'{') {
        return Err(refused(&"it does not begin with {"));
    }
    serde_json::from_slice(&bytes).map_err(|error| refused(&error))
}

async fn execute(app: &App, headers: &HeaderMap, request_id: &RequestId, request: Request) -> Response {
    let header = headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes);
    let person = match app.keys.sign_in(&app.services, header).await {
        Ok(person) => person,
        Err(SignInProblem::Internal(error)) => {
            tracing::error!(%error, "sign-in failed");
            return Refusal {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                code: "INTERNAL",
                message: schema::INTERNAL_MESSAGE.to_owned(),
            }
            .into_response(request_id);
        }
        Err(problem) => {
            return Refusal {
                status: StatusCode::UNAUTHORIZED,
                code: "UNAUTHENTICATED",
                message: problem.to_string(),
            }
            .into_response(request_id);
        }
    };
    let viewer = person.as_ref().map(service::Viewer::from);
    let request = schema::settle_variables(request)
        .data(app.services.clone())
        .data(Loaders::new(app.services.clone(), viewer))
        .data(CurrentPerson(person));
    let answer = match tokio::time::timeout(app.limits.request_timeout, app.schema.execute(request)).await {
        Ok(answer) => answer,
        Err(_) => {
            tracing::error!(
                seconds = app.limits.request_timeout.as_secs(),
                "request took too long and was ended"
            );
            let mut error = ServerError::new(
                "The request took too long and was ended. What it had not finished did not happen.",
                None,
            );
            set(&mut error, "code", "INTERNAL");
            Answer::from_errors(vec![error])
        }
    };
    Json(with_codes(answer, &app.limits, request_id)).into_response()
}
