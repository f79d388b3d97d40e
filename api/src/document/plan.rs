//! An operation in the form that runs.

use apollo_compiler::{Name, ast::Type, executable::OperationType};
use async_graphql::{Name as GqlName, Pos, Value as GqlValue};

/// The key under which each object is asked for the name of its type. It is not a GraphQL name, so
/// no client can use it and no client sees it.
pub(crate) const TYPE_KEY: &str = "name of the type";

/// An operation in the form that runs.
pub(super) struct QueryPlan {
    pub(super) operation_type: OperationType,
    pub(super) name: Option<String>,
    pub(super) fields: Vec<PlannedField>,
}

/// A field of an object, once for each key.
pub(super) struct PlannedField {
    pub(super) key: Name,
    pub(super) name: Name,
    pub(super) arguments: Vec<(GqlName, GqlValue)>,
    pub(super) ty: Type,
    pub(super) position: Pos,
    pub(super) below: Below,
}

/// The part of a field's value that is selected.
pub(super) enum Below {
    /// The whole value: a scalar or an enum.
    Leaf,
    /// Fields of one type of object.
    Object(Vec<PlannedField>),
    /// Fields of each possible type of object.
    OneOf(Vec<(Name, Vec<PlannedField>)>),
}
