//! Reads the settings file.

use super::{
    error::SettingError,
    groups::{find, in_file},
    names::nearest,
    values::{Origin, Value},
};
use std::{ops::Range, path::Path};
use toml::de::{DeTable, DeValue};

/// What a settings file says.
///
/// # Errors
/// It cannot be read, or says something else than settings.
pub(super) fn read(
    path: &Path,
    origin: &Origin,
) -> Result<Vec<(&'static str, Value)>, SettingError> {
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
        // The error's own text quotes the line, and with it what may be a secret.
        line: line(text, error.span().unwrap_or_default()),
        message: error.message().replace('\n', ", "),
    })?;
    let mut values = Vec::new();
    for (key, value) in table.into_inner() {
        let line = line(text, key.span());
        let Some(about) = find(key.get_ref()) else {
            return Err(SettingError::Unknown {
                path: path.to_owned(),
                line,
                remedy: remedy(key.get_ref()),
                key: key.into_inner().into_owned(),
            });
        };
        let kind = match value.into_inner() {
            DeValue::String(text) => Ok(text.into_owned()),
            DeValue::Integer(number) => Ok(number.to_string()),
            DeValue::Float(_) => Err("a number with a fraction"),
            DeValue::Boolean(_) => Err("true or false"),
            DeValue::Datetime(_) => Err("a date"),
            DeValue::Array(_) => Err("a list"),
            DeValue::Table(_) => Err("a table"),
        };
        let text = kind.map_err(|kind| SettingError::Kind {
            path: path.to_owned(),
            line,
            key: about.key,
            kind,
            expects: about.expects,
        })?;
        values.push((about.key, Value { text, origin: Origin::File(path.to_owned(), line) }));
    }
    Ok(values)
}

fn line(text: &str, span: Range<usize>) -> usize {
    1 + text.bytes().take(span.start).filter(|byte| *byte == b'\n').count()
}

/// The nearest known key where it is near, else all of them.
fn remedy(key: &str) -> String {
    nearest(key, in_file().map(|about| about.key)).map_or_else(
        || format!("there are {}", in_file().map(|about| about.key).collect::<Vec<_>>().join(", ")),
        |nearest| format!("did you mean {nearest}?"),
    )
}
