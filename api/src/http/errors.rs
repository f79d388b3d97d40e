//! Errors in an answer: their codes and their words.

use super::{Limits, request_id::RequestId};
use async_graphql::{ErrorExtensionValues, Response as Answer, ServerError};

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
    }
    answer
}

/// The library's own messages, which name no limit, and repeat what was sent, be it ever so long.
fn in_words(message: &str, limits: &Limits) -> String {
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
