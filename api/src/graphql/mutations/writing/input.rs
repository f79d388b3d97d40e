//! Reading the inputs of this folder: lists of ids, and fields that may be left out, null or given.

use super::refusals::{Refused, Word};
use crate::graphql::{error::ApiResult, id::Kind};
use async_graphql::{ID, MaybeUndefined};
use service::memos::{Change, MAX_MARKED};
use uuid::Uuid;

/// Most ids in a list.
pub const MAX_IDS: usize = MAX_MARKED;

/// A refusal for each of the lists that is too long.
pub fn too_long(lists: &[(&'static str, &[ID])]) -> Vec<Refused> {
    let refuse = |(field, ids): &(&'static str, &[ID])| {
        let message = format!("{} ids were given: give at most {MAX_IDS}.", ids.len());
        (ids.len() > MAX_IDS).then(|| Refused::at(field, Word::InvalidInput, message))
    };
    lists.iter().filter_map(refuse).collect()
}

/// The UUIDs of a list of ids.
///
/// # Errors
/// For one of another kind, and for what is no id.
pub fn ids(kind: Kind, field: &str, ids: &[ID]) -> ApiResult<Vec<Uuid>> {
    ids.iter().map(|id| kind.parse(field, id)).collect()
}

/// The UUID of an id that may be left out.
///
/// # Errors
/// For one of another kind, and for what is no id.
pub fn optional_id(kind: Kind, field: &str, id: Option<&ID>) -> ApiResult<Option<Uuid>> {
    id.map(|id| kind.parse(field, id)).transpose()
}

/// What is to become of a field: left out it stays, null clears it.
pub fn change<T>(value: MaybeUndefined<T>) -> Change<T> {
    match value {
        MaybeUndefined::Undefined => Change::Unchanged,
        MaybeUndefined::Null => Change::Cleared,
        MaybeUndefined::Value(value) => Change::To(value),
    }
}

/// The same of a field that holds an id.
///
/// # Errors
/// For one of another kind, and for what is no id.
pub fn change_of_id(kind: Kind, field: &str, id: &MaybeUndefined<ID>) -> ApiResult<Change<Uuid>> {
    Ok(match id {
        MaybeUndefined::Undefined => Change::Unchanged,
        MaybeUndefined::Null => Change::Cleared,
        MaybeUndefined::Value(id) => Change::To(kind.parse(field, id)?),
    })
}
