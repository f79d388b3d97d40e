//! Rules for text that people type.

/// Why a text is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextProblem {
    /// Nothing but white space.
    Empty,
    /// More characters than allowed.
    TooLong {
        /// How many characters are allowed.
        max: usize,
    },
    /// It contains the character U+0000, which PostgreSQL cannot store.
    Nul,
}

impl std::fmt::Display for TextProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => write!(f, "must not be empty"),
            Self::TooLong { max } => write!(f, "must have at most {max} characters"),
            Self::Nul => write!(f, "must not contain the character U+0000"),
        }
    }
}

/// Longest reason of a deletion or a hold, in characters.
pub const MAX_REASON: usize = 2_000;
/// Longest name of a matter, in characters.
pub const MAX_MATTER: usize = 100;
/// Longest conclusion, in characters.
pub const MAX_NOTE: usize = 20_000;
/// Longest description of a memo, in characters.
pub const MAX_DESCRIPTION: usize = 20_000;
/// Longest comment, in characters.
pub const MAX_COMMENT: usize = 10_000;
/// Longest name, in characters.
pub const MAX_NAME: usize = 250;
/// Longest description of a task or a project, in characters.
pub const MAX_WORK_DESCRIPTION: usize = 20_000;

/// A text that must say something: trimmed, at most `max` characters.
///
/// # Errors
/// [`TextProblem`] if it is empty, too long or contains U+0000.
pub fn required(text: &str, max: usize) -> Result<String, TextProblem> {
    optional(Some(text), max)?.ok_or(TextProblem::Empty)
}

/// A text that may be left out; white space alone counts as left out.
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
