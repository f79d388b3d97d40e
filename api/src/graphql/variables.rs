//! Variables that a request leaves out.
//!
//! By the [specification](https://spec.graphql.org/October2021/#sec-Input-Objects.Input-Coercion), a field of an input object whose value is a variable
//! that was not given and has no default is not in the object. The library takes it as null: `updateMemo(input: { memoId: $memo, note: $note })`
//! without `$note` would clear the conclusion. So such fields are taken out of the document before the library sees it.
//!
//! Nor does it use a variable's default in `@skip` and `@include`: the defaults are set here as if they had been given.
//!
//! Fields of objects alone: for an argument of this schema null and nothing are the same, and in a list a variable that was not given is null.
//! What the library has against such a field, an unknown name or another type, it says when the variable is given.

use async_graphql::{
    Name, Positioned, Request, Variables,
    parser::types::{
        DocumentOperations, ExecutableDocument, Field, FragmentDefinition, OperationDefinition, Selection,
        SelectionSet,
    },
};
use async_graphql_value::Value;
use std::collections::{HashMap, HashSet};

type Fragments = HashMap<Name, Positioned<FragmentDefinition>>;

/// Gives the variables that were left out their defaults, and takes the fields of input objects whose variables have none out of the request's document. A
/// document that cannot be parsed, or of which it is not said which operation is to run, stays as it is: the library says what is wrong with it.
pub fn settle_variables(mut request: Request) -> Request {
    if !request.query.contains('$') {
        return request;
    }
    let name = request.operation_name.clone();
    let mut variables = std::mem::take(&mut request.variables);
    let settled = request.parsed_query().ok().and_then(|document| {
        let operation = selected(&document.operations, name.as_deref())?;
        let absent = set_defaults(&operation.node, &mut variables);
        // Most requests give all their variables: no copy for them.
        if absent.is_empty() { None } else { without(document.clone(), name.as_deref(), &absent) }
    });
    request.variables = variables;
    if let Some(document) = settled {
        request.set_parsed_query(document);
    }
    request
}

/// The operation that will run.
fn selected<'a>(
    operations: &'a DocumentOperations,
    name: Option<&str>,
) -> Option<&'a Positioned<OperationDefinition>> {
    match (operations, name) {
        (DocumentOperations::Single(operation), None) => Some(operation),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => {
            operations.values().next()
        }
        (DocumentOperations::Multiple(_), None) => None,
    }
}

/// Gives the variables that were left out their defaults. Answers those that have none and may be null: without the others the operation does not run.
fn set_defaults(operation: &OperationDefinition, variables: &mut Variables) -> HashSet<Name> {
    let mut absent = HashSet::new();
    for definition in operation.variable_definitions.iter().map(|definition| &definition.node) {
        let name = &definition.name.node;
        if variables.contains_key(name) {
            continue;
        }
        if let Some(default) = &definition.default_value {
            variables.insert(name.clone(), default.node.clone());
        } else if definition.var_type.node.nullable {
            absent.insert(name.clone());
        }
    }
    absent
}

/// The document without the fields of objects whose value is an absent variable; `None` if there are none.
fn without(
    mut document: ExecutableDocument,
    operation: Option<&str>,
    absent: &HashSet<Name>,
) -> Option<ExecutableDocument> {
    let mut taken = HashSet::new();
    let operations: Vec<&mut Positioned<OperationDefinition>> = match &mut document.operations {
        DocumentOperations::Single(operation) => vec![operation],
        DocumentOperations::Multiple(operations) => operations
            .iter_mut()
            .filter(|(name, _)| operation.is_none_or(|operation| name.as_str() == operation))
            .map(|(_, operation)| operation)
            .collect(),
    };
    let operations = operations.into_iter().map(|operation| &mut operation.node.selection_set.node);
    let fragments = document.fragments.values_mut().map(|fragment| &mut fragment.node.selection_set.node);
    for selections in operations.chain(fragments) {
        for_each_field(selections, &mut |field| {
            for (_, value) in &mut field.arguments {
                take_out(&mut value.node, absent, &mut taken);
            }
        });
    }
    if taken.is_empty() {
        return None;
    }
    forget(&mut document, &taken);
    Some(document)
}

fn for_each_field(selections: &mut SelectionSet, visit: &mut impl FnMut(&mut Field)) {
    for selection in &mut selections.items {
        match &mut selection.node {
            Selection::Field(field) => {
                visit(&mut field.node);
                for_each_field(&mut field.node.selection_set.node, visit);
            }
            Selection::InlineFragment(fragment) => {
                for_each_field(&mut fragment.node.selection_set.node, visit);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}

/// Takes the fields whose value is an absent variable out of the objects in a value.
fn take_out(value: &mut Value, absent: &HashSet<Name>, taken: &mut HashSet<Name>) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, value| match value {
                Value::Variable(name) if absent.contains(name) => {
                    taken.insert(name.clone());
                    false
                }
                _ => true,
            });
            fields.values_mut().for_each(|value| take_out(value, absent, taken));
        }
        Value::List(values) => values.iter_mut().for_each(|value| take_out(value, absent, taken)),
        _ => {}
    }
}

/// Takes out the definitions of those variables that their operation does not use any more: an unused variable is refused.
fn forget(document: &mut ExecutableDocument, taken: &HashSet<Name>) {
    let ExecutableDocument { operations, fragments } = document;
    let operations: Vec<&mut Positioned<OperationDefinition>> = match operations {
        DocumentOperations::Single(operation) => vec![operation],
        DocumentOperations::Multiple(operations) => operations.values_mut().collect(),
    };
    for operation in operations {
        let mut used = Used { fragments, entered: HashSet::new(), names: HashSet::new() };
        used.by_selections(&operation.node.selection_set.node);
        let names = used.names;
        operation.node.variable_definitions.retain(|definition| {
            let name = &definition.node.name.node;
            !taken.contains(name) || names.contains(name)
        });
    }
}

/// The variables that an operation uses, itself and in the fragments that it spreads.
struct Used<'a> {
    fragments: &'a Fragments,
    entered: HashSet<&'a Name>,
    names: HashSet<Name>,
}

impl Used<'_> {
    fn by_selections(&mut self, selections: &SelectionSet) {
        for selection in &selections.items {
            for directive in selection.node.directives() {
                directive.node.arguments.iter().for_each(|(_, value)| self.by_value(&value.node));
            }
            match &selection.node {
                Selection::Field(field) => {
                    field.node.arguments.iter().for_each(|(_, value)| self.by_value(&value.node));
                    self.by_selections(&field.node.selection_set.node);
                }
                Selection::InlineFragment(fragment) => {
                    self.by_selections(&fragment.node.selection_set.node);
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = self.fragments.get_key_value(&spread.node.fragment_name.node);
                    if let Some((name, fragment)) = fragment
                        && self.entered.insert(name)
                    {
                        self.by_selections(&fragment.node.selection_set.node);
                    }
                }
            }
        }
    }

    fn by_value(&mut self, value: &Value) {
        match value {
            Value::Variable(name) => {
                self.names.insert(name.clone());
            }
            Value::List(values) => values.iter().for_each(|value| self.by_value(value)),
            Value::Object(fields) => fields.values().for_each(|value| self.by_value(value)),
            _ => {}
        }
    }
}
