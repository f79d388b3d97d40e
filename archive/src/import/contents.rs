//! The bytes of files: checked, then stored.

use super::{rows::Rows, source::Source};
use crate::{
    Error, Result,
    layout::{self, is_sha256},
    line::Cell,
    manifest::Manifest,
    tables::Table,
};
use service::{
    blobs::{self, FileStore},
    progress::{Progress, Unit},
};
use sha2::{Digest, Sha256};
use std::{collections::HashSet, fs::File, io::Read};

/// How many bytes are read at a time.
const PIECE: usize = 1 << 18;

/// How many rows are in memory at a time.
const PAGE: usize = 250;

/// A row of `blobs`.
pub(super) struct Content {
    sha256: String,
    pub(super) size: u64,
    location: String,
}

impl Content {
    /// Reads a row. Its hash is one, and its location is one of this content and no other place.
    pub(super) fn of_row(row: &[Cell]) -> Result<Self> {
        let [Cell::Text(sha256), Cell::Integer(size), Cell::Text(location), ..] = row else {
            return Err(Error::refused("blobs: a row has no hash, size and location"));
        };
        let size = u64::try_from(*size);
        match size {
            Ok(size) if is_sha256(sha256) && blobs::is_location_of(location, sha256) => {
                Ok(Self { sha256: sha256.clone(), size, location: location.clone() })
            }
            _ => Err(Error::refused(format_args!(
                "tables/blobs.ndjson: {sha256:?} with its size and the location {location:?} is no \
                 content"
            ))),
        }
    }

    /// Whether it is one of the contents that the archive lacks.
    pub(super) fn is_one_of(&self, missing: &HashSet<&str>) -> bool {
        missing.contains(self.sha256.as_str())
    }
}

/// The hashes of the contents that the archive lacks, according to its manifest.
pub(super) fn missing(manifest: &Manifest) -> HashSet<&str> {
    manifest.missing.iter().map(|missing| missing.sha256.as_str()).collect()
}

/// Whether the archive has the bytes.
pub(super) fn check(source: &Source, content: &Content) -> Result<()> {
    let mut bytes = Bytes::open(source, content)?;
    while bytes.next()?.is_some() {}
    Ok(())
}

/// Stores the bytes of all contents. Each is stored whole or not at all, and replaces what an
/// interrupted import has left there.
pub(super) async fn store(
    source: &Source,
    manifest: &Manifest,
    store: &FileStore,
    progress: &dyn Progress,
) -> Result<()> {
    let Some(table) = Table::named("blobs") else { return Ok(()) };
    progress.begin("importing files", Some(manifest.contents.count), Unit::Files);
    let missing = missing(manifest);
    let mut rows = Rows::open(source, manifest, table)?;
    while let Some(page) = rows.next(PAGE)? {
        for row in &page.rows {
            let content = Content::of_row(row)?;
            if !content.is_one_of(&missing) {
                store_one(source, store, &content).await?;
                progress.advance(1);
            }
        }
    }
    progress.end();
    Ok(())
}

async fn store_one(source: &Source, store: &FileStore, content: &Content) -> Result<()> {
    let mut bytes = Bytes::open(source, content)?;
    let mut writer = store.writer(&content.location);
    loop {
        match bytes.next() {
            Ok(Some(piece)) => writer.write(piece).await?,
            Ok(None) => break,
            Err(error) => {
                writer.abort().await?;
                return Err(error);
            }
        }
    }
    Ok(writer.finish().await?)
}

/// The bytes of a content in an archive.
struct Bytes {
    name: String,
    file: File,
    left: u64,
    hash: Sha256,
    sha256: String,
    piece: Vec<u8>,
}

impl Bytes {
    fn open(source: &Source, content: &Content) -> Result<Self> {
        let name = layout::of_content(&content.sha256);
        let (file, size) = source.open(&name)?;
        let bytes = Self {
            name,
            file,
            left: content.size,
            hash: Sha256::new(),
            sha256: content.sha256.clone(),
            piece: vec![0; PIECE],
        };
        if size == content.size { Ok(bytes) } else { Err(bytes.refused()) }
    }

    /// The next bytes. `None` after the last ones; then they were those of the hash.
    fn next(&mut self) -> Result<Option<&[u8]>> {
        let read = self.file.read(&mut self.piece);
        let read = read.map_err(Error::of_file(self.name.as_ref()))?;
        let piece = self.piece.get(..read).unwrap_or_default();
        self.hash.update(piece);
        let left = self.left.checked_sub(read as u64);
        self.left = left.unwrap_or_default();
        let is_end = read == 0;
        let is_wrong = left.is_none()
            || is_end && (self.left > 0 || hex::encode(self.hash.finalize_reset()) != self.sha256);
        if is_wrong {
            return Err(self.refused());
        }
        Ok((!is_end).then(|| self.piece.get(..read).unwrap_or_default()))
    }

    fn refused(&self) -> Error {
        Error::refused(format_args!(
            "{} does not have the bytes of its name: copy the archive again, or export again",
            self.name
        ))
    }
}
