//! What a check found.

use std::fmt::{self, Display};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Health {
    /// Nothing to do.
    Well,
    /// The server works, and yet somebody should look at it.
    Warning,
    /// The server does not work, or not rightly.
    Broken,
}

/// What a check found.
#[derive(Debug)]
pub(super) struct Finding {
    /// What was checked.
    part: &'static str,
    /// How bad it is.
    pub(super) health: Health,
    /// What was found, and the remedy.
    text: String,
}

impl Finding {
    pub(super) fn well(part: &'static str, text: impl Display) -> Self {
        Self { part, health: Health::Well, text: text.to_string() }
    }

    pub(super) fn warning(part: &'static str, text: impl Display) -> Self {
        Self { part, health: Health::Warning, text: text.to_string() }
    }

    pub(super) fn broken(part: &'static str, text: impl Display) -> Self {
        Self { part, health: Health::Broken, text: text.to_string() }
    }
}

impl Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let health = match self.health {
            Health::Well => "well",
            Health::Warning => "warning",
            Health::Broken => "BROKEN",
        };
        write!(f, "{health:<8} {:<11} {}", self.part, self.text)
    }
}
