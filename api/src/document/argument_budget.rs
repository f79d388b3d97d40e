//! Limits what the arguments of an operation may contain.

use super::Refusal;
use apollo_compiler::{
    ast::Value,
    response::{JsonMap, JsonValue},
};

/// Maximum size of all arguments together, in bytes. A variable counts at each use: a long one that
/// is used a hundred times is copied a hundred times.
const MAX_BYTES: usize = 4 * 1_048_576;
/// The size of a value besides its text, in bytes.
const VALUE_BYTES: usize = 32;

/// The rest of the budget.
pub(super) struct ArgumentBudget {
    bytes_left: usize,
    /// Most items of a list.
    max_list: usize,
}

impl ArgumentBudget {
    pub(super) fn new(max_list: usize) -> Self {
        Self { bytes_left: MAX_BYTES, max_list }
    }

    /// Counts a value before it is copied.
    ///
    /// # Errors
    /// It is too much.
    pub(super) fn take(&mut self, value: &Value, variables: &JsonMap) -> Result<(), Refusal> {
        match value {
            Value::Variable(name) => {
                variables.get(name.as_str()).map_or(Ok(()), |value| self.take_json(value))
            }
            Value::String(text) => self.take_one(text.len()),
            Value::List(items) => {
                self.take_list(items.len())?;
                items.iter().try_for_each(|item| self.take(item, variables))
            }
            Value::Object(fields) => {
                self.take_one(0)?;
                fields.iter().try_for_each(|(_, value)| self.take(value, variables))
            }
            _ => self.take_one(0),
        }
    }

    fn take_json(&mut self, value: &JsonValue) -> Result<(), Refusal> {
        match value {
            JsonValue::String(text) => self.take_one(text.as_str().len()),
            JsonValue::Array(items) => {
                self.take_list(items.len())?;
                items.iter().try_for_each(|item| self.take_json(item))
            }
            JsonValue::Object(fields) => {
                self.take_one(0)?;
                fields.iter().try_for_each(|(_, value)| self.take_json(value))
            }
            _ => self.take_one(0),
        }
    }

    fn take_list(&mut self, items: usize) -> Result<(), Refusal> {
        if items > self.max_list {
            let max = self.max_list;
            return Err(Refusal::new(format!(
                "A list has {items} items: at most {max} are allowed."
            )));
        }
        self.take_one(0)
    }

    fn take_one(&mut self, text: usize) -> Result<(), Refusal> {
        self.bytes_left = self.bytes_left.checked_sub(text + VALUE_BYTES).ok_or_else(|| {
            Refusal::new(format!(
                "The arguments of the operation are too large: at most {MAX_BYTES} bytes are \
                 allowed, and a variable counts at each use."
            ))
        })?;
        Ok(())
    }
}
