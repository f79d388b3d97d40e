//! Storing a file whose bytes arrive in pieces: under a temporary name while they are hashed, then at the place of their content.
//!
//! The content's row is committed before the bytes are at their place, so that bytes without a row cannot be; a row without a file is what the
//! purge looks for. Whoever ties a file to the content holds that row's lock, for which the purge of the same content has to wait.

use super::{
    NewFile,
    room::stored_in,
    store::{location, temporary_location},
    writer::Writer,
};
use crate::{
    Error, Result, Services,
    database::{
        in_transaction,
        sql::{lock_table, statement},
    },
};
use entity::{blob, file};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    sea_query::OnConflict,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// How often a content's row is written anew because a purge removed it meanwhile.
const MAX_ATTEMPTS: u32 = 5;

/// Bytes that are arriving. Ended by [`finish`](Self::finish) or [`discard`](Self::discard); the purge removes what a crash leaves.
#[derive(Debug)]
pub struct Upload {
    temporary: String,
    writer: Writer,
    hasher: Sha256,
    size: u64,
}

/// A file to be made of an upload.
#[derive(Debug, Clone)]
pub struct FileOfUpload {
    /// Its name, made by [`super::name`].
    pub name: String,
    /// For example `application/pdf`.
    pub media_type: String,
    /// Who uploads it.
    pub uploaded_by: Uuid,
}

/// The stored contents together would have more bytes than they may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StorageFull;

/// Bytes that are there, by their content.
struct Content {
    sha256: String,
    size: i64,
    location: String,
}

impl Upload {
    /// Begins; nothing is written yet.
    pub fn begin(services: &Services) -> Self {
        let temporary = temporary_location(services.new_id());
        let writer = services.file_store.writer(&temporary);
        Self { temporary, writer, hasher: Sha256::new(), size: 0 }
    }

    /// How many bytes have arrived.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Takes a piece.
    ///
    /// # Errors
    /// What the file store answers. Discard the upload then.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.hasher.update(bytes);
        self.size = self.size.saturating_add(bytes.len() as u64);
        self.writer.write(bytes).await
    }

    /// Forgets the upload and removes what was written.
    pub async fn discard(mut self, services: &Services) {
        if let Err(error) = self.writer.abort().await {
            tracing::warn!(%error, "an upload was not removed; the purge does it, or the bucket's own rule");
        }
        remove(services, &self.temporary).await;
    }

    /// Makes the file: its bytes are stored once for each content. `max_storage` is how many bytes all contents may have together.
    ///
    /// # Errors
    /// What the database or the file store answers; nothing is left behind then.
    pub async fn finish(
        mut self,
        services: &Services,
        new: &FileOfUpload,
        max_storage: Option<u64>,
    ) -> Result<Result<file::Model, StorageFull>> {
        if let Err(error) = self.writer.finish().await {
            self.discard(services).await;
            return Err(error);
        }
        let sha256 = hex::encode(self.hasher.finalize());
        let content = Content {
            location: location(&sha256),
            size: i64::try_from(self.size).unwrap_or(i64::MAX),
            sha256,
        };
        let stored = store_content(services, &self.temporary, &content, new, max_storage).await;
        remove(services, &self.temporary).await;
        stored
    }
}

/// Stores a file whose bytes are at hand.
///
/// # Errors
/// What the database or the file store answers; there is no row then.
pub async fn store(services: &Services, uploaded_by: Uuid, new: &NewFile) -> Result<file::Model> {
    let mut upload = Upload::begin(services);
    if let Err(error) = upload.write(&new.bytes).await {
        upload.discard(services).await;
        return Err(error);
    }
    let file = FileOfUpload { name: new.name.clone(), media_type: new.media_type.clone(), uploaded_by };
    let stored = upload.finish(services, &file, None).await?;
    stored.map_err(|StorageFull| Error::Inconsistent("full, although there is no limit".to_owned()))
}

async fn remove(services: &Services, temporary: &str) {
    if let Err(error) = services.file_store.delete(temporary).await {
        tracing::warn!(%error, "an upload's temporary bytes were not removed; the purge does it");
    }
}

async fn store_content(
    services: &Services,
    temporary: &str,
    content: &Content,
    new: &FileOfUpload,
    max_storage: Option<u64>,
) -> Result<Result<file::Model, StorageFull>> {
    for _ in 0..MAX_ATTEMPTS {
        let claimed = in_transaction!(services.database, |transaction| claim(
            services,
            transaction,
            content,
            max_storage
        )
        .await)?;
        if !claimed {
            return Ok(Err(StorageFull));
        }
        let placed = in_transaction!(services.database, |transaction| place(
            services,
            transaction,
            temporary,
            content,
            new
        )
        .await)?;
        if let Some(file) = placed {
            tracing::info!(file_id = %file.id, person = %file.uploaded_by, bytes = file.size, "file uploaded");
            return Ok(Ok(file));
        }
    }
    Err(Error::Inconsistent(format!("the content {} was purged again and again", content.sha256)))
}

/// Writes the content's row, unless there is one; answers whether there is room for it.
async fn claim(
    services: &Services,
    transaction: &DatabaseTransaction,
    content: &Content,
    max_storage: Option<u64>,
) -> Result<bool> {
    if let Some(max) = max_storage {
        // Nobody else adds a content between the sum and this one. Bytes that are there already are
        // counted as new ones: otherwise a full store would tell who sends them that it has them.
        lock_table::<blob::Entity>(transaction).await?;
        let used = stored_in(transaction, transaction.get_database_backend()).await?;
        if used.saturating_add(u64::try_from(content.size).unwrap_or(u64::MAX)) > max {
            return Ok(false);
        }
    }
    let blob = blob::Model {
        sha256: content.sha256.clone(),
        size: content.size,
        location: content.location.clone(),
        created_at: services.now(),
    };
    blob::Entity::insert(blob.into_active_model())
        .on_conflict(OnConflict::column(blob::Column::Sha256).do_nothing().to_owned())
        .exec_without_returning(transaction)
        .await?;
    Ok(true)
}

/// Moves the bytes to the content's place, unless they are there, and writes the file's row; `None` if a purge has removed the content's row.
async fn place(
    services: &Services,
    transaction: &DatabaseTransaction,
    temporary: &str,
    content: &Content,
    new: &FileOfUpload,
) -> Result<Option<file::Model>> {
    // The update that changes nothing locks the row against a purge of the same content.
    let lock = "UPDATE blobs SET size = size WHERE sha256 = $1";
    let lock = statement(transaction.get_database_backend(), lock, [content.sha256.clone().into()]);
    if transaction.execute_raw(lock).await?.rows_affected() == 0 {
        return Ok(None);
    }
    // A purge that crashed may have removed the bytes and left the row.
    let there = services.file_store.size(&content.location).await?;
    if there.and_then(|size| i64::try_from(size).ok()) != Some(content.size) {
        services.file_store.rename(temporary, &content.location).await?;
    }
    let file = file::Model {
        id: services.new_id(),
        name: new.name.clone(),
        media_type: new.media_type.clone(),
        size: content.size,
        blob_sha256: content.sha256.clone(),
        uploaded_by: new.uploaded_by,
        created_at: services.now(),
        detached_at: None,
    };
    Ok(Some(file.into_active_model().insert(transaction).await?))
}
