//! Variables that a request leaves out.
//!
//! By the [specification](https://spec.graphql.org/October2021/#sec-Input-Objects.Input-Coercion), a field of an input object whose value is a variable
//! that was not given and has no default is not in the object. The library takes it as null: `updateMemo(input: { memoId: $memo, note: $note })`
//! without `$note` would clear the conclusion. So such fields are taken out of the document before the library sees it.
//!
//! Fields of objects alone: for an argument of this schema null and nothing are the same, and in a list a variable that was not given is null.

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

/// Takes the fields of input objects whose variables were not given out of the request's document. A document that cannot be parsed, or of which it
/// is not said which operation is to run, stays as it is: the library says what is wrong with it.
pub fn leave_out_absent(mut request: Request) -> Request {
    if !request.query.contains('$') {
        return request;
    }
    let Ok(mut document) = request.parsed_query().cloned() else { return request };
    let Some(selected) = selected(&mut document.operations, request.operation_name.as_deref()) else {
        return request;
    };
    let absent = absent_variables(&selected.node, &request.variables);
    if absent.is_empty() {
        return request;
    }
    let mut taken = HashSet::new();
    let fragments = document.fragments.values_mut().map(|fragment| &mut fragment.node.selection_set.node);
    for selections in fragments.chain([&mut selected.node.selection_set.node]) {
        for_each_field(selections, &mut |field| {
            for (_, value) in &mut field.arguments {
                take_out(&mut value.node, &absent, &mut taken);
            }
        });
    }
    if !taken.is_empty() {
        forget(&mut document, &taken);
        request.set_parsed_query(document);
    }
    request
}

/// The operation that will run.
fn selected<'a>(
    operations: &'a mut DocumentOperations,
    name: Option<&str>,
) -> Option<&'a mut Positioned<OperationDefinition>> {
    match (operations, name) {
        (DocumentOperations::Single(operation), None) => Some(operation),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get_mut(name),
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => {
            operations.values_mut().next()
        }
        (DocumentOperations::Multiple(_), None) => None,
    }
}

/// The variables that are not given, have no default and may be null: without the others the operation does not run.
fn absent_variables(operation: &OperationDefinition, given: &Variables) -> HashSet<Name> {
    operation
        .variable_definitions
        .iter()
        .map(|definition| &definition.node)
        .filter(|definition| definition.default_value.is_none() && definition.var_type.node.nullable)
        .map(|definition| definition.name.node.clone())
        .filter(|name| !given.contains_key(name))
        .collect()
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
