//! Checks a whole archive before anything is written.

use super::{
    contents::{self, Content},
    rows::Rows,
    source::Source,
};
use crate::{
    Error, Result, layout,
    manifest::{Contents, Manifest},
    snapshot::NUMBERED,
    tables::{TABLES, Table},
};
use service::progress::{Progress, Unit};

/// How many rows are in memory at a time.
const PAGE: usize = 250;

/// Reads every byte of the archive. Afterwards, each row has the columns and values that its table
/// has, and each file has its content.
pub(super) fn verify(source: &Source, manifest: &Manifest, progress: &dyn Progress) -> Result<()> {
    let in_folder = source.check_names()?;
    let rows = manifest.tables.iter().map(|file| file.rows).sum();
    progress.begin("checking rows", Some(rows), Unit::Rows);
    for table in TABLES {
        let mut rows = Rows::open(source, manifest, table)?;
        while let Some(page) = rows.next(PAGE)? {
            progress.advance(page.rows.len() as u64);
        }
    }
    for (table, last) in &manifest.sequences {
        if !NUMBERED.contains(&table.as_str()) || !(0..i64::MAX).contains(last) {
            return Err(Error::refused(format_args!(
                "{}: {table:?} cannot have given out the number {last}",
                layout::MANIFEST
            )));
        }
    }
    progress.begin("checking files", Some(manifest.contents.count), Unit::Files);
    let mut found = Contents::default();
    let Some(table) = Table::named("blobs") else { return Ok(()) };
    let missing = contents::missing(manifest);
    let mut rows = Rows::open(source, manifest, table)?;
    while let Some(page) = rows.next(PAGE)? {
        for row in &page.rows {
            let content = Content::of_row(row)?;
            if content.is_one_of(&missing) {
                continue;
            }
            contents::check(source, &content)?;
            found.count += 1;
            found.bytes += content.size;
            progress.advance(1);
        }
    }
    progress.end();
    if found != manifest.contents || in_folder != found.count {
        return Err(Error::refused(format_args!(
            "the archive has {in_folder} contents of files, but its tables know {} with {} bytes, \
             and its manifest says {} with {}: take the archive from `memoranda export` as it is",
            found.count, found.bytes, manifest.contents.count, manifest.contents.bytes
        )));
    }
    Ok(())
}
