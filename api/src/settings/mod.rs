//! Settings: from a flag, an environment variable, the settings file or a default, in that order.
//!
//! [`table`] has one row for each setting. From the row come the flag and its help
//! ([`SettingArgs`]), the environment variable, the key in the settings file, all messages, the
//! sample file ([`template`]) and `docs/settings.md` ([`reference()`]). A command names the groups
//! that it takes ([`Scope`]); reading adds the settings file ([`Values`]). Every message about a
//! wrong value names the setting, the value, its origin and the remedy.

mod accepts;
mod args;
mod build;
mod declare;
mod error;
mod file;
mod groups;
mod listing;
mod names;
mod origin;
mod parse;
mod reference;
mod row;
mod setting;
pub mod table;
#[cfg(test)]
mod tests;
mod values;

pub use args::{Scope, SettingArgs};
pub use declare::FromSettings;
pub use error::SettingError;
pub use groups::{Group, SERVING};
pub use names::unknown_variables;
pub use origin::Origin;
pub use parse::{LogFormat, sqlite_file};
pub use reference::{reference, template};
pub use row::Row;
pub use setting::Setting;
pub use table::{
    client_limits::ClientLimits,
    document_limits::DocumentLimits,
    limits::{LOCAL_PAGES, Limits},
    rates::RateLimits,
    schedule::Schedule,
};
pub use values::{Value, Values};
