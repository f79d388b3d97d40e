//! What Memoranda does. Each folder is one capability.
//!
//! Every function takes the [`Services`] first, then the [`Viewer`] on whose behalf it acts. Each
//! operation has its own error, which lists its refusals. [`Error`] is an internal error.

pub mod access;
pub mod accounts;
pub mod attachments;
pub mod blobs;
pub mod catalogue;
pub mod clock;
pub mod database;
pub mod deleted_memos;
pub mod demo_office;
pub mod directory;
pub mod discussion;
mod error;
pub mod events;
pub mod feed;
pub mod files;
pub mod health;
pub mod holds;
pub mod idempotency;
pub mod ids;
pub mod installation;
pub mod ledger;
pub mod ledger_replay;
pub mod mail;
pub mod memo_deletion;
pub mod memos;
pub mod notifications;
pub mod observed_time;
pub mod page;
pub mod people;
pub mod person_erasure;
pub mod personal_data;
pub mod progress;

pub mod reassignment;
mod search_words;
mod services;
pub mod sign_in_check;
pub mod text;
mod verb_error;
pub mod work;

pub(crate) use error::code_of;
pub use error::{Error, Result};
pub use services::{Services, Viewer};
pub use verb_error::VerbError;
