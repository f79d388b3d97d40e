//! Errors in an answer: their codes, their words, and what stands in the answer where they happened.

use super::{Limits, request_id::RequestId};
use async_graphql::{ErrorExtensionValues, Name, PathSegment, Response as Answer, ServerError, Value};

/// Longest message of the library that is passed on, in characters.
const MAX_MESSAGE: usize = 500;

/// Every error carries a code and the request id; what the library itself refuses is the client's input.
pub(super) fn with_codes(mut answer: Answer, limits: &Limits, request_id: &RequestId) -> Answer {
    for error in &mut answer.errors {
        let has_code = error.extensions.as_ref().is_some_and(|extensions| extensions.get("code").is_some());
        if !has_code {
            error.message = in_words(&error.message, limits);
            tracing::info!(message = error.message, "request refused");
            set(error, "code", "BAD_USER_INPUT");
        }
        set(error, "requestId", request_id.0.as_str());
        null_at(&mut answer.data, &error.path);
    }
    answer
}

/// Puts null where a field failed: the library leaves the field out, and clients that keep a cache take that for a fault.
fn null_at(data: &mut Value, path: &[PathSegment]) {
    match (data, path) {
        (Value::Object(fields), [PathSegment::Field(name)]) => {
            fields.entry(Name::new(name)).or_insert(Value::Null);
        }
        (Value::Object(fields), [PathSegment::Field(name), rest @ ..]) => {
            if let Some(field) = fields.get_mut(name.as_str()) {
                null_at(field, rest);
            }
        }
        (Value::List(items), [PathSegment::Index(index), rest @ ..]) => {
            if let Some(item) = items.get_mut(*index) {
                null_at(item, rest);
            }
        }
        _ => {}
    }
}

/// The library's own messages, which name no limit, and repeat what was sent, be it ever so long.
pub(super) fn in_words(message: &str, limits: &Limits) -> String {
    match message {
        "Query is too complex." => format!(
            "The query could answer too much: at most {} fields are allowed, those of a list counted as often as the list may be long. \
             Ask for fewer fields or shorter pages.",
            limits.max_complexity
        ),
        "Query is nested too deep." => {
            format!("The query is nested too deep: at most {} levels are allowed.", limits.max_depth)
        }
        _ => match message.char_indices().nth(MAX_MESSAGE) {
            Some((end, _)) => format!("{} …", message.get(..end).unwrap_or_default()),
            None => message.to_owned(),
        },
    }
}

/// Sets an extension of an error.
pub(super) fn set(error: &mut ServerError, name: &str, value: &str) {
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set(name, value);
}
