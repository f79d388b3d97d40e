//! Stores a file whose bytes arrive in pieces. They are hashed and written under a temporary name,
//! then moved to the location of their content.

use super::{
    NewFile,
    errors::UploadError,
    place::{Content, FileOfUpload, PlacedContent, earlier, place, store_content},
};
use crate::{
    Error, Result, Services,
    blobs::{self, FileStore, Writer, location, temporary_location},
    idempotency::{CreateError, Created},
};
use entity::file;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// An upload in progress. [`finish`](Self::finish) or [`discard`](Self::discard) ends it. After a
/// crash, the purge removes its bytes.
#[derive(Debug)]
pub struct Upload {
    /// The bytes in the store. `None` if they are only compared with those of an earlier request.
    temporary: Option<Temporary>,
    hasher: Sha256,
    size: u64,
}

/// Bytes under a temporary name.
#[derive(Debug)]
struct Temporary {
    store: FileStore,
    location: String,
    writer: Writer,
}

impl Upload {
    /// Starts an upload. Nothing is written yet.
    ///
    /// # Errors
    /// [`Error::FileStoreLost`] if the store is not the one that holds the files. Also returns
    /// errors of database and store.
    pub async fn begin(services: &Services, store: &FileStore) -> Result<Self> {
        blobs::verify(services, store).await?;
        let location = temporary_location(services.new_id());
        let writer = store.writer(&location);
        let temporary = Temporary { store: store.clone(), location, writer };
        Ok(Self { temporary: Some(temporary), hasher: Sha256::new(), size: 0 })
    }

    /// Starts an upload whose idempotency key is used. Its bytes are compared with those of the
    /// earlier request, and need no space.
    pub fn repeated() -> Self {
        Self { temporary: None, hasher: Sha256::new(), size: 0 }
    }

    /// Whether its bytes are only compared with those of an earlier request.
    pub fn is_repeated(&self) -> bool {
        self.temporary.is_none()
    }

    /// How many bytes have arrived.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a piece.
    ///
    /// # Errors
    /// Returns errors of the file store. Discard the upload then.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.hasher.update(bytes);
        self.size = self.size.saturating_add(bytes.len() as u64);
        match &mut self.temporary {
            Some(temporary) => temporary.writer.write(bytes).await,
            None => Ok(()),
        }
    }

    /// Ends the upload and removes what was written.
    pub async fn discard(self) {
        if let Some(temporary) = self.temporary {
            temporary.discard().await;
        }
    }

    /// Puts the bytes in place without a file, for a transaction that creates files for them
    /// ([`super::keep_placed`]).
    ///
    /// # Errors
    /// Returns errors of the database or the file store. Nothing is left behind then.
    pub async fn place(self, services: &Services) -> Result<PlacedContent> {
        let content = content_of(self.hasher, self.size);
        let placed = PlacedContent { sha256: content.sha256.clone(), size: content.size };
        let Some(mut temporary) = self.temporary else { return Ok(placed) };
        if let Err(error) = temporary.writer.finish().await {
            temporary.discard().await;
            return Err(error);
        }
        let Temporary { store, location, .. } = temporary;
        let stored = place(services, &store, &location, &content, None).await;
        remove(&store, &location).await;
        match stored {
            Ok(_) => Ok(placed),
            Err(UploadError::Failed(error)) => Err(error),
            Err(refusal) => {
                Err(Error::Inconsistent(format!("without a limit, refused: {refusal:?}")))
            }
        }
    }

    /// Creates the file, once for each key. Equal contents are stored only once. `max_storage`
    /// limits the bytes of all contents together.
    ///
    /// # Errors
    /// Returns the reason why it is not stored. Nothing is left behind then.
    pub async fn finish(
        self,
        services: &Services,
        new: &FileOfUpload,
        max_storage: Option<u64>,
    ) -> Result<Created<file::Model>, CreateError<UploadError>> {
        let content = content_of(self.hasher, self.size);
        let Some(mut temporary) = self.temporary else {
            return earlier(services, &content, new).await;
        };
        if let Err(error) = temporary.writer.finish().await {
            temporary.discard().await;
            return Err(error.into());
        }
        let Temporary { store, location, .. } = temporary;
        let stored = store_content(services, &store, &location, &content, new, max_storage).await;
        remove(&store, &location).await;
        stored
    }
}

fn content_of(hasher: Sha256, size: u64) -> Content {
    let sha256 = hex::encode(hasher.finalize());
    Content { location: location(&sha256), size: i64::try_from(size).unwrap_or(i64::MAX), sha256 }
}

impl Temporary {
    /// Removes the bytes.
    async fn discard(mut self) {
        if let Err(error) = self.writer.abort().await {
            tracing::warn!(%error, "an upload was not removed; the purge does it, or the bucket's \
                own rule");
        }
        remove(&self.store, &self.location).await;
    }
}

/// Stores a file whose bytes are in memory.
///
/// # Errors
/// Returns errors of the database or the file store. There is no row then.
pub async fn store(
    services: &Services,
    store: &FileStore,
    uploaded_by: Uuid,
    new: &NewFile,
) -> Result<file::Model> {
    let mut upload = Upload::begin(services, store).await?;
    if let Err(error) = upload.write(&new.bytes).await {
        upload.discard().await;
        return Err(error);
    }
    let file = FileOfUpload {
        name: new.name.clone(),
        media_type: new.media_type.clone(),
        uploaded_by,
        key: None,
    };
    let stored = upload.finish(services, &file, None).await.map_err(|error| match error {
        CreateError::Operation(UploadError::Failed(error)) => error,
        refusal => Error::Inconsistent(format!("without limit and key, refused: {refusal:?}")),
    })?;
    Ok(stored.thing)
}

async fn remove(store: &FileStore, temporary: &str) {
    if let Err(error) = store.delete(temporary).await {
        tracing::warn!(%error, "an upload's temporary bytes were not removed; the purge does it");
    }
}
