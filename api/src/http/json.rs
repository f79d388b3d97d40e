//! JSON objects with unique keys. The usual parser uses the last of several values.

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};
use std::fmt;

/// Longest key that an error repeats, in characters.
const MAX_KEY: usize = 60;

/// A JSON object with unique keys, in it and in all nested objects.
pub(super) struct Object(pub(super) Map<String, Value>);

/// Such an object or null, for a field of a request.
///
/// # Errors
/// A key is repeated, or it is not an object.
pub(super) fn object<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Map<String, Value>>, D::Error> {
    let object = Option::<Object>::deserialize(deserializer)?;
    Ok(object.map(|Object(object)| object))
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor;
        impl<'de> Visitor<'de> for ObjectVisitor {
            type Value = Object;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object, A::Error> {
                read_map(map).map(Object)
            }
        }
        deserializer.deserialize_map(ObjectVisitor)
    }
}

/// Any JSON value.
struct Any(Value);

impl<'de> Deserialize<'de> for Any {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyVisitor).map(Self)
    }
}

struct AnyVisitor;

impl<'de> Visitor<'de> for AnyVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Any(value)) = items.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
        read_map(map).map(Value::Object)
    }
}

fn read_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Map<String, Value>, A::Error> {
    let mut object = Map::new();
    while let Some(key) = map.next_key::<String>()? {
        if object.contains_key(&key) {
            let shown: String = key.chars().take(MAX_KEY).collect();
            return Err(A::Error::custom(format!("an object has the key {shown:?} twice")));
        }
        let Any(value) = map.next_value()?;
        object.insert(key, value);
    }
    Ok(object)
}

#[cfg(test)]
mod tests {
    use super::Object;
    use serde_json::{Map, Value};

    #[test]
    fn every_value_is_read_as_the_usual_parser_reads_it() {
        let text = r#"{ "a": null, "b": [true, -1, 18446744073709551615, 1.5e3, "\u00e9\n", {}, []],
            "c": { "a": { "a": 1 } }, "": "", "d": -9223372036854775808 }"#;
        let Object(read) = serde_json::from_str(text).unwrap();
        assert_eq!(read, serde_json::from_str::<Map<String, Value>>(text).unwrap());
    }

    #[test]
    fn a_key_stands_once_in_each_object() {
        for text in [
            r#"{ "a": 1, "a": 1 }"#,
            r#"{ "x": { "a": 1, "b": 2, "a": 3 } }"#,
            r#"{ "x": [[{ "a": null, "\u0061": null }]] }"#,
        ] {
            let Err(problem) = serde_json::from_str::<Object>(text) else { panic!("{text}") };
            let problem = problem.to_string();
            assert!(problem.starts_with("an object has the key \"a\" twice"), "{problem}");
        }
        for text in ["[]", "7", "null", "\"a\""] {
            assert!(serde_json::from_str::<Object>(text).is_err(), "{text}");
        }
    }
}
