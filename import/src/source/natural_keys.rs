//! Ids for the natural keys of a dump: usernames, names of groups, types of contents.

use super::{
    ValueProblem,
    schema::{CONTENT_TYPE_MODEL, Kind},
    value::{Value, of_json},
};
use serde_json::Value as Json;
use service::accounts::NameNumbers;
use std::collections::HashMap;

/// What a dump says about people, groups and types of contents.
#[derive(Debug)]
pub(super) struct NaturalKeys {
    numbers: NameNumbers,
    people: HashMap<String, i64>,
    groups: HashMap<String, i64>,
    content_types: HashMap<i64, String>,
}

impl NaturalKeys {
    /// Nothing yet. People and groups without ids get these numbers.
    pub(super) fn new(numbers: NameNumbers) -> Self {
        let (people, groups) = (HashMap::new(), HashMap::new());
        Self { numbers, people, groups, content_types: HashMap::new() }
    }

    /// Notes the keys of an object of the dump.
    pub(super) fn note(&mut self, object: &Json) {
        let (model, pk, fields) = (&object["model"], &object["pk"], &object["fields"]);
        match model.as_str() {
            Some("auth.user") => {
                note_name(&mut self.people, &self.numbers, pk, &fields["username"]);
            }
            Some("auth.group") => note_name(&mut self.groups, &self.numbers, pk, &fields["name"]),
            Some(CONTENT_TYPE_MODEL) => {
                let (app, model) = (fields["app_label"].as_str(), fields["model"].as_str());
                if let (Some(id), Some(app), Some(model)) = (pk.as_i64(), app, model) {
                    self.content_types.insert(id, format!("{app}.{model}"));
                }
            }
            _ => {}
        }
    }

    /// Whether an object is a person or a group: those may have no id in a dump.
    pub(super) fn id_of(&self, model: &str, fields: &Json) -> Option<i64> {
        let (ids, name) = match model {
            "auth.user" => (&self.people, &fields["username"]),
            "auth.group" => (&self.groups, &fields["name"]),
            _ => return None,
        };
        ids.get(name.as_str()?).copied()
    }

    /// The value of a column that may be a natural key.
    pub(super) fn resolve(&self, kind: Kind, value: &Json) -> Result<Value, ValueProblem> {
        let dangling = ValueProblem::Dangling;
        let known = |ids: &HashMap<String, i64>, parts: &[Json]| match parts {
            [Json::String(name)] => ids.get(name).copied().map(Value::Number).ok_or(dangling),
            _ => Err(ValueProblem::Unreadable),
        };
        match (kind, value) {
            (Kind::Person, Json::Array(parts)) => known(&self.people, parts),
            (Kind::Group, Json::Array(parts)) => known(&self.groups, parts),
            (Kind::ContentType, Json::Array(parts)) => match parts.as_slice() {
                [Json::String(app), Json::String(model)] => {
                    Ok(Value::Text(format!("{app}.{model}")))
                }
                _ => Err(ValueProblem::Unreadable),
            },
            (Kind::ContentType, _) => {
                let id = of_json(kind, value).map_err(|_| ValueProblem::Unreadable)?;
                let Some(id) = id.number() else { return Ok(Value::Null) };
                self.content_types.get(&id).cloned().map(Value::Text).ok_or(dangling)
            }
            _ => of_json(kind, value).map_err(|_| ValueProblem::Unreadable),
        }
    }
}

fn note_name(ids: &mut HashMap<String, i64>, numbers: &NameNumbers, pk: &Json, name: &Json) {
    let Some(name) = name.as_str() else { return };
    let id = pk.as_i64().or_else(|| pk.as_str()?.parse().ok());
    ids.insert(name.to_owned(), id.unwrap_or_else(|| id_of_name(numbers, name)));
}

/// The id of a person or a group for which the dump has none. The same name has the same id in
/// another dump. No id of a database is negative.
fn id_of_name(numbers: &NameNumbers, name: &str) -> i64 {
    -i64::try_from(numbers.of(name) >> 1).unwrap_or(i64::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn natural_keys_and_ids_name_the_same() {
        let numbers = |key: &str| NameNumbers::with_key(key.to_owned());
        let mut keys = NaturalKeys::new(numbers("a key"));
        let ada = json!({ "model": "auth.user", "pk": 7, "fields": { "username": "ada" } });
        let bob = json!({ "model": "auth.user", "fields": { "username": "bob" } });
        let memo = json!({ "model": "contenttypes.contenttype", "pk": 46,
            "fields": { "app_label": "tasks", "model": "memo" } });
        for object in [&ada, &bob, &memo, &json!([]), &json!({ "model": 3 })] {
            keys.note(object);
        }
        let resolve = |kind, value: Json| keys.resolve(kind, &value);
        assert_eq!(resolve(Kind::Person, json!(["ada"])), Ok(Value::Number(7)));
        assert_eq!(resolve(Kind::Person, json!(9)), Ok(Value::Number(9)));
        assert_eq!(resolve(Kind::Person, json!(["eve"])), Err(ValueProblem::Dangling));
        assert_eq!(resolve(Kind::Person, json!(["a", "b"])), Err(ValueProblem::Unreadable));
        assert_eq!(resolve(Kind::Person, Json::Null), Ok(Value::Null));
        let memo = Ok(Value::Text("tasks.memo".to_owned()));
        assert_eq!(resolve(Kind::ContentType, json!(46)), memo);
        assert_eq!(resolve(Kind::ContentType, json!(["tasks", "memo"])), memo);
        assert_eq!(resolve(Kind::ContentType, json!(47)), Err(ValueProblem::Dangling));
        let bob = keys.id_of("auth.user", &bob["fields"]).unwrap();
        assert!(bob < 0, "{bob}");
        assert_eq!(resolve(Kind::Person, json!(["bob"])), Ok(Value::Number(bob)));
        assert_eq!(id_of_name(&numbers("a key"), "bob"), bob);
        assert_ne!(id_of_name(&numbers("another key"), "bob"), bob);
    }
}
