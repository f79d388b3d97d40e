//! Which values a setting accepts. Parsing, messages and documentation read the same range.

use chrono::TimeDelta;
use std::{
    fmt::{self, Display},
    time::Duration,
};

/// Which values a setting accepts.
#[derive(Debug, Clone, Copy)]
pub(super) enum Accepts {
    /// Whole numbers in a range, both ends included.
    Whole {
        from: u64,
        to: u64,
        unit: Unit,
        /// What 0 means.
        zero: Option<&'static str>,
        /// How to choose.
        hint: Option<&'static str>,
    },
    /// Numbers from 0 to 1.
    Ratio,
    /// Words.
    OneOf(&'static [&'static str]),
    /// Texts.
    Text {
        /// The placeholder for a value in the help.
        placeholder: &'static str,
        /// What a value must be, to follow "give".
        expects: &'static str,
    },
}

/// What a whole number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    One,
    Bytes,
    Seconds,
    Minutes,
    Hours,
    Days,
}

impl Unit {
    /// The plural name; empty for plain numbers.
    fn name(self) -> &'static str {
        match self {
            Self::One => "",
            Self::Bytes => "bytes",
            Self::Seconds => "seconds",
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::Days => "days",
        }
    }

    /// How many seconds the unit has. Units that do not measure time count as seconds.
    fn seconds(self) -> u64 {
        match self {
            Self::One | Self::Bytes | Self::Seconds => 1,
            Self::Minutes => 60,
            Self::Hours => 3_600,
            Self::Days => 86_400,
        }
    }
}

/// A type that settings with whole numbers can have.
pub(super) trait WholeNumber {
    /// The largest number that it holds.
    const MAX: u64;

    /// The value for that number of units.
    fn from_number(number: u64, unit: Unit) -> Self;
}

impl WholeNumber for u64 {
    const MAX: u64 = Self::MAX;

    fn from_number(number: u64, _: Unit) -> Self {
        number
    }
}

impl WholeNumber for u32 {
    const MAX: u64 = Self::MAX as u64;

    fn from_number(number: u64, _: Unit) -> Self {
        Self::try_from(number).unwrap_or(Self::MAX)
    }
}

impl WholeNumber for usize {
    const MAX: u64 = Self::MAX as u64;

    fn from_number(number: u64, _: Unit) -> Self {
        Self::try_from(number).unwrap_or(Self::MAX)
    }
}

impl WholeNumber for Duration {
    const MAX: u64 = u64::MAX;

    fn from_number(number: u64, unit: Unit) -> Self {
        Self::from_secs(number.saturating_mul(unit.seconds()))
    }
}

impl WholeNumber for TimeDelta {
    const MAX: u64 = u64::MAX;

    fn from_number(number: u64, unit: Unit) -> Self {
        Self::from_std(Duration::from_number(number, unit)).unwrap_or(Self::MAX)
    }
}

/// `None` for 0.
impl<T: WholeNumber> WholeNumber for Option<T> {
    const MAX: u64 = T::MAX;

    fn from_number(number: u64, unit: Unit) -> Self {
        (number > 0).then(|| T::from_number(number, unit))
    }
}

impl Accepts {
    /// The number in the text, if it is in the range.
    pub(super) fn number(&self, text: &str) -> Option<(u64, Unit)> {
        let Self::Whole { from, to, unit, .. } = *self else { return None };
        let number = text.parse().ok().filter(|number| (from..=to).contains(number))?;
        Some((number, unit))
    }

    /// The placeholder for a value in the help.
    pub(super) fn placeholder(&self) -> String {
        match self {
            Self::Whole { unit: Unit::One, .. } => "NUMBER".to_owned(),
            Self::Whole { unit, .. } => unit.name().to_uppercase(),
            Self::Ratio => "RATIO".to_owned(),
            Self::OneOf(words) => words.join("|"),
            Self::Text { placeholder, .. } => (*placeholder).to_owned(),
        }
    }

    /// Whether a settings file may spell the value `true` or `false` without quotes.
    pub(super) fn is_boolean(&self) -> bool {
        matches!(self, Self::OneOf(words) if words.contains(&"true"))
    }

    /// A value as a settings file writes it.
    pub(super) fn in_toml(&self, text: &str) -> String {
        match self {
            Self::Whole { .. } | Self::Ratio => text.to_owned(),
            Self::OneOf(_) if self.is_boolean() => text.to_owned(),
            _ => format!("{text:?}"),
        }
    }

    /// A value for people to read. Large numbers of bytes are also shown in larger units.
    pub(super) fn for_people(&self, text: &str) -> String {
        let Some((number, Unit::Bytes)) = self.number(text) else { return text.to_owned() };
        let units = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
        let larger = units.iter().find(|(unit, _)| number >= *unit && number.is_multiple_of(*unit));
        larger.map_or_else(
            || text.to_owned(),
            |(unit, name)| format!("{text} ({} {name})", number / unit),
        )
    }
}

/// What a value must be, to follow "give".
impl Display for Accepts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole { from, to, unit, zero, hint } => {
                f.write_str("a whole number")?;
                if *unit != Unit::One {
                    write!(f, " of {}", unit.name())?;
                }
                write!(f, " from {from}")?;
                if let Some(meaning) = zero {
                    write!(f, " ({meaning})")?;
                }
                write!(f, " to {to}")?;
                hint.map_or(Ok(()), |advice| write!(f, ": {advice}"))
            }
            Self::Ratio => f.write_str("a number from 0 to 1, such as 0.1"),
            Self::OneOf(words) => f.write_str(&words.join(" or ")),
            Self::Text { expects, .. } => f.write_str(expects),
        }
    }
}
