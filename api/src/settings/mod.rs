//! Settings: from a flag, an environment variable, the settings file or a default, in that order.
//!
//! [`table`], [`limits`], [`defences`] and [`watching`] say once what each setting is. A command
//! lists the [`groups`] that it takes ([`Scope`]) and gets its flags and its help from them
//! ([`Given`]); reading joins in the settings file ([`Values`]). Every refusal names the setting,
//! its value, where that came from, and the remedy.

mod assembled;
pub mod defences;
mod error;
mod file;
mod flags;
pub mod groups;
mod kinds;
pub mod limits;
mod names;
mod setting;
pub mod table;
#[cfg(test)]
mod tests;
mod values;
pub mod watching;

pub use error::SettingError;
pub use flags::{Given, Scope};
pub use kinds::{LogFormat, sqlite_file, sqlite_url};
pub use names::unknown_variables;
pub use setting::{About, Group, Setting};
pub use values::{Origin, Value, Values};
