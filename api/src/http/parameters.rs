//! What a client asks for: a document, which operation of it, with which variables.

use super::{App, refusal::Refusal};
use axum::{
    body::Body,
    http::{HeaderMap, StatusCode, header},
};
use serde::Deserialize;
use serde_json::{Map, Value};

/// The parameters of a request, as JSON or as a message of the WebSocket.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Parameters {
    pub(super) query: String,
    #[serde(default)]
    pub(super) operation_name: Option<String>,
    #[serde(default)]
    pub(super) variables: Option<Map<String, Value>>,
    /// Read and not used: what is no object is refused.
    #[serde(default, rename = "extensions")]
    pub(super) _extensions: Option<Map<String, Value>>,
}

/// The parameters in a URL, where those that are structured are JSON.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UrlParameters {
    pub(super) query: Option<String>,
    operation_name: Option<String>,
    variables: Option<String>,
    extensions: Option<String>,
}

impl UrlParameters {
    /// The parameters that they spell.
    ///
    /// # Errors
    /// What cannot be read.
    pub(super) fn read(self) -> Result<Parameters, Refusal> {
        let bad = |message: String| Refusal::bad_input(StatusCode::BAD_REQUEST, message);
        let query = self.query.ok_or_else(|| {
            bad("Send a query: POST JSON with `query` to /graphql, or open /graphql in a browser.".to_owned())
        })?;
        let object = |name: &str, text: Option<String>| match text {
            None => Ok(None),
            Some(text) => serde_json::from_str::<Option<Map<String, Value>>>(&text)
                .map_err(|error| bad(format!("`{name}` is not a JSON object: {error}."))),
        };
        Ok(Parameters {
            query,
            operation_name: self.operation_name,
            variables: object("variables", self.variables)?,
            _extensions: object("extensions", self.extensions)?,
        })
    }
}

/// The parameters in a body.
///
/// # Errors
/// What is wrong with the body or with its type.
pub(super) async fn read_body(app: &App, headers: &HeaderMap, body: Body) -> Result<Parameters, Refusal> {
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
