//! Reads the file of a table, and checks each of its bytes.

use super::source::Source;
use crate::{
    Error, Result,
    line::{self, LONGEST, Row},
    manifest::{Manifest, TableFile},
    tables::Table,
};
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    path::PathBuf,
};

/// The rows of a table in an archive.
pub(super) struct Rows<'a> {
    table: &'static Table,
    expected: &'a TableFile,
    path: PathBuf,
    lines: BufReader<File>,
    hash: Sha256,
    /// What was read so far.
    rows: u64,
    bytes: u64,
    /// The last row, whose key comes before all others.
    last: Option<Row>,
}

/// Some rows, with the numbers of their lines.
pub(super) struct Page {
    /// The rows.
    pub(super) rows: Vec<Row>,
    /// The number of the first line.
    pub(super) first_line: u64,
}

impl<'a> Rows<'a> {
    /// Opens the file of a table.
    pub(super) fn open(
        source: &Source,
        manifest: &'a Manifest,
        table: &'static Table,
    ) -> Result<Self> {
        let expected = manifest.file_of(table)?;
        let (file, _) = source.open(&expected.file)?;
        Ok(Self {
            table,
            expected,
            path: source.path(&expected.file),
            lines: BufReader::with_capacity(1 << 16, file),
            hash: Sha256::new(),
            rows: 0,
            bytes: 0,
            last: None,
        })
    }

    /// The next rows. `None` after the last one; then the whole file was as the manifest says.
    pub(super) fn next(&mut self, at_most: usize) -> Result<Option<Page>> {
        let mut page = Page { rows: Vec::new(), first_line: self.rows + 1 };
        let mut text = Vec::new();
        while page.rows.len() < at_most {
            text.clear();
            let mut limited = (&mut self.lines).take(LONGEST as u64 + 1);
            limited.read_until(b'\n', &mut text).map_err(Error::of_file(&self.path))?;
            if text.is_empty() {
                break;
            }
            self.hash.update(&text);
            self.bytes += text.len() as u64;
            self.rows += 1;
            page.rows.push(self.row(&text)?);
        }
        if page.rows.is_empty() {
            return self.check().map(|()| None);
        }
        Ok(Some(page))
    }

    /// The row of a line.
    fn row(&mut self, text: &[u8]) -> Result<Row> {
        let Some(text) = text.strip_suffix(b"\n") else {
            let problem =
                if text.len() > LONGEST { "it is too long" } else { "its end is missing" };
            return Err(self.refused(problem));
        };
        let row = line::parse(self.table, text).map_err(|problem| self.refused(&problem))?;
        if let Some(last) = &self.last
            && !line::by_key(self.table, last, &row).is_lt()
        {
            return Err(self.refused("its key is there before, or is not in order"));
        }
        self.last = Some(row.iter().take(self.table.key).cloned().collect());
        Ok(row)
    }

    fn refused(&self, problem: &str) -> Error {
        Error::refused(format_args!("{}, line {}: {problem}", self.expected.file, self.rows))
    }

    fn check(&mut self) -> Result<()> {
        let TableFile { file, rows, bytes, sha256, .. } = self.expected;
        let hash = hex::encode(self.hash.finalize_reset());
        if (self.rows, self.bytes) != (*rows, *bytes) || hash != *sha256 {
            return Err(Error::refused(format_args!(
                "{file} is not as the manifest says: it has {} rows, {} bytes and the SHA-256 \
                 {hash}, instead of {rows}, {bytes} and {sha256}. Copy the archive again, or \
                 export again",
                self.rows, self.bytes
            )));
        }
        Ok(())
    }
}
