//! The parameters of a request: a document, the operation in it, and its variables.

use super::{
    App, body,
    json::{self, Object},
    refusal::Refusal,
};
use axum::{
    body::Body,
    http::{HeaderMap, StatusCode, header},
};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// The parameters of a request, as JSON or as a WebSocket message.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Parameters {
    #[serde(default)]
    pub(super) query: Option<String>,
    /// The id of a document that the server knows ([persisted
    /// documents](https://github.com/graphql/graphql-over-http/pull/264)); Relay calls it `id`.
    #[serde(default, alias = "id")]
    pub(super) document_id: Option<String>,
    #[serde(default, deserialize_with = "unless_empty")]
    pub(super) operation_name: Option<String>,
    #[serde(default, deserialize_with = "json::object")]
    pub(super) variables: Option<Map<String, Value>>,
    /// Only `persistedQuery` is used.
    #[serde(default, deserialize_with = "json::object")]
    pub(super) extensions: Option<Map<String, Value>>,
}

impl Parameters {
    /// Whether the request sends or names a document.
    pub(super) fn has_document(&self) -> bool {
        let is_persisted =
            |extensions: &Map<String, Value>| extensions.contains_key("persistedQuery");
        self.query.is_some()
            || self.document_id.is_some()
            || self.extensions.as_ref().is_some_and(is_persisted)
    }
}

/// The parameters in a URL. Structured values are JSON.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct UrlParameters {
    query: Option<String>,
    #[serde(alias = "id")]
    document_id: Option<String>,
    #[serde(default, deserialize_with = "unless_empty")]
    operation_name: Option<String>,
    #[serde(default, deserialize_with = "unless_empty")]
    variables: Option<String>,
    #[serde(default, deserialize_with = "unless_empty")]
    extensions: Option<String>,
}

/// An empty parameter counts as absent, because forms and libraries send empty ones.
fn unless_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty()))
}

impl UrlParameters {
    /// The decoded parameters.
    ///
    /// # Errors
    /// A parameter cannot be read.
    pub(super) fn read(self) -> Result<Parameters, Refusal> {
        let bad = |message: String| Refusal::bad_input(StatusCode::BAD_REQUEST, message);
        let object = |name: &str, text: Option<String>| match text {
            None => Ok(None),
            Some(text) => serde_json::from_str::<Option<Object>>(&text)
                .map(|object| object.map(|Object(object)| object))
                .map_err(|error| bad(format!("`{name}` is not a JSON object: {error}."))),
        };
        let parameters = Parameters {
            query: self.query,
            document_id: self.document_id,
            operation_name: self.operation_name,
            variables: object("variables", self.variables)?,
            extensions: object("extensions", self.extensions)?,
        };
        if !parameters.has_document() {
            let message =
                "Send a query: POST JSON with `query` to /graphql, or open /graphql in a browser.";
            return Err(bad(message.to_owned()));
        }
        Ok(parameters)
    }
}

/// What a body contains.
pub(super) enum Asked {
    /// One operation.
    One(Parameters),
    /// Several operations, answered in order.
    Batch(Vec<Parameters>),
}

/// The parameters in a body.
///
/// # Errors
/// The body or its type is wrong.
pub(super) async fn read_body(
    app: &App,
    headers: &HeaderMap,
    body: &mut Body,
) -> Result<Asked, Refusal> {
    let media_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .eq_ignore_ascii_case("application/json")
    {
        return Err(Refusal::bad_input(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "Send the request as JSON, with the header `Content-Type: application/json`.",
        ));
    }
    let bytes = body::read(body, &app.limits).await?;
    // The parser would accept an array of field values as a request.
    match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => {
            let parameters = serde_json::from_slice(&bytes).map_err(|error| unreadable(&error))?;
            one(parameters).map(Asked::One)
        }
        Some(b'[') => batch(&bytes, app.limits.max_batch).map(Asked::Batch),
        _ => Err(unreadable(&"it does not begin with {")),
    }
}

fn unreadable(problem: &dyn std::fmt::Display) -> Refusal {
    let message = "The body must be a JSON object with `query`, and if needed `variables` and \
        `operationName`";
    Refusal::bad_input(StatusCode::BAD_REQUEST, format!("{message}: {problem}."))
}

fn one(parameters: Parameters) -> Result<Parameters, Refusal> {
    if parameters.has_document() { Ok(parameters) } else { Err(unreadable(&"`query` is missing")) }
}

fn batch(bytes: &[u8], max: usize) -> Result<Vec<Parameters>, Refusal> {
    let refused = |message: String| Err(Refusal::bad_input(StatusCode::BAD_REQUEST, message));
    if max == 0 {
        return Err(unreadable(&"batches of operations are not allowed"));
    }
    let requests: Vec<Object> =
        serde_json::from_slice(bytes).map_err(|error| unreadable(&error))?;
    if requests.is_empty() || requests.len() > max {
        let count = requests.len();
        return refused(format!("The batch has {count} operations: from 1 to {max} are allowed."));
    }
    let read = |request| {
        serde_json::from_value(Value::Object(request)).map_err(|error| unreadable(&error))
    };
    requests.into_iter().map(|Object(request)| read(request).and_then(one)).collect()
}
