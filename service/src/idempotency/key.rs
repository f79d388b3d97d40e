//! What identifies a request: person, key, operation and input.

use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The key of a request, and what the request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    pub(super) person: Uuid,
    pub(super) key: String,
    pub(super) verb: &'static str,
    pub(super) input_sha256: String,
}

impl IdempotencyKey {
    /// The key of a person's request. [`crate::text`] has checked the text of the key already.
    ///
    /// Inputs are equal if they differ only in the order of an object's members and in null
    /// members. So a release that adds an optional input field recognizes older requests.
    pub fn new(person: Uuid, key: impl Into<String>, verb: &'static str, input: &Value) -> Self {
        let input_sha256 = hex::encode(Sha256::digest(canonical(input).to_string()));
        Self { person, key: key.into(), verb, input_sha256 }
    }
}

/// The value without null members, and with all members in alphabetical order.
fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members: BTreeMap<&String, Value> = members
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| (name, canonical(value)))
                .collect();
            members.into_iter().map(|(name, value)| (name.clone(), value)).collect()
        }
        Value::Array(elements) => elements.iter().map(canonical).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn key(input: &Value) -> IdempotencyKey {
        IdempotencyKey::new(Uuid::nil(), "key", "CreateTag", input)
    }

    #[test]
    fn the_order_of_members_and_null_members_do_not_matter_and_all_else_does() {
        let input = json!({ "name": "A", "ids": ["1", "2"], "by": { "b": 1, "a": 2 } });
        for same in [
            json!({ "ids": ["1", "2"], "by": { "a": 2, "b": 1 }, "name": "A" }),
            json!({ "name": "A", "note": null, "ids": ["1", "2"], "by": { "b": 1, "a": 2 } }),
        ] {
            assert_eq!(key(&same), key(&input), "{same}");
        }
        for other in [
            json!({ "name": "B", "ids": ["1", "2"], "by": { "b": 1, "a": 2 } }),
            json!({ "name": "A", "ids": ["2", "1"], "by": { "b": 1, "a": 2 } }),
            json!({ "name": "A", "ids": ["1", "2"], "by": { "b": 2, "a": 1 } }),
            json!({ "name": "A", "ids": ["1", "2", null], "by": { "b": 1, "a": 2 } }),
            json!({ "name": "A", "ids": ["1", "2"] }),
        ] {
            assert_ne!(key(&other), key(&input), "{other}");
        }
    }
}
