//! From the library's answer to the answer that the schema promises. Keys are in the order of the
//! selection. A null that a type forbids moves up to the nearest place that allows it ([Handling
//! Field Errors](https://spec.graphql.org/October2021/#sec-Handling-Field-Errors)).

use super::{
    plan::{Below, PlannedField, QueryPlan, TYPE_KEY},
    written::is_written,
};
use apollo_compiler::ast::Type;
use async_graphql::{Name, Response, Value, indexmap::IndexMap};

/// A null in a place where the type forbids it.
struct Forbidden;

/// Completes an answer. An answer without data stays without data.
pub(super) fn answer(plan: &QueryPlan, mut answer: Response) -> Response {
    if let Value::Object(data) = answer.data {
        answer.data = object(data, &plan.fields).unwrap_or(Value::Null);
    }
    answer
}

fn object(mut data: IndexMap<Name, Value>, fields: &[PlannedField]) -> Result<Value, Forbidden> {
    let mut shaped = IndexMap::with_capacity(fields.len());
    for field in fields {
        let value = data.swap_remove(field.key.as_str()).unwrap_or(Value::Null);
        shaped.insert(Name::new(field.key.as_str()), complete(value, &field.ty, &field.below)?);
    }
    Ok(Value::Object(shaped))
}

/// A value of that type. If a part of it is forbidden and the type allows null, it is null instead.
fn complete(value: Value, ty: &Type, below: &Below) -> Result<Value, Forbidden> {
    match ty {
        Type::NonNullNamed(_) => match named(value, below)? {
            Value::Null => Err(Forbidden),
            value => Ok(value),
        },
        Type::NonNullList(item) => match list(value, item, below)? {
            Value::Null => Err(Forbidden),
            value => Ok(value),
        },
        Type::Named(_) => Ok(named(value, below).unwrap_or(Value::Null)),
        Type::List(item) => Ok(list(value, item, below).unwrap_or(Value::Null)),
    }
}

fn list(value: Value, item: &Type, below: &Below) -> Result<Value, Forbidden> {
    match value {
        Value::List(items) => items
            .into_iter()
            .map(|value| complete(value, item, below))
            .collect::<Result<_, _>>()
            .map(Value::List),
        _ => Ok(Value::Null),
    }
}

fn named(value: Value, below: &Below) -> Result<Value, Forbidden> {
    match (value, below) {
        (Value::Null, _) => Ok(Value::Null),
        (value, Below::Leaf) => Ok(value),
        (Value::Object(data), _) if is_written(&data) => Ok(Value::Object(data)),
        (Value::Object(data), Below::Object(fields)) => object(data, fields),
        (Value::Object(data), Below::OneOf(types)) => {
            let name = data.get(TYPE_KEY);
            let is_name = |object: &apollo_compiler::Name| match name {
                Some(Value::String(name)) => name == object.as_str(),
                _ => false,
            };
            let of_type = |(object, _): &&(apollo_compiler::Name, _)| is_name(object);
            match types.iter().find(of_type) {
                Some((_, fields)) => object(data, fields),
                None => Err(Forbidden),
            }
        }
        _ => Ok(Value::Null),
    }
}
