//! The codes and the texts of errors in an answer.

use super::{Limits, request_id::RequestId};
use crate::graphql::RETRY_AFTER;
use async_graphql::{ErrorExtensionValues, Response as Answer, ServerError};

/// Longest message of the library that is passed on, in characters.
const MAX_MESSAGE: usize = 500;

/// Gives every error a code and the request id. Errors of the library itself are mistakes of the
/// client.
pub(super) fn with_codes(mut answer: Answer, limits: &Limits, request_id: &RequestId) -> Answer {
    let most = limits.max_errors;
    let untold = answer.errors.len().saturating_sub(most);
    if untold > 0 {
        answer.errors.truncate(most);
        let message = format!("There are {untold} more errors: at most {most} are listed.");
        answer.errors.push(coded(message, "INTERNAL"));
    }
    for error in &mut answer.errors {
        let has_code =
            error.extensions.as_ref().is_some_and(|extensions| extensions.get("code").is_some());
        if !has_code {
            error.message = in_words(&error.message, limits);
            set(error, "code", "BAD_USER_INPUT");
        }
        set(error, "requestId", request_id.0.as_str());
    }
    answer
}

/// Replaces the library's own messages: they name no limit, and may repeat a long input.
fn in_words(message: &str, limits: &Limits) -> String {
    match message {
        "Query is too complex." => format!(
            "The query could answer too much: at most {} fields are allowed, and a field of a list \
             counts once for each item that the list may have. Ask for fewer fields or shorter \
             pages.",
            limits.max_complexity
        ),
        "Query is nested too deep." => {
            format!(
                "The query is nested too deep: at most {} levels are allowed.",
                limits.max_depth
            )
        }
        _ => match message.char_indices().nth(MAX_MESSAGE) {
            Some((end, _)) => format!("{} …", message.get(..end).unwrap_or_default()),
            None => message.to_owned(),
        },
    }
}

/// Adapts a mutation's answer. An error below the first level happens after the change, so it must
/// not say that nothing was changed.
pub(super) fn after_the_change(mut answer: Answer) -> Answer {
    for error in &mut answer.errors {
        if error.path.len() > 1 && matches!(code_of(error), Some("INTERNAL" | "OVERLOADED")) {
            error.message =
                "Something went wrong on the server after the mutation. The change is made. Ask \
                again for the missing part; if the error persists, tell the operator the request \
                id."
                .to_owned();
        }
    }
    answer
}

/// Whether a mutation with so many root fields changed nothing because the server was overloaded.
pub(super) fn is_overload_of(answer: &Answer, roots: usize) -> bool {
    let refused =
        |error: &&ServerError| error.path.len() == 1 && code_of(error) == Some("OVERLOADED");
    answer.errors.iter().filter(refused).count() == roots
}

/// Replaces an answer that misses a part because the server was overloaded. The client asks again
/// for all of it.
pub(super) fn overloaded(mut answer: Answer) -> Answer {
    let Some(missing) = answer.errors.iter().position(|error| code_of(error) == Some("OVERLOADED"))
    else {
        return answer;
    };
    let mut error = answer.errors.swap_remove(missing);
    error.path.clear();
    error.locations.clear();
    Answer::from_errors(vec![error])
}

/// Sets an extension of an error.
pub(super) fn set(error: &mut ServerError, name: &str, value: &str) {
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set(name, value);
}

/// An error with that code.
pub(super) fn coded(message: impl Into<String>, code: &str) -> ServerError {
    let mut error = ServerError::new(message, None);
    set(&mut error, "code", code);
    error
}

/// A temporary error with that code, and the seconds after which the client may try again.
pub(super) fn passing(message: impl Into<String>, code: &str, retry_after: u64) -> ServerError {
    let mut error = coded(message, code);
    error
        .extensions
        .get_or_insert_with(ErrorExtensionValues::default)
        .set(RETRY_AFTER, retry_after);
    error
}

/// The code of an error.
pub(super) fn code_of(error: &ServerError) -> Option<&str> {
    match error.extensions.as_ref()?.get("code")? {
        async_graphql::Value::String(code) => Some(code),
        _ => None,
    }
}

/// After how many seconds to try again, if the error says so.
pub(super) fn retry_after_of(error: &ServerError) -> Option<u64> {
    match error.extensions.as_ref()?.get(RETRY_AFTER)? {
        async_graphql::Value::Number(seconds) => seconds.as_u64(),
        _ => None,
    }
}
