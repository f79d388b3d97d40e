//! Values of columns in one form, whatever they come from.

use super::schema::Kind;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, SubsecRound, Utc};
use sea_orm::Value as SqlValue;

/// A value of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// No value.
    Null,
    /// A number, an id, or 0 and 1 for no and yes.
    Number(i64),
    /// A text; also a moment as RFC 3339 in UTC with milliseconds, and a day.
    Text(String),
}

/// Why a value is not what its column should have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unreadable;

impl Value {
    /// The value of a number, if it is one.
    pub(crate) fn number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// As a parameter of a statement.
    pub(crate) fn into_sql(self) -> SqlValue {
        match self {
            Self::Null => SqlValue::String(None),
            Self::Number(number) => number.into(),
            Self::Text(text) => text.into(),
        }
    }
}

/// The value of a column that a database has written as text. Types of contents are numbers here.
pub(crate) fn of_text(kind: Kind, text: &str) -> Result<Value, Unreadable> {
    Ok(match kind {
        Kind::Text => Value::Text(text.to_owned()),
        Kind::Flag => Value::Number(i64::from(flag(text)?)),
        Kind::Moment => Value::Text(moment(text)?),
        Kind::Day => Value::Text(day(text)?),
        Kind::Key | Kind::Reference | Kind::Person | Kind::Group | Kind::ContentType => {
            Value::Number(text.trim().parse().map_err(|_| Unreadable)?)
        }
        // The log of the administration has ids as text, also of things whose ids are no numbers.
        Kind::Number => text.trim().parse().map_or(Value::Null, Value::Number),
    })
}

fn flag(text: &str) -> Result<bool, Unreadable> {
    match text.trim() {
        "1" | "t" | "true" | "True" => Ok(true),
        "0" | "f" | "false" | "False" => Ok(false),
        _ => Err(Unreadable),
    }
}

/// A moment as RFC 3339 in UTC, in whole milliseconds. Without an offset, it is in UTC.
fn moment(text: &str) -> Result<String, Unreadable> {
    let text = text.trim();
    let with_offset = || {
        let formats = ["%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M:%S%.f%#z"];
        let parsed = formats.iter().find_map(|format| DateTime::parse_from_str(text, format).ok());
        parsed.map(|moment| moment.to_utc())
    };
    let without = || {
        let formats = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f"];
        let parsed =
            formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
        parsed.map(|moment| moment.and_utc())
    };
    let utc = || DateTime::parse_from_rfc3339(text).ok().map(|moment| moment.to_utc());
    let moment = utc().or_else(with_offset).or_else(without).ok_or(Unreadable)?;
    if !(1..=9999).contains(&moment.year()) {
        return Err(Unreadable);
    }
    Ok(written(moment))
}

/// A moment as the temporary database has it.
fn written(moment: DateTime<Utc>) -> String {
    moment.trunc_subsecs(3).format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

fn day(text: &str) -> Result<String, Unreadable> {
    let day = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").map_err(|_| Unreadable)?;
    if !(1..=9999).contains(&day.year()) {
        return Err(Unreadable);
    }
    Ok(day.format("%Y-%m-%d").to_string())
}

/// The value of a column in a dump. Natural keys are handled before.
pub(crate) fn of_json(kind: Kind, value: &serde_json::Value) -> Result<Value, Unreadable> {
    use serde_json::Value as Json;
    match (kind, value) {
        (_, Json::Null) => Ok(Value::Null),
        (_, Json::String(text)) => of_text(kind, text),
        (Kind::Flag, Json::Bool(flag)) => Ok(Value::Number(i64::from(*flag))),
        (Kind::Flag | Kind::Text | Kind::Moment | Kind::Day, Json::Number(number)) => {
            of_text(kind, &number.to_string())
        }
        (_, Json::Number(number)) => number.as_i64().map(Value::Number).ok_or(Unreadable),
        _ => Err(Unreadable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn one_moment_is_one_text_whoever_writes_it() {
        let moment = Ok(Value::Text("2026-11-23T05:10:06.969Z".to_owned()));
        for text in [
            "2026-11-23 05:10:06.969492",
            "2026-11-23 05:10:06.969492+00",
            "2026-11-23 05:10:06.969+00:00",
            "2026-11-23T05:10:06.969Z",
            "2026-11-23T07:10:06.969+02:00",
        ] {
            assert_eq!(of_text(Kind::Moment, text), moment, "{text}");
        }
        for text in ["", "infinity", "0000-00-00 00:00:00", "+12026-11-23 05:10:06", "yesterday"] {
            assert_eq!(of_text(Kind::Moment, text), Err(Unreadable), "{text}");
        }
    }

    #[test]
    fn values_of_other_types_are_unreadable_and_not_guessed() {
        assert_eq!(of_text(Kind::Flag, "t"), Ok(Value::Number(1)));
        assert_eq!(of_json(Kind::Flag, &json!(false)), Ok(Value::Number(0)));
        assert_eq!(of_json(Kind::Flag, &json!("perhaps")), Err(Unreadable));
        assert_eq!(of_json(Kind::Key, &json!(1.5)), Err(Unreadable));
        assert_eq!(of_json(Kind::Key, &json!("7")), Ok(Value::Number(7)));
        assert_eq!(of_json(Kind::Text, &json!({})), Err(Unreadable));
        assert_eq!(of_json(Kind::Text, &json!(7)), Ok(Value::Text("7".to_owned())));
        assert_eq!(of_text(Kind::Number, "a-uuid"), Ok(Value::Null));
        assert_eq!(of_text(Kind::Day, "2026-02-30"), Err(Unreadable));
    }
}
