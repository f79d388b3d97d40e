//! The values of settings, and where each came from.

use super::{error::SettingError, origin::Origin, row::Row, setting::Setting};
use std::collections::BTreeMap;

/// A value of a setting. It may be a secret, so it cannot be printed.
#[derive(Clone)]
pub struct Value {
    /// The value.
    pub text: String,
    /// Where it came from.
    pub origin: Origin,
}

/// The values that were given.
#[derive(Clone, Default)]
pub struct Values(pub(super) BTreeMap<&'static str, Value>);

impl Values {
    /// Gives a setting a value if it has none yet.
    pub fn or_set<T>(&mut self, setting: &Setting<T>, text: String, origin: Origin) {
        self.0.entry(setting.row.key).or_insert(Value { text, origin });
    }

    /// Sets the value, unless a flag gave one.
    pub fn set_unless_by_flag<T>(&mut self, setting: &Setting<T>, text: String, origin: Origin) {
        if !matches!(self.origin(setting), Origin::Flag(_)) {
            self.0.insert(setting.row.key, Value { text, origin });
        }
    }

    /// The value that was given, if one was.
    ///
    /// # Errors
    /// The setting does not accept the value.
    pub fn given<T>(&self, setting: &Setting<T>) -> Result<Option<T>, SettingError> {
        self.0.get(setting.row.key).map(|value| parse(setting, value)).transpose()
    }

    /// The value that was given, or the default.
    ///
    /// # Errors
    /// The setting does not accept the value, or there is none.
    pub fn get<T>(&self, setting: &Setting<T>) -> Result<T, SettingError> {
        let value = self.value(&setting.row).ok_or_else(|| missing(&setting.row))?;
        parse(setting, &value)
    }

    /// An error about the value of that setting.
    pub fn refuse<T>(&self, setting: &Setting<T>, problem: impl Into<String>) -> SettingError {
        match self.value(&setting.row) {
            Some(value) => wrong(&setting.row, &value, problem.into()),
            None => missing(&setting.row),
        }
    }

    /// The value of that setting and where it came from, for messages: `sqlite://memoranda.db
    /// (default)`.
    pub fn shown<T>(&self, setting: &Setting<T>) -> String {
        self.value(&setting.row).map_or_else(
            || "not set".to_owned(),
            |value| format!("{} ({})", setting.row.shown(&value.text), value.origin),
        )
    }

    /// Where the value of that setting came from.
    pub fn origin<T>(&self, setting: &Setting<T>) -> Origin {
        self.0.get(setting.row.key).map_or(Origin::Default, |value| value.origin.clone())
    }

    /// The value of a row, or its default.
    pub(super) fn value(&self, row: &Row) -> Option<Value> {
        let default = || row.default().map(|text| Value { text, origin: Origin::Default });
        self.0.get(row.key).cloned().or_else(default)
    }
}

fn parse<T>(setting: &Setting<T>, value: &Value) -> Result<T, SettingError> {
    setting
        .parse(&value.text)
        .ok_or_else(|| wrong(&setting.row, value, format!("give {}", setting.row.accepts)))
}

fn missing(row: &Row) -> SettingError {
    SettingError::Missing { key: row.key, expects: row.accepts.to_string() }
}

fn wrong(row: &Row, value: &Value, problem: String) -> SettingError {
    SettingError::Wrong {
        key: row.key,
        shown: row.quoted(&value.text),
        origin: value.origin.clone(),
        problem,
    }
}
