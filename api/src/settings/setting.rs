//! The type of a setting, and the functions with which a row of the table describes its values.

use super::{
    accepts::{Accepts, Unit, WholeNumber},
    groups::Group,
    parse::{ratio_of, switch_of},
    row::{Fallback, Row},
};

/// A setting whose values are `T`s.
#[derive(Debug, Clone, Copy)]
pub struct Setting<T> {
    /// The parts that do not depend on the type.
    pub row: Row,
    convert: Convert<T>,
}

/// How an accepted text becomes a value.
#[derive(Debug, Clone, Copy)]
enum Convert<T> {
    Number(fn(u64, Unit) -> T),
    Text(fn(&str) -> Option<T>),
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

/// A ratio: a number from 0 to 1.
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

/// Texts that `parse` accepts. `expects` describes them and follows "give"; `placeholder`
/// represents them in the help.
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

    /// Sets the default number.
    pub(super) const fn default(mut self, number: u64) -> Self {
        self.row.default = Fallback::Number(number);
        self
    }

    /// Sets the default text.
    pub(super) const fn default_text(mut self, text: &'static str) -> Self {
        self.row.default = Fallback::Text(text);
        self
    }

    /// Takes the default number from another part of the program.
    pub(super) const fn default_from(mut self, number: fn() -> u64) -> Self {
        self.row.default = Fallback::Computed(number, None);
        self
    }

    /// The same for a number that depends on the machine. The reference shows `words` instead.
    pub(super) const fn default_by(mut self, words: &'static str, number: fn() -> u64) -> Self {
        self.row.default = Fallback::Computed(number, Some(words));
        self
    }

    /// Says what 0 means.
    pub(super) const fn zero(mut self, meaning: &'static str) -> Self {
        if let Accepts::Whole { ref mut zero, .. } = self.row.accepts {
            *zero = Some(meaning);
        }
        self
    }

    /// Adds advice about how to choose a number.
    pub(super) const fn hint(mut self, advice: &'static str) -> Self {
        if let Accepts::Whole { ref mut hint, .. } = self.row.accepts {
            *hint = Some(advice);
        }
        self
    }

    /// Masks values in messages and logs, because they hold secrets.
    pub(super) const fn masked(mut self, mask: fn(&str) -> String) -> Self {
        self.row.mask = Some(mask);
        self
    }

    /// Sets the help of the demo, which has its own value instead of the default.
    pub(super) const fn in_demo(mut self, help: &'static str) -> Self {
        self.row.demo_help = Some(help);
        self
    }

    /// The value of the text; `None` if the setting does not accept it.
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
