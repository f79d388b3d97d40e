//! From a plan to a request of the GraphQL library: one operation without variables, fragments or
//! directives.

use super::plan::{Below, PlannedField, QueryPlan, TYPE_KEY};
use apollo_compiler::executable::OperationType;
use async_graphql::{
    Name, Pos, Positioned, Request,
    parser::types::{
        DocumentOperations, ExecutableDocument, Field, InlineFragment, OperationDefinition,
        OperationType as GqlOperationType, Selection, SelectionSet, TypeCondition,
    },
};

/// Builds the request.
pub(super) fn request(plan: &QueryPlan) -> Request {
    let ty = match plan.operation_type {
        OperationType::Query => GqlOperationType::Query,
        OperationType::Mutation => GqlOperationType::Mutation,
        OperationType::Subscription => GqlOperationType::Subscription,
    };
    let items = match plan.operation_type {
        // Each field of a subscription is its own stream, and its type has no name that could be
        // queried.
        OperationType::Subscription => fields(&plan.fields),
        OperationType::Query | OperationType::Mutation => object(Pos::default(), &plan.fields),
    };
    let operation = OperationDefinition {
        ty,
        variable_definitions: Vec::new(),
        directives: Vec::new(),
        selection_set: at(Pos::default(), SelectionSet { items }),
    };
    // The library also needs a text. It does not parse it, because the parsed document is given
    // below.
    let mut request = Request::new(plan.name.clone().unwrap_or_default());
    request.set_parsed_query(ExecutableDocument {
        operations: DocumentOperations::Single(at(Pos::default(), operation)),
        fragments: Default::default(),
    });
    request
}

fn at<T>(position: Pos, node: T) -> Positioned<T> {
    Positioned::new(node, position)
}

fn fields(planned: &[PlannedField]) -> Vec<Positioned<Selection>> {
    planned.iter().map(field).collect()
}

/// The fields of an object, after the name of its type. The library answers null for an object in
/// which no field has a value, so each object asks for one field that cannot fail.
fn object(position: Pos, planned: &[PlannedField]) -> Vec<Positioned<Selection>> {
    let mut items = vec![type_name(position)];
    items.extend(planned.iter().map(field));
    items
}

fn field(planned: &PlannedField) -> Positioned<Selection> {
    let position = planned.position;
    let items = match &planned.below {
        Below::Leaf => Vec::new(),
        Below::Object(below) => object(position, below),
        Below::OneOf(types) => {
            let mut items = vec![type_name(position)];
            items.extend(types.iter().filter(|(_, below)| !below.is_empty()).map(
                |(object, below)| {
                    let fragment = InlineFragment {
                        type_condition: Some(at(
                            position,
                            TypeCondition { on: at(position, Name::new(object.as_str())) },
                        )),
                        directives: Vec::new(),
                        selection_set: at(position, SelectionSet { items: fields(below) }),
                    };
                    at(position, Selection::InlineFragment(at(position, fragment)))
                },
            ));
            items
        }
    };
    let field = Field {
        alias: (planned.key != planned.name).then(|| at(position, Name::new(planned.key.as_str()))),
        name: at(position, Name::new(planned.name.as_str())),
        arguments: planned
            .arguments
            .iter()
            .map(|(name, value)| {
                (at(position, name.clone()), at(position, value.clone().into_value()))
            })
            .collect(),
        directives: Vec::new(),
        selection_set: at(position, SelectionSet { items }),
    };
    at(position, Selection::Field(at(position, field)))
}

fn type_name(position: Pos) -> Positioned<Selection> {
    let field = Field {
        alias: Some(at(position, Name::new(TYPE_KEY))),
        name: at(position, Name::new("__typename")),
        arguments: Vec::new(),
        directives: Vec::new(),
        selection_set: at(position, SelectionSet::default()),
    };
    at(position, Selection::Field(at(position, field)))
}
