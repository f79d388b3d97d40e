//! How mutations read what several of them take.

use super::respond::{MutationError, RefusesInput};
use crate::graphql::sentences;
use async_graphql::MaybeUndefined;
use service::text;

/// A name that must say something.
///
/// # Errors
/// What is wrong with it.
pub fn name<C: RefusesInput>(name: &str) -> Result<String, MutationError<C>> {
    text::name(name).map_err(|problem| MutationError::text("name", problem))
}

/// A field that may stay as it is and cannot be cleared.
///
/// # Errors
/// It is null.
pub fn present<T, C: RefusesInput>(
    field: &str,
    value: MaybeUndefined<T>,
) -> Result<Option<T>, MutationError<C>> {
    match value {
        MaybeUndefined::Undefined => Ok(None),
        MaybeUndefined::Value(value) => Ok(Some(value)),
        MaybeUndefined::Null => Err(MutationError::input(field, sentences::cannot_be_null(field))),
    }
}
