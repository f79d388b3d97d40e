//! The tables of Memoranda, one file each, without behaviour.
//!
//! Each field documents its column. `migration` contains what the database guarantees: keys, checks
//! and triggers.

pub mod blob;
pub mod blob_removal;
pub mod comment;
pub mod credential;
pub mod deal;
pub mod deleted_memo;
pub mod erased_identity;
pub mod file;
pub mod idempotency_key;
pub mod identity;
pub mod imported_row;
pub mod installation;
pub mod kinds;
pub mod ledger;
pub mod ledger_entry;
pub mod mail;
pub mod mail_opt_out;
pub mod memo;
pub mod memo_deletion;
pub mod memo_deletion_missing;
pub mod memo_event;
pub mod memo_file;
pub mod memo_hold;
pub mod memo_id;
pub mod memo_reassignment;
pub mod memo_subscriber;
pub mod memo_tag;
pub mod notification;
pub mod person_erasure;
pub mod project;
pub mod project_file;
pub mod project_member;
pub mod refused_deletion;
pub mod reminder;
pub mod resolution;
pub mod session;
pub mod tag;
pub mod task;
pub mod task_file;
pub mod task_member;
pub mod unread_mark;
pub mod user;

pub use kinds::*;
