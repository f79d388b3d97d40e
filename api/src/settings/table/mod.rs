//! The table: one row for each setting.

pub mod client_limits;
pub mod database;
pub mod document_limits;
pub mod files;
pub mod ledger;
pub mod limits;
pub mod mail;
pub mod observability;
pub mod rates;
pub mod schedule;
pub mod server;
pub mod sign_in;
pub mod tokens;

use super::{
    declare::FromSettings,
    groups::{Group, SERVING},
    row::Row,
};
use crate::auth::SignInSettings;
use client_limits::ClientLimits;
use document_limits::DocumentLimits;
use limits::Limits;
use rates::RateLimits;
use schedule::Schedule;
use service::{accounts::Recognition, database::DatabaseSettings};

/// The blocks of rows. Within a group, rows are in the order of this list.
const BLOCKS: &[&[&Row]] = &[
    server::ROWS,
    observability::ROWS,
    Schedule::ROWS,
    DatabaseSettings::ROWS,
    database::ROWS,
    tokens::ROWS,
    SignInSettings::ROWS,
    sign_in::ROWS,
    Recognition::ROWS,
    files::ROWS,
    ledger::ROWS,
    mail::ROWS,
    DocumentLimits::ROWS,
    Limits::ROWS,
    limits::ROWS,
    ClientLimits::ROWS,
    RateLimits::ROWS,
];

/// All settings, group by group.
pub(super) fn all() -> impl Iterator<Item = &'static Row> {
    SERVING.iter().flat_map(|group| in_group(*group))
}

/// The settings of a group.
pub(super) fn in_group(group: Group) -> impl Iterator<Item = &'static Row> {
    BLOCKS.iter().flat_map(|rows| rows.iter().copied()).filter(move |row| row.group == group)
}

/// The settings that a settings file may hold: all but its own path.
pub(super) fn in_file() -> impl Iterator<Item = &'static Row> {
    all().filter(|row| row.key != server::CONFIG.row.key)
}

/// The setting with that key, among those that a settings file may hold.
pub(super) fn find(key: &str) -> Option<&'static Row> {
    in_file().find(|row| row.key == key)
}
