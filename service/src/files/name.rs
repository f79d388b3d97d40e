//! Names of files as people give them.

use crate::text::{self, MAX_NAME, TextProblem};

/// Characters that turn the direction of what follows: with one of them `fdp.exe` reads as `exe.pdf`.
const TURNING: [char; 12] = [
    '\u{200e}', '\u{200f}', '\u{061c}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}',
    '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}',
];

/// The name under which a file is kept: without folders before it, without characters that nobody sees.
///
/// # Errors
/// [`TextProblem`] if nothing is left, or more than [`MAX_NAME`] characters.
pub fn name(given: &str) -> Result<String, TextProblem> {
    let visible = |c: &char| !c.is_control() && !TURNING.contains(c) && !matches!(c, '\u{2028}' | '\u{2029}');
    let base = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = base.chars().filter(visible).collect();
    match name.trim() {
        "." | ".." => Err(TextProblem::Empty),
        name => text::required(name, MAX_NAME),
    }
}
