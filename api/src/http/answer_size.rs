//! The length of an answer.

use async_graphql::Value;

/// The length of the value's JSON, without counting the characters that must be escaped. `None` if
/// it is longer than `most` bytes.
pub(super) fn length(value: &Value, most: usize) -> Option<usize> {
    left_after(value, most).map(|left| most - left)
}

/// How many bytes remain after the value; `None` if they do not suffice. It stops as soon as this
/// is clear.
fn left_after(value: &Value, bytes: usize) -> Option<usize> {
    match value {
        Value::String(text) => bytes.checked_sub(text.len() + 3),
        Value::Enum(name) => bytes.checked_sub(name.len() + 3),
        Value::Binary(content) => bytes.checked_sub(4 * content.len()),
        Value::Null | Value::Number(_) | Value::Boolean(_) => bytes.checked_sub(5),
        Value::List(items) => {
            items.iter().try_fold(bytes.checked_sub(3)?, |bytes, item| left_after(item, bytes))
        }
        Value::Object(fields) => {
            fields.iter().try_fold(bytes.checked_sub(3)?, |bytes, (name, value)| {
                left_after(value, bytes.checked_sub(name.len() + 3)?)
            })
        }
    }
}
