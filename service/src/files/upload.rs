//! Stores a file whose bytes arrive in pieces. They are hashed and written under a temporary name,
//! then moved to the location of their content.
//!
//! The content's row is committed before the bytes are at their location, so there are never bytes
//! without a row. The purge finds a row without a file, unless somebody has started to store the
//! content recently. No transaction is open while the store works.

use super::{NewFile, errors::UploadError, room::stored_in};
use crate::{
    Error, Result, Services,
    blobs::{self, FileStore, Writer, location, temporary_location},
    database::{
        Parameters, in_transaction,
        lock::{LockRows, lock_table},
    },
    ids,
};
use chrono::{DateTime, Utc};
use entity::{blob, file};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait,
    IntoActiveModel, QueryFilter, Statement,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// An upload in progress. [`finish`](Self::finish) or [`discard`](Self::discard) ends it. After a
/// crash, the purge removes its bytes.
#[derive(Debug)]
pub struct Upload {
    store: FileStore,
    temporary: String,
    writer: Writer,
    hasher: Sha256,
    size: u64,
}

/// The file to create from an upload.
#[derive(Debug, Clone)]
pub struct FileOfUpload {
    /// Its name, made by [`super::name`].
    pub name: String,
    /// Its media type, such as `application/pdf`.
    pub media_type: String,
    /// The person who uploads it.
    pub uploaded_by: Uuid,
}

/// Uploaded bytes and their hash.
struct Content {
    sha256: String,
    size: i64,
    location: String,
}

impl Upload {
    /// Starts an upload. Nothing is written yet.
    ///
    /// # Errors
    /// [`Error::FileStoreLost`] if the store is not the one that holds the files. Also returns
    /// errors of database and store.
    pub async fn begin(services: &Services, store: &FileStore) -> Result<Self> {
        blobs::verify(services, store).await?;
        let temporary = temporary_location(services.new_id());
        let writer = store.writer(&temporary);
        Ok(Self { store: store.clone(), temporary, writer, hasher: Sha256::new(), size: 0 })
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
        self.writer.write(bytes).await
    }

    /// Ends the upload and removes what was written.
    pub async fn discard(mut self) {
        if let Err(error) = self.writer.abort().await {
            tracing::warn!(%error, "an upload was not removed; the purge does it, or the bucket's \
                own rule");
        }
        remove(&self.store, &self.temporary).await;
    }

    /// Creates the file. Equal contents are stored only once. `max_storage` limits the bytes of all
    /// contents together.
    ///
    /// # Errors
    /// Returns the reason why it is not stored. Nothing is left behind then.
    pub async fn finish(
        mut self,
        services: &Services,
        new: &FileOfUpload,
        max_storage: Option<u64>,
    ) -> Result<file::Model, UploadError> {
        if let Err(error) = self.writer.finish().await {
            self.discard().await;
            return Err(error.into());
        }
        let sha256 = hex::encode(self.hasher.finalize());
        let content = Content {
            location: location(&sha256),
            size: i64::try_from(self.size).unwrap_or(i64::MAX),
            sha256,
        };
        let stored =
            store_content(services, &self.store, &self.temporary, &content, new, max_storage).await;
        remove(&self.store, &self.temporary).await;
        stored
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
    let file =
        FileOfUpload { name: new.name.clone(), media_type: new.media_type.clone(), uploaded_by };
    upload.finish(services, &file, None).await.map_err(|error| match error {
        UploadError::StorageFull => {
            Error::Inconsistent("full, although there is no limit".to_owned())
        }
        UploadError::Failed(error) => error,
    })
}

async fn remove(store: &FileStore, temporary: &str) {
    if let Err(error) = store.delete(temporary).await {
        tracing::warn!(%error, "an upload's temporary bytes were not removed; the purge does it");
    }
}

async fn store_content(
    services: &Services,
    store: &FileStore,
    temporary: &str,
    content: &Content,
    new: &FileOfUpload,
    max_storage: Option<u64>,
) -> Result<file::Model, UploadError> {
    let location =
        in_transaction(&services.database, async |transaction| -> Result<_, UploadError> {
            claim(services, transaction, content, max_storage).await
        })
        .await?;
    // Another upload of the same content may not have moved its bytes yet, or may have been
    // aborted.
    let there = store.size(&location).await?;
    if there.and_then(|size| i64::try_from(size).ok()) != Some(content.size) {
        store.rename(temporary, &location).await?;
    }
    // If the store has become unreachable, the bytes are in a place where nobody finds them.
    blobs::verify(services, store).await?;
    let named = in_transaction(&services.database, async |transaction| -> Result<_> {
        name_content(services, transaction, &location, content, new).await
    })
    .await?;
    let file = named.ok_or_else(|| {
        Error::Conflict(format!("the content {} was removed while it was stored", content.sha256))
    })?;
    tracing::info!(
        file_id = %ids::file(file.id),
        person = %ids::user(file.uploaded_by),
        bytes = file.size,
        "file uploaded"
    );
    Ok(file)
}

/// Writes the content's row, or marks an existing row as being stored. Returns the location for the
/// bytes.
///
/// # Errors
/// Returns that there is not enough space.
async fn claim(
    services: &Services,
    transaction: &DatabaseTransaction,
    content: &Content,
    max_storage: Option<u64>,
) -> Result<String, UploadError> {
    let backend = transaction.get_database_backend();
    if let Some(max) = max_storage {
        // Under the lock, nobody else adds a content between the sum and this one. Existing bytes
        // count as new ones. Otherwise a full store would reveal to an uploader that it has the
        // same bytes.
        lock_table::<blob::Entity>(transaction).await?;
        let used = stored_in(transaction).await?;
        if used.saturating_add(u64::try_from(content.size).unwrap_or(u64::MAX)) > max {
            return Err(UploadError::StorageFull);
        }
    }
    let anew = format!("{}-{}", content.location, services.new_id());
    let claimed = claimed_content_statement(backend, content, anew, services.now());
    let row = transaction.query_one_raw(claimed).await?;
    let row =
        row.ok_or_else(|| Error::Inconsistent("a content was stored without a row".to_owned()))?;
    Ok(row.try_get("", "location")?)
}

/// Nothing is stored at a location from which bytes are about to be removed. The location `:anew`
/// is used then.
fn claimed_content_statement(
    backend: DbBackend,
    content: &Content,
    anew: String,
    now: DateTime<Utc>,
) -> Statement {
    let mut parameters = Parameters::new(backend);
    parameters.bind("sha256", content.sha256.as_str()).bind("size", content.size);
    parameters.bind("location", content.location.as_str()).bind("anew", anew).bind("now", now);
    parameters.statement(
        "INSERT INTO blobs (sha256, size, location, created_at, claimed_at)
        VALUES (
            :sha256,
            :size,
            CASE
                WHEN EXISTS (SELECT 1 FROM blob_removals r WHERE r.location = :location) THEN :anew
                ELSE :location
            END,
            :now,
            :now
        )
        ON CONFLICT (sha256) DO UPDATE SET claimed_at = excluded.claimed_at
        RETURNING location",
    )
}

/// Writes the file's row. `None` if the content's row was deleted in spite of the mark. The bytes
/// then have no row, so they are noted for removal.
async fn name_content(
    services: &Services,
    transaction: &DatabaseTransaction,
    location: &str,
    content: &Content,
    new: &FileOfUpload,
) -> Result<Option<file::Model>> {
    let claimed = blob::Entity::find_by_id(&content.sha256)
        .filter(blob::Column::Location.eq(location))
        .lock_rows()
        .one(transaction)
        .await?;
    if claimed.is_none() {
        blobs::note(transaction, location, services.now()).await?;
        return Ok(None);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        let content = Content { sha256: String::new(), size: 0, location: "sha256/00".to_owned() };
        assert_statement("claimed_content", |backend| {
            claimed_content_statement(backend, &content, String::new(), DateTime::UNIX_EPOCH)
        });
    }
}
