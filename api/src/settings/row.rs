//! The public description of a setting.

use super::{accepts::Accepts, groups::Group};

/// The public description of a setting. Flag, environment variable, key, help, messages, the sample
/// file and the reference come from it.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The flag without its dashes, and the key in the settings file.
    pub key: &'static str,
    /// The group that lists it.
    pub group: Group,
    pub(super) help: &'static str,
    pub(super) demo_help: Option<&'static str>,
    /// The accepted values.
    pub(super) accepts: Accepts,
    pub(super) default: Fallback,
    pub(super) mask: Option<fn(&str) -> String>,
}

/// The value of a setting that is not given.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fallback {
    None,
    Number(u64),
    Text(&'static str),
    /// A number that another part of the program defines. If it depends on the machine, words
    /// describe it.
    Computed(fn() -> u64, Option<&'static str>),
}

impl Row {
    /// The environment variable.
    pub fn variable(&self) -> String {
        variable(self.key)
    }

    /// The default as text.
    pub(super) fn default(&self) -> Option<String> {
        match self.default {
            Fallback::None => None,
            Fallback::Number(number) => Some(number.to_string()),
            Fallback::Text(text) => Some(text.to_owned()),
            Fallback::Computed(number, _) => Some(number().to_string()),
        }
    }

    /// The default for people to read: `52428800 (50 MiB)`, `none`, `four for each core`.
    pub(super) fn default_for_people(&self) -> String {
        match self.default {
            Fallback::Computed(_, Some(words)) => words.to_owned(),
            Fallback::None | Fallback::Text("") => "none".to_owned(),
            _ => self.accepts.for_people(&self.default().unwrap_or_default()),
        }
    }

    /// The help.
    pub(super) fn help(&self) -> &'static str {
        self.help.trim().trim_end_matches('.')
    }

    /// The help in the demo, if the demo has its own value.
    pub(super) fn demo_help(&self) -> Option<&'static str> {
        self.demo_help
    }

    /// A value in the form that logs may show.
    pub(super) fn shown(&self, text: &str) -> String {
        self.mask.map_or_else(|| text.to_owned(), |mask| mask(text))
    }

    /// A value in the form that messages may show.
    pub(super) fn quoted(&self, text: &str) -> String {
        self.mask.map_or_else(|| format!("{text:?}"), |mask| mask(text))
    }
}

/// The prefix of all environment variables.
pub(super) const PREFIX: &str = "MEMORANDA_";

/// The environment variable of the setting with that key.
pub(super) fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase().replace('-', "_"))
}
