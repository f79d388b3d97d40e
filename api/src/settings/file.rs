//! The settings file.

use super::{
    accepts::Accepts,
    error::SettingError,
    origin::Origin,
    table::{find, in_file, server::CONFIG},
    values::{Value, Values},
};
use crate::similar_names::nearest;
use std::{collections::BTreeMap, ops::Range, path::Path};
use toml::de::{DeTable, DeValue};

/// The settings file that is read unless another is named.
pub(super) const DEFAULT_FILE: &str = "memoranda.toml";

impl Values {
    /// Adds the values of the settings file to those of flags and variables, which win. The file is
    /// `memoranda.toml` in `folder`, if it exists, unless another one is named.
    ///
    /// # Errors
    /// The settings file cannot be used.
    pub(super) fn with_file(
        given: BTreeMap<&'static str, Value>,
        folder: &Path,
    ) -> Result<Self, SettingError> {
        let mut values = Self(given);
        let standard = folder.join(DEFAULT_FILE);
        let (path, origin) = match values.0.get(CONFIG.row.key) {
            Some(value) => (values.get(&CONFIG)?, value.origin.clone()),
            None if standard.exists() => (standard, Origin::Default),
            None => return Ok(values),
        };
        for (key, value) in read(&path, &origin)? {
            values.0.entry(key).or_insert(value);
        }
        Ok(values)
    }
}

/// Reads a settings file.
///
/// # Errors
/// It cannot be read, or contains something other than settings.
fn read(path: &Path, origin: &Origin) -> Result<Vec<(&'static str, Value)>, SettingError> {
    let text = std::fs::read_to_string(path).map_err(|error| SettingError::Unreadable {
        path: path.to_owned(),
        origin: origin.clone(),
        error,
    })?;
    parse(path, &text)
}

pub(super) fn parse(path: &Path, text: &str) -> Result<Vec<(&'static str, Value)>, SettingError> {
    let table = DeTable::parse(text).map_err(|error| SettingError::Syntax {
        path: path.to_owned(),
        // The error's own text quotes the line, which may contain a secret.
        line: line(text, error.span().unwrap_or_default()),
        message: error.message().replace('\n', ", "),
    })?;
    let mut values = Vec::new();
    for (key, value) in table.into_inner() {
        let line = line(text, key.span());
        let Some(row) = find(key.get_ref()) else {
            return Err(SettingError::Unknown {
                path: path.to_owned(),
                line,
                remedy: remedy(key.get_ref()),
                key: key.into_inner().into_owned(),
            });
        };
        let text =
            text_of(value.into_inner(), &row.accepts).map_err(|kind| SettingError::Kind {
                path: path.to_owned(),
                line,
                key: row.key,
                kind,
                expects: row.accepts.to_string(),
            })?;
        values.push((row.key, Value { text, origin: Origin::File(path.to_owned(), line) }));
    }
    Ok(values)
}

/// The value as text, or a description of it if the setting does not accept its type.
fn text_of(value: DeValue<'_>, accepts: &Accepts) -> Result<String, &'static str> {
    match value {
        DeValue::String(text) => Ok(text.into_owned()),
        DeValue::Integer(number) => Ok(number.to_string()),
        DeValue::Float(number) if matches!(accepts, Accepts::Ratio) => Ok(number.to_string()),
        DeValue::Float(_) => Err("a number with a fraction"),
        DeValue::Boolean(value) if accepts.is_boolean() => Ok(value.to_string()),
        DeValue::Boolean(_) => Err("true or false"),
        DeValue::Datetime(_) => Err("a date"),
        DeValue::Array(_) => Err("a list"),
        DeValue::Table(_) => Err("a table"),
    }
}

fn line(text: &str, span: Range<usize>) -> usize {
    1 + text.bytes().take(span.start).filter(|byte| *byte == b'\n').count()
}

/// Suggests the nearest known key if it is similar enough, else lists all keys.
fn remedy(key: &str) -> String {
    nearest(key, in_file().map(|row| row.key)).map_or_else(
        || format!("there are {}", in_file().map(|row| row.key).collect::<Vec<_>>().join(", ")),
        |nearest| format!("did you mean {nearest}?"),
    )
}
