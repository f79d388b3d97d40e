//! The values that were given, and where each came from.

use super::{
    error::SettingError,
    file,
    setting::{About, Group, Setting},
    table::CONFIG,
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
    /// The flag of that setting.
    Flag(&'static str),
    /// An environment variable.
    Variable(&'static str),
    /// A line of the settings file.
    File(PathBuf, usize),
    /// What a demo keeps in its folder.
    Demo(PathBuf),
    /// Nobody gave one.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(key) => write!(f, "flag --{key}"),
            Self::Variable(variable) => write!(f, "environment variable {variable}"),
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
    /// Joins what the settings file says to what flags and variables gave, which win. Without a
    /// name it is `memoranda.toml` in `folder`, if there is one.
    ///
    /// # Errors
    /// What is wrong with the file.
    pub(super) fn with_file(
        given: BTreeMap<&'static str, Value>,
        folder: &Path,
    ) -> Result<Self, SettingError> {
        let mut values = Self(given);
        let standard = folder.join(DEFAULT_FILE);
        let (path, origin) = match values.0.get(CONFIG.about.key) {
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
        self.0.entry(setting.about.key).or_insert(Value { text, origin });
    }

    /// Sets the value, unless a flag gave one.
    pub fn set_unless_by_flag<T>(&mut self, setting: &Setting<T>, text: String, origin: Origin) {
        if !matches!(self.origin(setting), Origin::Flag(_)) {
            self.0.insert(setting.about.key, Value { text, origin });
        }
    }

    /// The value that was given, if one was.
    ///
    /// # Errors
    /// The value is none of that setting's.
    pub fn given<T>(&self, setting: &Setting<T>) -> Result<Option<T>, SettingError> {
        self.0.get(setting.about.key).map(|value| parse(setting, value)).transpose()
    }

    /// The value that was given, or the default.
    ///
    /// # Errors
    /// The value is none of that setting's, or there is none.
    pub fn get<T>(&self, setting: &Setting<T>) -> Result<T, SettingError> {
        let value = self.value(&setting.about).ok_or(SettingError::Missing(setting.about))?;
        parse(setting, &value)
    }

    /// An error about the value of that setting.
    pub fn refuse<T>(&self, setting: &Setting<T>, problem: impl Into<String>) -> SettingError {
        match self.value(&setting.about) {
            Some(value) => wrong(&setting.about, &value, problem.into()),
            None => SettingError::Missing(setting.about),
        }
    }

    /// The value of that setting and where it came from, for messages: `sqlite://memoranda.db
    /// (default)`.
    pub fn shown<T>(&self, setting: &Setting<T>) -> String {
        self.value(&setting.about).map_or_else(
            || "not set".to_owned(),
            |value| format!("{} ({})", setting.about.shown(&value.text), value.origin),
        )
    }

    /// Where the value of that setting came from.
    pub fn origin<T>(&self, setting: &Setting<T>) -> Origin {
        self.0.get(setting.about.key).map_or(Origin::Default, |value| value.origin.clone())
    }

    /// The values of those groups, without secrets, and where those came from that are no defaults.
    pub fn summary(&self, groups: &[Group]) -> String {
        let settings = groups.iter().flat_map(|group| group.settings);
        let shown: Vec<String> = settings
            .filter_map(|about| {
                let value = self.value(about)?;
                let origin = match value.origin {
                    Origin::Default => String::new(),
                    origin => format!(" ({origin})"),
                };
                Some(format!("{}={}{origin}", about.key, about.shown(&value.text)))
            })
            .collect();
        shown.join(", ")
    }

    /// A line for each setting of the group, as in a settings file: its value, without secrets, and
    /// where that came from.
    pub fn lines(&self, group: &Group) -> impl Iterator<Item = String> {
        group.settings.iter().map(|about| match self.value(about) {
            Some(value) => {
                format!("{} = {:?}  # {}", about.key, about.shown(&value.text), value.origin)
            }
            None => format!("# {} is not set", about.key),
        })
    }

    fn value(&self, about: &About) -> Option<Value> {
        let default =
            || about.default.map(|default| Value { text: default(), origin: Origin::Default });
        self.0.get(about.key).cloned().or_else(default)
    }
}

fn parse<T>(setting: &Setting<T>, value: &Value) -> Result<T, SettingError> {
    (setting.parse)(&value.text)
        .ok_or_else(|| wrong(&setting.about, value, format!("give {}", setting.about.expects)))
}

fn wrong(about: &About, value: &Value, problem: String) -> SettingError {
    SettingError::Wrong {
        key: about.key,
        shown: about.quoted(&value.text),
        origin: value.origin.clone(),
        problem,
    }
}
