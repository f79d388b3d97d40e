//! The values that were given, and where each came from.

use super::{
    declare::FromSettings,
    error::SettingError,
    file,
    groups::Group,
    row::{Row, variable},
    setting::Setting,
    table::{in_group, server::CONFIG},
};
use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

/// The settings file that is read unless another is named.
pub(super) const DEFAULT_FILE: &str = "memoranda.toml";

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The flag of the setting with that key.
    Flag(&'static str),
    /// The environment variable of the setting with that key.
    Variable(&'static str),
    /// A line of the settings file.
    File(PathBuf, usize),
    /// The folder of a demo.
    Demo(PathBuf),
    /// The table: no other value was given.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(key) => write!(f, "flag --{key}"),
            Self::Variable(key) => write!(f, "environment variable {}", variable(key)),
            Self::File(path, line) => write!(f, "file {}, line {line}", path.display()),
            Self::Demo(folder) => write!(f, "the demo in {}", folder.display()),
            Self::Default => f.write_str("default"),
        }
    }
}

/// A value as it was given. It may be a secret: it cannot be printed.
#[derive(Clone)]
pub struct Value {
    /// The value.
    pub text: String,
    /// Where it came from.
    pub origin: Origin,
}

/// The values that were given.
#[derive(Clone, Default)]
pub struct Values(BTreeMap<&'static str, Value>);

impl Values {
    /// Adds what the settings file says to what flags and variables gave, which win. The file is
    /// `memoranda.toml` in `folder`, if it exists, unless another one is named.
    ///
    /// # Errors
    /// What is wrong with the file.
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
        for (key, value) in file::read(&path, &origin)? {
            values.0.entry(key).or_insert(value);
        }
        Ok(values)
    }

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

    /// Reads a part of the configuration.
    ///
    /// # Errors
    /// A setting that cannot be used.
    pub fn read<T: FromSettings>(&self) -> Result<T, SettingError> {
        T::read(self)
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

    /// The values of those groups, without secrets, and the origins of those that are not defaults.
    pub fn summary(&self, groups: &[Group]) -> String {
        let rows = groups.iter().flat_map(|group| in_group(*group));
        let shown: Vec<String> = rows
            .filter_map(|row| {
                let value = self.value(row)?;
                let origin = match value.origin {
                    Origin::Default => String::new(),
                    origin => format!(" ({origin})"),
                };
                Some(format!("{}={}{origin}", row.key, row.shown(&value.text)))
            })
            .collect();
        shown.join(", ")
    }

    /// A line for each setting of the group, as in a settings file: its value, without secrets, and
    /// the origin of the value.
    pub fn lines(&self, group: Group) -> impl Iterator<Item = String> {
        in_group(group).map(|row| match self.value(row) {
            Some(value) => {
                format!("{} = {:?}  # {}", row.key, row.shown(&value.text), value.origin)
            }
            None => format!("# {} is not set", row.key),
        })
    }

    fn value(&self, row: &Row) -> Option<Value> {
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
