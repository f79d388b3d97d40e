//! From text to a document that is valid by the specification and not too large.

use super::{Refusal, input_fields, suggestions::with_suggestion};
use crate::settings::DocumentLimits;
use apollo_compiler::{
    ExecutableDocument, Schema,
    ast::{Definition, Document, Selection},
    diagnostic::ToCliReport,
    parser::Parser,
    validation::{DiagnosticList, Valid},
};

/// Most mistakes of a document that are reported.
const MAX_MISTAKES: usize = 5;

/// Parses and validates the document.
///
/// # Errors
/// The first of its mistakes.
pub(super) fn check(
    schema: &Valid<Schema>,
    text: &str,
    limits: &DocumentLimits,
) -> Result<Valid<ExecutableDocument>, Vec<Refusal>> {
    let mut parser =
        Parser::new().recursion_limit(limits.max_nesting).token_limit(limits.max_tokens);
    let document = parser.parse_ast(text, "request").map_err(|failed| {
        if parser.tokens_reached() > limits.max_tokens {
            return vec![Refusal::new(format!(
                "The document is too long: at most {} tokens are allowed.",
                limits.max_tokens
            ))];
        }
        if parser.recursion_reached() > limits.max_nesting {
            return vec![Refusal::new(format!(
                "The document is nested too deep: at most {} levels are allowed.",
                limits.max_nesting
            ))];
        }
        mistakes(&failed.errors)
    })?;
    count(&document, limits).map_err(|refusal| vec![refusal])?;
    input_fields::check(&document).map_err(|refusal| vec![refusal])?;
    document.to_executable_validate(schema).map_err(|failed| {
        let mut mistakes = mistakes(&failed.errors);
        if limits.introspection {
            for mistake in &mut mistakes {
                mistake.message = with_suggestion(schema, std::mem::take(&mut mistake.message));
            }
        }
        mistakes
    })
}

fn mistakes(errors: &DiagnosticList) -> Vec<Refusal> {
    let mut mistakes: Vec<Refusal> = errors
        .iter()
        .map(|diagnostic| Refusal {
            message: shortened(&diagnostic.error.to_string()),
            location: diagnostic
                .error
                .location()
                .and_then(|span| span.line_column(diagnostic.sources))
                .map(|place| (place.line, place.column)),
            field: None,
        })
        .collect();
    // A selection that contains only unknown fields counts as empty. The error about the unknown
    // field is more helpful.
    mistakes.sort_by_key(|mistake| mistake.message.contains("must have a subselection set"));
    mistakes.truncate(MAX_MISTAKES);
    mistakes
}

/// A message that quotes a long document stays short.
fn shortened(message: &str) -> String {
    const MAX_CHARACTERS: usize = 300;
    let mut short: String = message.chars().take(MAX_CHARACTERS).collect();
    if short.len() < message.len() {
        short.push('…');
    }
    short
}

/// Counts aliases and directives, which make validation slow. The parser has already limited the
/// nesting.
fn count(document: &Document, limits: &DocumentLimits) -> Result<(), Refusal> {
    let (mut aliases, mut directives) = (0, 0);
    for definition in &document.definitions {
        let selections = match definition {
            Definition::OperationDefinition(operation) => {
                directives += operation.directives.len();
                for variable in &operation.variables {
                    directives += variable.directives.len();
                }
                &operation.selection_set
            }
            Definition::FragmentDefinition(fragment) => {
                directives += fragment.directives.len();
                &fragment.selection_set
            }
            _ => continue,
        };
        count_selections(selections, &mut aliases, &mut directives);
    }
    if aliases > limits.max_aliases {
        return Err(Refusal::new(format!(
            "The document has too many aliases: at most {} are allowed.",
            limits.max_aliases
        )));
    }
    if directives > limits.max_directives {
        return Err(Refusal::new(format!(
            "The document has too many directives: at most {} are allowed.",
            limits.max_directives
        )));
    }
    Ok(())
}

fn count_selections(selections: &[Selection], aliases: &mut usize, directives: &mut usize) {
    for selection in selections {
        match selection {
            Selection::Field(field) => {
                *directives += field.directives.len();
                *aliases += usize::from(field.alias.is_some());
                count_selections(&field.selection_set, aliases, directives);
            }
            Selection::InlineFragment(fragment) => {
                *directives += fragment.directives.len();
                count_selections(&fragment.selection_set, aliases, directives);
            }
            Selection::FragmentSpread(spread) => *directives += spread.directives.len(),
        }
    }
}
