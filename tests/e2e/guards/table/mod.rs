//! Every guarded field, one file per capability.
//!
//! In the documents, `$memo` is a memo from the author to the recipient, `$user` is the author, and
//! `$record` and `$hold` are unused ids.

mod accounts;
mod catalogue;
mod deletion;
mod discussion;
mod files;
mod live;
mod notifications;
mod people;
mod reading;
mod work;
mod writing;

/// A guarded field: its place, a document that reaches it, who may read it and who may not.
pub struct Guarded {
    pub field: &'static str,
    pub document: &'static str,
    pub allowed: &'static [&'static str],
    pub refused: &'static [&'static str],
}

pub const EVERYBODY: &[&str] = &["author", "recipient", "subscriber", "stranger", "chief", "admin"];
/// Anonymous clients too.
pub const ANYBODY: &[&str] =
    &["author", "recipient", "subscriber", "stranger", "chief", "admin", "anonymous"];
pub const ALL_BUT_ADMIN: &[&str] = &["author", "recipient", "subscriber", "stranger", "chief"];

/// All guarded fields.
pub fn guarded() -> impl Iterator<Item = &'static Guarded> {
    [
        deletion::GUARDED,
        reading::GUARDED,
        writing::GUARDED,
        work::GUARDED,
        discussion::GUARDED,
        catalogue::GUARDED,
        people::GUARDED,
        files::GUARDED,
        notifications::GUARDED,
        live::GUARDED,
        accounts::GUARDED,
    ]
    .into_iter()
    .flatten()
}
