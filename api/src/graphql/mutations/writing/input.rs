//! Reading the inputs of this folder: lists of ids, and fields that may be left out, null or given.

use super::refusals::{Refused, Word};
use crate::graphql::id::{Kind, WrongId};
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
pub fn change_of_id(kind: Kind, field: &str, id: &MaybeUndefined<ID>) -> Result<Change<Uuid>, WrongId> {
    Ok(match id {
        MaybeUndefined::Undefined => Change::Unchanged,
        MaybeUndefined::Null => Change::Cleared,
        MaybeUndefined::Value(id) => Change::To(kind.parse(field, id)?),
    })
}
