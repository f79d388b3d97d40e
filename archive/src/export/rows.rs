//! Writes the rows of a table.

use super::Target;
use crate::{
    Error, Result, layout,
    line::{self, LONGEST},
    manifest::TableFile,
    snapshot::Snapshot,
    tables::Table,
};
use service::progress::Progress;
use sha2::{Digest, Sha256};
use std::io::Write;

/// Writes the file of a table.
pub(super) async fn write(
    snapshot: &Snapshot,
    table: &'static Table,
    target: &mut Target,
    progress: &dyn Progress,
) -> Result<TableFile> {
    let mut draft = target.drafts().begin()?;
    let mut file = TableFile {
        table: table.name.to_owned(),
        file: layout::of_table(table),
        rows: 0,
        bytes: 0,
        sha256: String::new(),
    };
    let (mut hash, mut lines) = (Sha256::new(), Vec::new());
    let mut pages = snapshot.rows(table).await?;
    while let Some(page) = pages.next().await? {
        lines.clear();
        for row in &page {
            let before = lines.len();
            line::write(table, row, &mut lines).map_err(service::Error::Json)?;
            if lines.len() - before > LONGEST {
                return Err(Error::refused(format_args!(
                    "{}: the row after {} others in the order of the key has more than {} MiB. No \
                     version of memoranda writes such a row: shorten its texts",
                    table.name,
                    file.rows,
                    LONGEST >> 20
                )));
            }
            file.rows += 1;
        }
        hash.update(&lines);
        file.bytes += lines.len() as u64;
        draft.write_all(&lines).map_err(|error| draft.failure(error))?;
        progress.advance(page.len() as u64);
    }
    file.sha256 = hex::encode(hash.finalize());
    target.keep(draft, &file.file)?;
    Ok(file)
}
