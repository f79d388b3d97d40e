//! Input fields that several mutations share.

use super::respond::{MutationError, RefusesInput, at_most};
use crate::graphql::{id::Kind, sentences};
use async_graphql::{ID, MaybeUndefined};
use service::text;
use uuid::Uuid;

/// A name that must not be empty.
///
/// # Errors
/// What is wrong with it.
pub fn name<C: RefusesInput>(name: &str) -> Result<String, MutationError<C>> {
    text::name(name).map_err(|problem| MutationError::text("name", problem))
}

/// A field that may be left out but cannot be null.
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

/// Ids of one kind, in a list of limited length.
///
/// # Errors
/// The list is too long, or an id is wrong.
pub fn ids<C: RefusesInput>(
    kind: Kind,
    path: &str,
    ids: &[ID],
) -> Result<Vec<Uuid>, MutationError<C>> {
    at_most(path, ids)?;
    Ok(kind.parse_all(path, ids)?)
}
