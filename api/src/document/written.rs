//! A part of an answer that is already JSON text.

use async_graphql::{Name, Value, indexmap::IndexMap};

/// The key under which the library and `serde_json` expect such a text. It is not a GraphQL name.
const KEY: &str = "$serde_json::private::RawValue";

/// The value whose JSON is this text, in the form that the request asks for.
pub(crate) fn written(json: String) -> Value {
    Value::Object(IndexMap::from_iter([(Name::new(KEY), Value::String(json))]))
}

/// Whether a value is such a text.
pub(super) fn is_written(fields: &IndexMap<Name, Value>) -> bool {
    fields.len() == 1 && fields.contains_key(KEY)
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn the_text_becomes_part_of_the_answer() {
        let answer = async_graphql::Response::new(written("{\"a\":[1,null]}".to_owned()));
        assert_eq!(serde_json::to_string(&answer).unwrap(), r#"{"data":{"a":[1,null]}}"#);
    }
}
