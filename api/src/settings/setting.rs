//! What a setting is: a row of the table, and how its text becomes a value.

use super::{
    accepts::{Accepts, Unit, WholeNumber},
    groups::Group,
    parse::{ratio_of, switch_of},
};

/// A setting whose values are `T`s.
#[derive(Debug, Clone, Copy)]
pub struct Setting<T> {
    /// What holds for settings of every type.
    pub row: Row,
    convert: Convert<T>,
}

/// What a setting is for its users. Flag, environment variable, key, help, messages, the sample
/// file and the reference come from it.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The flag without its dashes, and the key in the settings file.
    pub key: &'static str,
    /// Where it is listed.
    pub group: Group,
    help: &'static str,
    demo_help: Option<&'static str>,
    /// What its values are.
    pub(super) accepts: Accepts,
    default: Fallback,
    mask: Option<fn(&str) -> String>,
}

/// How an accepted text becomes a value.
#[derive(Debug, Clone, Copy)]
enum Convert<T> {
    Number(fn(u64, Unit) -> T),
    Text(fn(&str) -> Option<T>),
}

/// The value of a setting that is not given.
#[derive(Debug, Clone, Copy)]
enum Fallback {
    None,
    Number(u64),
    Text(&'static str),
    /// A number that another part of the program defines, and words for it if it depends on the
    /// machine.
    Computed(fn() -> u64, Option<&'static str>),
}

/// Numbers from `from` to `to`, both included.
pub(super) const fn number<T: WholeNumber>(from: u64, to: u64) -> Setting<T> {
    whole(Unit::One, from, to)
}

/// Numbers of bytes.
pub(super) const fn bytes<T: WholeNumber>(from: u64, to: u64) -> Setting<T> {
    whole(Unit::Bytes, from, to)
}

/// Durations in seconds.
pub(super) const fn seconds<T: WholeNumber>(from: u64, to: u64) -> Setting<T> {
    whole(Unit::Seconds, from, to)
}

/// Durations in minutes.
pub(super) const fn minutes<T: WholeNumber>(from: u64, to: u64) -> Setting<T> {
    whole(Unit::Minutes, from, to)
}

/// Durations in hours.
pub(super) const fn hours<T: WholeNumber>(from: u64, to: u64) -> Setting<T> {
    whole(Unit::Hours, from, to)
}

/// Durations in days.
pub(super) const fn days<T: WholeNumber>(from: u64, to: u64) -> Setting<T> {
    whole(Unit::Days, from, to)
}

const fn whole<T: WholeNumber>(unit: Unit, from: u64, to: u64) -> Setting<T> {
    assert!(from <= to && to <= T::MAX, "the range does not fit into the type");
    let accepts = Accepts::Whole { from, to, unit, zero: None, hint: None };
    Setting::new(accepts, Convert::Number(T::from_number))
}

/// A part of a whole: a number from 0 to 1.
pub(super) const fn ratio() -> Setting<f64> {
    Setting::new(Accepts::Ratio, Convert::Text(ratio_of))
}

/// `true` or `false`.
pub(super) const fn switch() -> Setting<bool> {
    one_of(&["true", "false"], switch_of)
}

/// `on` or `off`.
pub(super) const fn on_off() -> Setting<bool> {
    one_of(&["on", "off"], switch_of)
}

/// One of these words.
pub(super) const fn one_of<T>(
    words: &'static [&'static str],
    parse: fn(&str) -> Option<T>,
) -> Setting<T> {
    Setting::new(Accepts::OneOf(words), Convert::Text(parse))
}

/// Texts that `parse` accepts. `expects` says which they are, to follow "give"; `placeholder`
/// stands for them in the help.
pub(super) const fn text<T>(
    placeholder: &'static str,
    expects: &'static str,
    parse: fn(&str) -> Option<T>,
) -> Setting<T> {
    Setting::new(Accepts::Text { placeholder, expects }, Convert::Text(parse))
}

impl<T> Setting<T> {
    const fn new(accepts: Accepts, convert: Convert<T>) -> Self {
        let row = Row {
            key: "",
            group: Group::Common,
            help: "",
            demo_help: None,
            accepts,
            default: Fallback::None,
            mask: None,
        };
        Self { row, convert }
    }

    /// Makes it a row of the table.
    pub(super) const fn named(
        mut self,
        group: Group,
        key: &'static str,
        help: &'static str,
    ) -> Self {
        self.row.group = group;
        self.row.key = key;
        self.row.help = help;
        self
    }

    /// The number that holds if none is given.
    pub(super) const fn default(mut self, number: u64) -> Self {
        self.row.default = Fallback::Number(number);
        self
    }

    /// The text that holds if none is given.
    pub(super) const fn default_text(mut self, text: &'static str) -> Self {
        self.row.default = Fallback::Text(text);
        self
    }

    /// The number that holds if none is given, where another part of the program defines it.
    pub(super) const fn default_from(mut self, number: fn() -> u64) -> Self {
        self.row.default = Fallback::Computed(number, None);
        self
    }

    /// The same for a number that depends on the machine: `words` stand for it in the reference.
    pub(super) const fn default_by(mut self, words: &'static str, number: fn() -> u64) -> Self {
        self.row.default = Fallback::Computed(number, Some(words));
        self
    }

    /// What 0 means.
    pub(super) const fn zero(mut self, meaning: &'static str) -> Self {
        if let Accepts::Whole { ref mut zero, .. } = self.row.accepts {
            *zero = Some(meaning);
        }
        self
    }

    /// How to choose among the numbers.
    pub(super) const fn hint(mut self, advice: &'static str) -> Self {
        if let Accepts::Whole { ref mut hint, .. } = self.row.accepts {
            *hint = Some(advice);
        }
        self
    }

    /// How values are shown in messages and logs: they hold secrets.
    pub(super) const fn masked(mut self, mask: fn(&str) -> String) -> Self {
        self.row.mask = Some(mask);
        self
    }

    /// The help of the demo, which has a value of its own instead of the default.
    pub(super) const fn in_demo(mut self, help: &'static str) -> Self {
        self.row.demo_help = Some(help);
        self
    }

    /// The value that the text stands for; `None` if it is not one of this setting's.
    pub(super) fn parse(&self, text: &str) -> Option<T> {
        match self.convert {
            Convert::Number(convert) => {
                self.row.accepts.number(text).map(|(number, unit)| convert(number, unit))
            }
            Convert::Text(convert) => convert(text),
        }
    }

    /// The default, for a setting that has one.
    pub(super) fn default_value(&self) -> T {
        match self.row.default().and_then(|text| self.parse(&text)) {
            Some(value) => value,
            // The table is part of the program, and a test reads each default.
            None => unreachable!("{} has no default that it accepts", self.row.key),
        }
    }
}

impl Row {
    /// The environment variable.
    pub fn variable(&self) -> String {
        variable(self.key)
    }

    /// The text that holds if none is given.
    pub(super) fn default(&self) -> Option<String> {
        match self.default {
            Fallback::None => None,
            Fallback::Number(number) => Some(number.to_string()),
            Fallback::Text(text) => Some(text.to_owned()),
            Fallback::Computed(number, _) => Some(number().to_string()),
        }
    }

    /// The default as people read it: `52428800 (50 MiB)`, `none`, `four for each core`.
    pub(super) fn default_for_people(&self) -> String {
        match self.default {
            Fallback::Computed(_, Some(words)) => words.to_owned(),
            Fallback::None | Fallback::Text("") => "none".to_owned(),
            _ => self.accepts.for_people(&self.default().unwrap_or_default()),
        }
    }

    /// What the setting is for.
    pub(super) fn help(&self) -> &'static str {
        self.help.trim().trim_end_matches('.')
    }

    /// What the setting is for in the demo, if the demo has a value of its own.
    pub(super) fn demo_help(&self) -> Option<&'static str> {
        self.demo_help
    }

    /// A value as logs may show it.
    pub(super) fn shown(&self, text: &str) -> String {
        self.mask.map_or_else(|| text.to_owned(), |mask| mask(text))
    }

    /// A value as messages may show it.
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
