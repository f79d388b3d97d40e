//! Refuses input objects that give a field twice. The validation accepts them and uses the last
//! value ([Input Object Field
//! Uniqueness](https://spec.graphql.org/October2021/#sec-Input-Object-Field-Uniqueness)).

use super::Refusal;
use apollo_compiler::{
    Name, Node,
    ast::{Argument, Definition, DirectiveList, Document, Selection, Value},
    collections::HashSet,
};

/// Checks every input object of a document.
///
/// # Errors
/// The first field that is given twice.
pub(super) fn check(document: &Document) -> Result<(), Refusal> {
    let repeated = document.definitions.iter().find_map(repeated_in_definition);
    let Some(name) = repeated else { return Ok(()) };
    let location = name.location().and_then(|span| span.line_column(&document.sources));
    Err(Refusal {
        message: format!("The input object has the field `{}` more than once.", shortened(name)),
        location: location.map(|place| (place.line, place.column)),
        field: None,
    })
}

fn shortened(name: &str) -> &str {
    const MAX_LENGTH: usize = 60;
    name.get(..MAX_LENGTH).unwrap_or(name)
}

fn repeated_in_definition(definition: &Definition) -> Option<&Name> {
    match definition {
        Definition::OperationDefinition(operation) => operation
            .variables
            .iter()
            .find_map(|variable| {
                let default = variable.default_value.as_deref().and_then(repeated_in_value);
                default.or_else(|| repeated_in_directives(&variable.directives))
            })
            .or_else(|| repeated_in_directives(&operation.directives))
            .or_else(|| repeated_in_selections(&operation.selection_set)),
        Definition::FragmentDefinition(fragment) => repeated_in_directives(&fragment.directives)
            .or_else(|| repeated_in_selections(&fragment.selection_set)),
        _ => None,
    }
}

fn repeated_in_selections(selections: &[Selection]) -> Option<&Name> {
    selections.iter().find_map(|selection| match selection {
        Selection::Field(field) => repeated_in_arguments(&field.arguments)
            .or_else(|| repeated_in_directives(&field.directives))
            .or_else(|| repeated_in_selections(&field.selection_set)),
        Selection::InlineFragment(fragment) => repeated_in_directives(&fragment.directives)
            .or_else(|| repeated_in_selections(&fragment.selection_set)),
        Selection::FragmentSpread(spread) => repeated_in_directives(&spread.directives),
    })
}

fn repeated_in_directives(directives: &DirectiveList) -> Option<&Name> {
    directives.iter().find_map(|directive| repeated_in_arguments(&directive.arguments))
}

fn repeated_in_arguments(arguments: &[Node<Argument>]) -> Option<&Name> {
    arguments.iter().find_map(|argument| repeated_in_value(&argument.value))
}

fn repeated_in_value(value: &Value) -> Option<&Name> {
    match value {
        Value::List(items) => items.iter().find_map(|item| repeated_in_value(item)),
        Value::Object(fields) => {
            let mut names = HashSet::default();
            fields.iter().find_map(|(name, value)| {
                if names.insert(name) { repeated_in_value(value) } else { Some(name) }
            })
        }
        _ => None,
    }
}
