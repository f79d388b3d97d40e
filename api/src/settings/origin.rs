//! Where values come from.

use super::row::variable;
use std::{fmt, path::PathBuf};

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The flag of the setting with that key.
    Flag(&'static str),
    /// The environment variable of the setting with that key.
    Variable(&'static str),
    /// A line of the settings file.
    File(PathBuf, usize),
    /// The folder of a demo.
    Demo(PathBuf),
    /// The default of the table: nobody gave a value.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(key) => write!(f, "flag --{key}"),
            Self::Variable(key) => write!(f, "environment variable {}", variable(key)),
            Self::File(path, line) => write!(f, "file {}, line {line}", path.display()),
            Self::Demo(folder) => write!(f, "the demo in {}", folder.display()),
            Self::Default => f.write_str("default"),
        }
    }
}
