//! Rules for text that people type.

use icu_properties::{
    CodePointSetData,
    props::{BidiControl, DefaultIgnorableCodePoint},
};

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextProblem {
    /// It contains only white space.
    Empty,
    /// It has more characters than allowed.
    TooLong {
        /// The maximum number of characters.
        max: usize,
    },
    /// It contains the character U+0000, which PostgreSQL cannot store.
    Nul,
    /// A name contains a control character, such as a line break.
    Control,
    /// A name contains a character that changes the direction of the following text. For example,
    /// `fdp.exe` then looks like `exe.pdf`.
    TurnsDirection,
    /// A name has no visible character.
    Invisible,
}

impl std::fmt::Display for TextProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => write!(f, "must not be empty"),
            Self::TooLong { max } => write!(f, "must have at most {max} characters"),
            Self::Nul => write!(f, "must not contain the character U+0000"),
            Self::Control => write!(f, "must not contain control characters, such as line breaks"),
            Self::TurnsDirection => {
                write!(
                    f,
                    "must not contain characters that turn the direction of text, such as U+202E"
                )
            }
            Self::Invisible => write!(f, "must contain a character that can be seen"),
        }
    }
}

/// The maximum length of a reason for a deletion or a hold, in characters.
pub const MAX_REASON: usize = 2_000;
/// The maximum length of a reason for an erasure, in characters. The reason stays for ever.
pub const MAX_ERASURE_REASON: usize = 250;
/// The maximum length of the name of a matter, in characters.
pub const MAX_MATTER: usize = 100;
/// The maximum length of a conclusion, in characters.
pub const MAX_CONCLUSION: usize = 20_000;
/// The maximum length of a memo's description, in characters.
pub const MAX_DESCRIPTION: usize = 20_000;
/// The maximum length of a comment, in characters.
pub const MAX_COMMENT: usize = 10_000;
/// The maximum length of a name, in characters.
pub const MAX_NAME: usize = 250;
/// The maximum length of a description of a task or project, in characters.
pub const MAX_WORK_DESCRIPTION: usize = 20_000;

/// The maximum length of an idempotency key, in characters.
pub const MAX_IDEMPOTENCY_KEY: usize = 128;

/// A required text: trimmed, not empty, at most `max` characters.
///
/// # Errors
/// [`TextProblem`] if it is empty, too long or contains U+0000.
pub fn required(text: &str, max: usize) -> Result<String, TextProblem> {
    optional(Some(text), max)?.ok_or(TextProblem::Empty)
}

/// An optional text. White space alone counts as no text.
///
/// # Errors
/// [`TextProblem`] if it is too long or contains U+0000.
pub fn optional(text: Option<&str>, max: usize) -> Result<Option<String>, TextProblem> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    if text.contains('\0') {
        return Err(TextProblem::Nul);
    }
    if text.chars().count() > max {
        return Err(TextProblem::TooLong { max });
    }
    Ok(Some(text.to_owned()))
}

/// A name: a [`required`] text of at most [`MAX_NAME`] characters. It has one line and is displayed
/// as it is stored.
///
/// # Errors
/// [`TextProblem`] if it is invalid.
pub fn name(text: &str) -> Result<String, TextProblem> {
    let name = required(text, MAX_NAME)?;
    if name.chars().any(is_control) {
        return Err(TextProblem::Control);
    }
    if name.chars().any(turns_direction) {
        return Err(TextProblem::TurnsDirection);
    }
    if !name.chars().any(is_visible) {
        return Err(TextProblem::Invisible);
    }
    Ok(name)
}

/// An idempotency key: 1 to [`MAX_IDEMPOTENCY_KEY`] characters on one line. It is used as it is,
/// so two keys that differ in white space are different.
///
/// # Errors
/// [`TextProblem`] if it is empty, too long or has control characters.
pub fn idempotency_key(text: &str) -> Result<&str, TextProblem> {
    if text.is_empty() {
        return Err(TextProblem::Empty);
    }
    if text.chars().any(is_control) {
        return Err(TextProblem::Control);
    }
    if text.chars().count() > MAX_IDEMPOTENCY_KEY {
        return Err(TextProblem::TooLong { max: MAX_IDEMPOTENCY_KEY });
    }
    Ok(text)
}

/// Whether it is a control character, or ends a line or a paragraph.
pub fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Whether the character changes the direction of the following text.
pub fn turns_direction(c: char) -> bool {
    CodePointSetData::new::<BidiControl>().contains(c)
}

/// Whether the character is visible. To Unicode, the blank Braille pattern is a symbol.
fn is_visible(c: char) -> bool {
    !(c.is_whitespace()
        || c == '\u{2800}'
        || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c))
}

#[cfg(test)]
mod tests {
    use super::{TextProblem, name};

    #[test]
    fn a_name_reads_as_it_is_stored() {
        for good in ["A", "Żółć", "हिन्दी", "שלום", "👩‍👩‍👧", "Zero\u{200d}width", "=?utf-8?q?a?="]
        {
            assert_eq!(name(good).as_deref(), Ok(good));
        }
        assert_eq!(name(" trimmed \r\n").as_deref(), Ok("trimmed"));
        for (problem, names) in [
            (
                TextProblem::Control,
                ["a\r\nb", "a\u{1b}[31mb", "a\tb", "a\u{85}b", "a\u{2028}b"].as_slice(),
            ),
            (TextProblem::TurnsDirection, &["a\u{202e}b", "\u{2066}a", "a\u{200f}", "\u{61c}a"]),
            (
                TextProblem::Invisible,
                &["\u{200b}", "\u{feff} \u{2060}", "\u{3164}", "\u{ad}", "\u{2800}"],
            ),
            (TextProblem::Empty, &["", " ", "\n"]),
            (TextProblem::Nul, &["a\0"]),
        ] {
            for bad in names {
                assert_eq!(name(bad), Err(problem), "{bad:?}");
            }
        }
    }
}
