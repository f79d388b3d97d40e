//! The result of a check.

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use std::fmt::{self, Display};

/// The outcome of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Outcome {
    /// There is nothing to do.
    Ok,
    /// The server works, but an operator should look at it.
    Warning,
    /// The server does not work, or works wrongly.
    Fail,
}

/// The result of a check.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    /// What was checked.
    part: &'static str,
    /// The outcome.
    pub(super) outcome: Outcome,
    /// What was found, and the remedy.
    text: String,
}

impl Finding {
    pub(super) fn ok(part: &'static str, text: impl Display) -> Self {
        Self { part, outcome: Outcome::Ok, text: text.to_string() }
    }

    pub(super) fn warning(part: &'static str, text: impl Display) -> Self {
        Self { part, outcome: Outcome::Warning, text: text.to_string() }
    }

    pub(super) fn fail(part: &'static str, text: impl Display) -> Self {
        Self { part, outcome: Outcome::Fail, text: text.to_string() }
    }
}

impl Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (outcome, color) = match self.outcome {
            Outcome::Ok => ("ok", AnsiColor::Green),
            Outcome::Warning => ("warning", AnsiColor::Yellow),
            Outcome::Fail => ("FAIL", AnsiColor::Red),
        };
        let style = Style::new().fg_color(Some(color.into()));
        write!(f, "{style}{outcome:<8}{style:#} {:<11} {}", self.part, self.text)
    }
}
