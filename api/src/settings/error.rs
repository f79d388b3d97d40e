//! What is wrong with a setting, where its value came from, and what to do.

use super::{origin::Origin, row::variable};
use std::path::PathBuf;

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingError {
    /// The setting does not accept the value.
    #[error("{key} is {shown} ({origin}): {problem}")]
    Wrong {
        /// The setting.
        key: &'static str,
        /// Its value, without secrets.
        shown: String,
        /// Where the value came from.
        origin: Origin,
        /// What is wrong, and the remedy.
        problem: String,
    },
    /// A setting without a default has no value.
    #[error(
        "{key} is not set: give {expects}, in the environment variable {variable}, under the key \
         {key} in the settings file, or with the flag --{key}",
        variable = variable(.key)
    )]
    Missing {
        /// The setting.
        key: &'static str,
        /// What its values are.
        expects: String,
    },
    /// The settings file cannot be read.
    #[error(
        "config is {path:?} ({origin}), which cannot be read ({error}): give the path of a TOML \
         file that can be read"
    )]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Where the path came from.
        origin: Origin,
        /// The error of the operating system.
        error: std::io::Error,
    },
    /// The settings file is not TOML.
    #[error("file {path}, line {line}: {message}: write one setting a line, such as listen = \
        \"127.0.0.1:8080\"", path = .path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Where parsing stopped.
        line: usize,
        /// What the parser expected there.
        message: String,
    },
    /// There is no such setting.
    #[error("file {path}, line {line}: there is no setting {key:?}: \
        {remedy}", path = .path.display())]
    Unknown {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// The unknown key.
        key: String,
        /// The setting that was probably meant, or the list of all.
        remedy: String,
    },
    /// The setting does not accept a value of this TOML type.
    #[error("file {path}, line {line}: {key} is {kind}: give {expects}", path = .path.display())]
    Kind {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// The setting.
        key: &'static str,
        /// The type of the value.
        kind: &'static str,
        /// What the setting accepts.
        expects: String,
    },
}
