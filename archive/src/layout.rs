//! Where things are in an archive.

use crate::tables::Table;

/// The name of the manifest.
pub(crate) const MANIFEST: &str = "manifest.json";

/// The folder of the tables.
pub(crate) const TABLES: &str = "tables";

/// The folder of the bytes of files.
pub(crate) const FILES: &str = "files";

/// The folder of what is being written. A complete archive has none.
pub(crate) const UNFINISHED: &str = "unfinished";

/// The place of a table.
pub(crate) fn of_table(table: &Table) -> String {
    format!("{TABLES}/{}.ndjson", table.name)
}

/// The place of a content, by its SHA-256. A level of folders keeps each folder small.
pub(crate) fn of_content(sha256: &str) -> String {
    let (first, _) = sha256.split_at_checked(2).unwrap_or((sha256, ""));
    format!("{FILES}/{first}/{sha256}")
}

/// Whether the text is a SHA-256: 64 lower-case hexadecimal digits.
pub(crate) fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
