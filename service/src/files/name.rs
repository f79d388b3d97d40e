//! Names of files that people send.

use crate::text::{self, TextProblem, is_control, turns_direction};

/// The name under which a file is stored. Leading folders and invisible characters are removed.
///
/// # Errors
/// [`TextProblem`] if nothing visible is left, or more than [`text::MAX_NAME`] characters.
pub fn name(given: &str) -> Result<String, TextProblem> {
    let visible = |c: &char| !is_control(*c) && !turns_direction(*c);
    let base = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = base.chars().filter(visible).collect();
    match name.trim() {
        "." | ".." => Err(TextProblem::Empty),
        name => text::name(name),
    }
}
