//! Archives: everything of an installation as files that outlive the program and its database.
//!
//! An archive is a folder, or the same as one tar:
//!
//! ```text
//! tables/users.ndjson       each table: a row is a line of JSON, in the order of the keys
//! files/ab/abcd…            the bytes of files, by their SHA-256
//! manifest.json             rows, bytes and hash of each table; written last
//! ```
//!
//! Nothing in it depends on the database that it comes from, or on the time of the export. So an
//! archive of SQLite is imported into PostgreSQL and the other way round, and the archive of an
//! imported archive has the same bytes. [`tables`] says what is in it, and what is left out and
//! why.

mod error;
mod export;
mod import;
mod layout;
mod line;
mod manifest;
mod sheet;
mod snapshot;
pub mod tables;

pub use error::{Error, Result};
pub use export::{Exported, Target, export};
pub use import::{Imported, Mode, Source, import};
pub use manifest::MissingContent;
pub use sheet::{write_memos as write_memo_sheet, write_memos_to_file as write_memo_sheet_to_file};
