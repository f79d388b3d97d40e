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
    text_of(fields).is_some()
}

/// The text, if a value is such a text.
fn text_of(fields: &IndexMap<Name, Value>) -> Option<&str> {
    match fields.get_index(0)? {
        (key, Value::String(json)) if fields.len() == 1 && key == KEY => Some(json),
        _ => None,
    }
}

/// Writes a value as JSON. The usual writer would parse each of these texts once more. `None` if
/// the library cannot write a part of it.
pub(crate) fn write(value: &Value, json: &mut Vec<u8>) -> Option<()> {
    match value {
        Value::Object(fields) => {
            if let Some(text) = text_of(fields) {
                json.extend_from_slice(text.as_bytes());
                return Some(());
            }
            json.push(b'{');
            for (n, (key, value)) in fields.iter().enumerate() {
                if n > 0 {
                    json.push(b',');
                }
                serde_json::to_writer(&mut *json, key.as_str()).ok()?;
                json.push(b':');
                write(value, json)?;
            }
            json.push(b'}');
            Some(())
        }
        Value::List(items) => write_list(items, json, write),
        other => serde_json::to_writer(json, other).ok(),
    }
}

/// Writes a list.
pub(crate) fn write_list<T>(
    items: impl IntoIterator<Item = T>,
    json: &mut Vec<u8>,
    mut write: impl FnMut(T, &mut Vec<u8>) -> Option<()>,
) -> Option<()> {
    json.push(b'[');
    for (n, item) in items.into_iter().enumerate() {
        if n > 0 {
            json.push(b',');
        }
        write(item, json)?;
    }
    json.push(b']');
    Some(())
}

#[cfg(test)]
mod tests {
    use super::{write, written};
    use async_graphql::{Name, Value, indexmap::IndexMap, value};

    #[test]
    fn the_text_becomes_part_of_the_answer() {
        let answer = async_graphql::Response::new(written("{\"a\":[1,null]}".to_owned()));
        assert_eq!(serde_json::to_string(&answer).unwrap(), r#"{"data":{"a":[1,null]}}"#);
    }

    #[test]
    fn a_value_is_written_as_the_library_writes_it() {
        let listed = Value::List(vec![written("[7]".to_owned()), Value::Null]);
        let plain =
            value!({ "text": "\"é\n", "empty": {}, "list": [1, -2.5, true, null, [], ["x"]] });
        let fields = [("plain", plain), ("listed", listed), ("written", written("{}".to_owned()))];
        let fields = fields.map(|(key, value)| (Name::new(key), value));
        let whole = Value::Object(IndexMap::from_iter(fields));
        let mut json = Vec::new();
        write(&whole, &mut json).unwrap();
        assert_eq!(String::from_utf8(json).unwrap(), serde_json::to_string(&whole).unwrap());
    }
}
