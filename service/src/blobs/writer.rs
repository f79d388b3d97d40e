//! Writing bytes that arrive in pieces, a part at a time.

use super::limit::Limit;
use crate::{Error, Result};
use object_store::{ObjectStore, buffered::BufWriter, path::Path};
use std::sync::Arc;
use tokio::io::AsyncWriteExt;

/// Bytes of a part where the store does not ask for more. At most two parts are held in memory: one
/// that is being stored, and one that is filled meanwhile.
pub(super) const PART: usize = 256 * 1024;

/// The fewest bytes of a part that S3 takes.
pub(super) const PART_OF_BUCKET: usize = 5 * 1024 * 1024;

/// An object that is being written. Nothing is there until [`finish`](Self::finish).
#[derive(Debug)]
pub(crate) struct Writer {
    /// `None` once it is finished, or could not be.
    parts: Option<BufWriter>,
    /// How many bytes make a part.
    part: usize,
    limit: Limit,
}

impl Writer {
    pub(super) fn new(
        store: Arc<dyn ObjectStore>,
        location: Path,
        part: usize,
        limit: Limit,
    ) -> Self {
        let parts = BufWriter::with_capacity(store, location, part).with_max_concurrency(1);
        Self { parts: Some(parts), part, limit }
    }

    /// Adds bytes. They are copied: many small pieces would each keep the whole buffer that they
    /// came in.
    ///
    /// # Errors
    /// What the store answers.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let Some(parts) = &mut self.parts else { return Err(over()) };
        // The library waits for the part before at each call, however many parts the call makes.
        for piece in bytes.chunks(self.part) {
            self.limit.keep(async { parts.write_all(piece).await.map_err(of_store) }).await?;
        }
        Ok(())
    }

    /// Makes the object of what was written. If the store refuses, what was written is removed; if
    /// it does not answer, a bucket's own rule removes it.
    ///
    /// # Errors
    /// What the store answers.
    pub(crate) async fn finish(&mut self) -> Result<()> {
        let mut parts = self.parts.take().ok_or_else(over)?;
        self.limit.for_bytes().keep(async { parts.shutdown().await.map_err(of_store) }).await
    }

    /// Removes what was written.
    ///
    /// # Errors
    /// What the store answers.
    pub(crate) async fn abort(&mut self) -> Result<()> {
        match self.parts.take() {
            Some(mut parts) => self.limit.keep(parts.abort()).await,
            None => Ok(()),
        }
    }
}

fn over() -> Error {
    Error::Inconsistent("bytes were written after the end".to_owned())
}

/// The store's error in that of the interface for writing.
fn of_store(error: std::io::Error) -> object_store::Error {
    error.downcast().unwrap_or_else(|error| object_store::Error::Generic {
        store: "file store",
        source: error.into(),
    })
}
