//! Writes bytes that arrive in pieces. They are stored part by part.

use super::limit::Limit;
use crate::{Error, Result};
use object_store::{ObjectStore, buffered::BufWriter, path::Path};
use std::sync::Arc;
use tokio::io::AsyncWriteExt;

/// The size of a part in bytes, unless the store requires more. At most two parts are in memory:
/// one is being stored while the other is being filled.
pub(super) const PART: usize = 256 * 1024;

/// The smallest part that S3 accepts, in bytes.
pub(super) const PART_OF_BUCKET: usize = 5 * 1024 * 1024;

/// An object that is being written. It does not exist until [`finish`](Self::finish).
#[derive(Debug)]
pub struct Writer {
    /// `None` after it is finished, or after that has failed.
    parts: Option<BufWriter>,
    /// The size of a part in bytes.
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

    /// Adds bytes. They are copied. Otherwise each small piece would keep its whole network buffer
    /// alive.
    ///
    /// # Errors
    /// Returns errors of the store.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let Some(parts) = &mut self.parts else { return Err(over()) };
        // Each call stores at most one part, because the library waits for the previous part only
        // once per call.
        for piece in bytes.chunks(self.part) {
            self.limit.keep(async { parts.write_all(piece).await.map_err(of_store) }).await?;
        }
        Ok(())
    }

    /// Creates the object from what was written. If the store refuses, what was written is removed.
    /// If the store does not answer, the bucket's own rule removes it.
    ///
    /// # Errors
    /// Returns errors of the store.
    pub async fn finish(&mut self) -> Result<()> {
        let mut parts = self.parts.take().ok_or_else(over)?;
        self.limit.for_bytes().keep(async { parts.shutdown().await.map_err(of_store) }).await
    }

    /// Removes what was written.
    ///
    /// # Errors
    /// Returns errors of the store.
    pub async fn abort(&mut self) -> Result<()> {
        match self.parts.take() {
            Some(mut parts) => self.limit.keep(parts.abort()).await,
            None => Ok(()),
        }
    }
}

fn over() -> Error {
    Error::Inconsistent("bytes were written after the end".to_owned())
}

/// Converts an error of the store into one of the interface for writing.
fn of_store(error: std::io::Error) -> object_store::Error {
    error.downcast().unwrap_or_else(|error| object_store::Error::Generic {
        store: "file store",
        source: error.into(),
    })
}
