//! Writing bytes that arrive in pieces, a part at a time.

use super::limit::Limit;
use crate::Result;
use bytes::BytesMut;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload, path::Path};
use std::sync::Arc;

/// Bytes of a part, and most that are held in memory, where the store does not ask for more.
pub(super) const PART: usize = 256 * 1024;

/// The fewest bytes of a part that S3 takes.
pub(super) const PART_OF_BUCKET: usize = 5 * 1024 * 1024;

/// An object that is being written. Nothing is there until [`finish`](Self::finish).
#[derive(Debug)]
pub(crate) struct Writer {
    store: Arc<dyn ObjectStore>,
    location: Path,
    /// How many bytes make a part.
    part: usize,
    /// What waits for its part to be full.
    waiting: BytesMut,
    /// The parts so far; none as long as one is enough.
    parts: Option<Box<dyn MultipartUpload>>,
    limit: Limit,
}

impl Writer {
    pub(super) fn new(
        store: Arc<dyn ObjectStore>,
        location: Path,
        part: usize,
        limit: Limit,
    ) -> Self {
        Self { store, location, part, waiting: BytesMut::new(), parts: None, limit }
    }

    /// Adds bytes. They are copied: many small pieces would each keep the whole buffer that they
    /// came in.
    ///
    /// # Errors
    /// What the store answers.
    pub(crate) async fn write(&mut self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            let room = self.part.saturating_sub(self.waiting.len()).min(bytes.len());
            let (fitting, rest) = bytes.split_at(room);
            self.waiting.extend_from_slice(fitting);
            bytes = rest;
            if self.waiting.len() >= self.part {
                self.put_part().await?;
            }
        }
        Ok(())
    }

    async fn put_part(&mut self) -> Result<()> {
        let part = PutPayload::from_bytes(self.waiting.split().freeze());
        let parts = match &mut self.parts {
            Some(parts) => parts,
            None => {
                let begun = self.limit.keep(self.store.put_multipart(&self.location)).await?;
                self.parts.insert(begun)
            }
        };
        self.limit.keep(parts.put_part(part)).await
    }

    /// Makes the object of what was written.
    ///
    /// # Errors
    /// What the store answers.
    pub(crate) async fn finish(&mut self) -> Result<()> {
        if self.parts.is_some() && !self.waiting.is_empty() {
            self.put_part().await?;
        }
        match &mut self.parts {
            Some(parts) => self.limit.for_bytes().keep(parts.complete()).await?,
            None => {
                let whole = PutPayload::from_bytes(self.waiting.split().freeze());
                self.limit.keep(self.store.put(&self.location, whole)).await?
            }
        };
        self.parts = None;
        Ok(())
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
