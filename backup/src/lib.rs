//! Backups of an installation on SQLite, in one file, while a server runs; and their restore.
//!
//! A backup copies the database first and the files after it. So it has every file that the copy of
//! the database knows, and everything that was acknowledged before it began. Servers remove bytes
//! of erased files at any time, also between the two. Then the database is copied once more: if it
//! still has such a file, the file was lost before.
//!
//! A backup is a tar file, compressed with Zstandard. Its parts are, in this order:
//!
//! | part | what it is |
//! | --- | --- |
//! | `memoranda-backup.json` | the format, the version of the program, when the backup began |
//! | `files/<SHA-256>` | the bytes of a file, in any order |
//! | `memoranda.db` | the database, as one SQLite file |
//! | `end.json` | the hash of the database, the number of files, and which are lost |
//!
//! So a file that was cut off has no end, and every byte is under a hash.

mod check;
mod contents;
mod copy;
mod create;
mod error;
mod format;
mod places;
mod reader;
mod restore;
mod snapshot;
mod switch;
mod workspace;
mod writer;

pub use create::{Created, NewBackup, create};
pub use error::{Error, Result};
pub use places::{FilePlace, Places};
pub use restore::{Restored, restore};
pub use snapshot::has_installation;
