//! The custom scalars of this schema. The validation accepts any value for them. Here, invalid
//! values are refused before anything runs, as for GraphQL's own scalars.

use super::Refusal;
use apollo_compiler::{
    Schema,
    ast::{Type, Value as AstValue},
    executable::Operation,
    response::{JsonMap, JsonValue},
    schema::ExtendedType,
};
use async_graphql::Value;

/// A custom scalar: its name, and a function that says why a value is invalid.
pub type CustomScalar = (&'static str, fn(&Value) -> Result<(), String>);

/// Finds values that do not fit their type.
pub(super) struct Scalars<'a> {
    pub(super) schema: &'a Schema,
    pub(super) custom: &'a [CustomScalar],
}

impl Scalars<'_> {
    /// Checks an argument. `path` is its path, and is extended into lists and input objects.
    ///
    /// # Errors
    /// The first invalid value of a scalar.
    pub(super) fn check(
        &self,
        ty: &Type,
        value: &Value,
        path: &mut Vec<String>,
    ) -> Result<(), Refusal> {
        let refused = match (ty, value) {
            (_, Value::Null) => return Ok(()),
            (Type::List(item) | Type::NonNullList(item), Value::List(values)) => {
                return values.iter().enumerate().try_for_each(|(n, value)| {
                    self.within(n.to_string(), path, |path| self.check(item, value, path))
                });
            }
            // A single value represents a list with one item.
            (Type::List(item) | Type::NonNullList(item), value) => {
                return self.check(item, value, path);
            }
            (Type::Named(name) | Type::NonNullNamed(name), value) => {
                match (self.schema.types.get(name), value) {
                    (Some(ExtendedType::InputObject(definition)), Value::Object(fields)) => {
                        return fields.iter().try_for_each(|(key, value)| {
                            let Some(field) = definition.fields.get(key.as_str()) else {
                                return Ok(());
                            };
                            self.within(key.to_string(), path, |path| {
                                self.check(&field.ty, value, path)
                            })
                        });
                    }
                    (Some(ExtendedType::Scalar(_)), value) => {
                        let scalar = self.custom.iter().find(|(known, _)| name == known);
                        scalar.map_or(Ok(()), |(_, check)| check(value))
                    }
                    _ => Ok(()),
                }
            }
        };
        refused.map_err(|problem| Refusal::of_argument(path.clone(), &problem))
    }

    fn within<T>(
        &self,
        step: String,
        path: &mut Vec<String>,
        run: impl FnOnce(&mut Vec<String>) -> T,
    ) -> T {
        path.push(step);
        let done = run(path);
        path.pop();
        done
    }
}

/// The paths to variables that do not fit their types, beginning with the variable's name. They
/// locate the mistake that the validation found.
pub(super) fn misfit(
    schema: &Schema,
    operation: &Operation,
    variables: &JsonMap,
) -> Option<Vec<String>> {
    operation.variables.iter().find_map(|variable| {
        let mut path = vec![variable.name.to_string()];
        let value = variables.get(variable.name.as_str());
        let has_default =
            variable.default_value.as_deref().is_some_and(|value| *value != AstValue::Null);
        (!fits(schema, &variable.ty, value, has_default, &mut path)).then_some(path)
    })
}

/// Whether a value fits that type. If not, `path` leads to the wrong part.
fn fits(
    schema: &Schema,
    ty: &Type,
    value: Option<&JsonValue>,
    has_default: bool,
    path: &mut Vec<String>,
) -> bool {
    let value = match value {
        None => return has_default || !ty.is_non_null(),
        Some(JsonValue::Null) => return !ty.is_non_null(),
        Some(value) => value,
    };
    match (ty, value) {
        (Type::List(item) | Type::NonNullList(item), JsonValue::Array(values)) => {
            values.iter().enumerate().all(|(n, value)| {
                step(path, n.to_string(), |path| fits(schema, item, Some(value), false, path))
            })
        }
        (Type::List(item) | Type::NonNullList(item), value) => {
            fits(schema, item, Some(value), false, path)
        }
        (Type::Named(name) | Type::NonNullNamed(name), value) => match schema.types.get(name) {
            Some(ExtendedType::InputObject(definition)) => {
                let Some(given) = value.as_object() else { return false };
                let unknown =
                    given.keys().find(|key| !definition.fields.contains_key(key.as_str()));
                if let Some(key) = unknown {
                    path.push(key.as_str().to_owned());
                    return false;
                }
                definition.fields.iter().all(|(key, field)| {
                    let has_default = field.default_value.is_some();
                    step(path, key.to_string(), |path| {
                        fits(schema, &field.ty, given.get(key.as_str()), has_default, path)
                    })
                })
            }
            Some(ExtendedType::Enum(definition)) => {
                value.as_str().is_some_and(|value| definition.values.contains_key(value))
            }
            _ => fits_scalar(name, value),
        },
    }
}

/// Extends the path by a step, and removes the step again if that part fits.
fn step(path: &mut Vec<String>, step: String, fits: impl FnOnce(&mut Vec<String>) -> bool) -> bool {
    path.push(step);
    let all_well = fits(path);
    if all_well {
        path.pop();
    }
    all_well
}

/// Whether a value fits one of GraphQL's own scalars
/// ([Scalars](https://spec.graphql.org/October2021/#sec-Scalars)).
fn fits_scalar(name: &str, value: &JsonValue) -> bool {
    match name {
        "Int" => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        "Float" => value.is_number(),
        "String" => value.is_string(),
        "Boolean" => value.is_boolean(),
        "ID" => value.is_string() || value.is_i64(),
        _ => true,
    }
}
