//! Suggests the name that a client probably meant, as long as clients may read the schema.

use crate::similar_names::nearest;
use apollo_compiler::{Schema, schema::ExtendedType, validation::Valid};

/// The message of a mistake, with the name that was probably meant. The validator's messages quote
/// the unknown name and the place where it is unknown.
pub(super) fn with_suggestion(schema: &Valid<Schema>, message: String) -> String {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let suggestion = match quoted.as_slice() {
        [place, name] if message.contains("does not have a field") => {
            nearest(name, fields(schema, place).into_iter())
        }
        [name, place] if message.contains("is not supported by") => {
            nearest(name, arguments(schema, place).into_iter())
        }
        [name, place] if message.contains("does not exist on") => {
            nearest(name, members(schema, place).into_iter())
        }
        [name, ..]
            if message.starts_with("cannot find type")
                || message.contains("is not a type defined") =>
        {
            let types = schema.types.keys().filter(|name| !name.starts_with("__"));
            nearest(name, types.map(ToString::to_string))
        }
        _ => None,
    };
    match suggestion {
        Some(name) => format!("{message}. Did you mean `{name}`?"),
        None => message,
    }
}

/// The fields of an object or an interface.
fn fields(schema: &Schema, type_name: &str) -> Vec<String> {
    match schema.types.get(type_name) {
        Some(ExtendedType::Object(object)) => {
            object.fields.keys().map(ToString::to_string).collect()
        }
        Some(ExtendedType::Interface(interface)) => {
            interface.fields.keys().map(ToString::to_string).collect()
        }
        _ => Vec::new(),
    }
}

/// The arguments of a field, which is written as `Type.field`.
fn arguments(schema: &Schema, place: &str) -> Vec<String> {
    let Some((type_name, field)) = place.split_once('.') else { return Vec::new() };
    let field = match schema.types.get(type_name) {
        Some(ExtendedType::Object(object)) => object.fields.get(field),
        Some(ExtendedType::Interface(interface)) => interface.fields.get(field),
        _ => None,
    };
    field.map_or_else(Vec::new, |field| {
        field.arguments.iter().map(|argument| argument.name.to_string()).collect()
    })
}

/// The values of an enum, or the fields of an input.
fn members(schema: &Schema, type_name: &str) -> Vec<String> {
    match schema.types.get(type_name) {
        Some(ExtendedType::Enum(of)) => of.values.keys().map(ToString::to_string).collect(),
        Some(ExtendedType::InputObject(input)) => {
            input.fields.keys().map(ToString::to_string).collect()
        }
        _ => Vec::new(),
    }
}
