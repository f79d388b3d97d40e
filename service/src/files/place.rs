//! Places the bytes of an upload at the location of their content, and gives them their rows.
//!
//! The content's row is committed before the bytes are at their location, so there are never bytes
//! without a row. The purge finds a row without a file, unless somebody has started to store the
//! content recently. No transaction is open while the store works.

use super::{
    by_ids,
    errors::{NameContentError, UploadError},
    room::stored_in,
};
use crate::{
    Error, Result, Services, Viewer,
    blobs::{self, FileStore},
    database::{
        Parameters, in_transaction,
        lock::{LockRows, lock_table},
    },
    idempotency::{CreateError, Created, IdempotencyKey, create_once},
    ids,
};
use chrono::{DateTime, Utc};
use entity::{blob, file};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Statement,
};
use serde_json::json;
use uuid::Uuid;

/// The operation of an upload, for its idempotency key.
const VERB: &str = "UploadFile";

/// The file to create from an upload.
#[derive(Debug, Clone)]
pub struct FileOfUpload {
    /// Its name, made by [`super::name`].
    pub name: String,
    /// Its media type, such as `application/pdf`.
    pub media_type: String,
    /// The person who uploads it.
    pub uploaded_by: Uuid,
    /// By which the client repeats the upload.
    pub key: Option<UploadKey>,
}

/// The idempotency key of an upload.
#[derive(Debug, Clone)]
pub struct UploadKey {
    /// The person who uploads. A repetition shows the file as they see it.
    pub viewer: Viewer,
    /// The client's key. [`crate::text`] has checked it already.
    pub key: String,
}

impl FileOfUpload {
    /// The key of the upload of this content.
    fn of_content(&self, sha256: &str) -> Option<IdempotencyKey> {
        let UploadKey { viewer, key } = self.key.as_ref()?;
        let input = json!({ "name": self.name, "mediaType": self.media_type, "sha256": sha256 });
        Some(IdempotencyKey::new(viewer.id, key, VERB, &input))
    }
}

/// Uploaded bytes and their hash.
pub(super) struct Content {
    pub(super) sha256: String,
    pub(super) size: i64,
    /// Where they are stored, unless bytes are about to be removed from there.
    pub(super) location: String,
}

/// Bytes that are in place but have no file yet. A transaction within the next hour names them;
/// otherwise the purge removes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedContent {
    /// SHA-256 of the bytes, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Length in bytes.
    pub size: i64,
}

/// Protects contents that are in place until the transaction ends, so that files can be created for
/// them. Returns those that the purge has removed meanwhile.
///
/// # Errors
/// Returns errors of the database.
pub async fn keep_placed(
    transaction: &DatabaseTransaction,
    contents: &[&str],
) -> Result<Vec<String>> {
    let there: Vec<String> = blob::Entity::find()
        .select_only()
        .column(blob::Column::Sha256)
        .filter(blob::Column::Sha256.is_in(contents.iter().copied()))
        .order_by_asc(blob::Column::Sha256)
        .lock_rows()
        .into_tuple()
        .all(transaction)
        .await?;
    let lost = contents.iter().filter(|content| !there.iter().any(|known| known == *content));
    Ok(lost.map(|content| (*content).to_owned()).collect())
}

/// Moves the bytes from their temporary name to the location of their content, which has a row
/// then. Returns that location.
pub(super) async fn place(
    services: &Services,
    store: &FileStore,
    temporary: &str,
    content: &Content,
    max_storage: Option<u64>,
) -> Result<String, UploadError> {
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
    Ok(location)
}

/// Moves the bytes from their temporary name to the location of their content. Creates the file.
pub(super) async fn store_content(
    services: &Services,
    store: &FileStore,
    temporary: &str,
    content: &Content,
    new: &FileOfUpload,
    max_storage: Option<u64>,
) -> Result<Created<file::Model>, CreateError<UploadError>> {
    let location = place(services, store, temporary, content, max_storage)
        .await
        .map_err(CreateError::Operation)?;
    let named = create_once(
        services,
        new.of_content(&content.sha256).as_ref(),
        async |transaction, id| {
            name_content(services, transaction, &location, content, (id, new)).await
        },
        async |id| of_viewer(services, new, id).await,
    )
    .await;
    if let Err(CreateError::Operation(NameContentError::ContentLost)) = named {
        note_lost(services, &location, content).await?;
    }
    named.map_err(|error| error.map(|error| not_named(error, content)))
}

/// The file that an earlier request with the same key has created.
pub(super) async fn earlier(
    services: &Services,
    content: &Content,
    new: &FileOfUpload,
) -> Result<Created<file::Model>, CreateError<UploadError>> {
    create_once(
        services,
        new.of_content(&content.sha256).as_ref(),
        async |_, _| -> Result<_, UploadError> {
            let expired = "the idempotency key expired while the bytes arrived";
            Err(Error::Conflict(expired.to_owned()).into())
        },
        async |id| of_viewer(services, new, id).await,
    )
    .await
}

/// The file with this id, if the person who repeats an upload sees it.
async fn of_viewer(
    services: &Services,
    new: &FileOfUpload,
    id: Uuid,
) -> Result<Option<file::Model>> {
    let Some(UploadKey { viewer, .. }) = new.key else { return Ok(None) };
    Ok(by_ids(services, viewer, &[id]).await?.pop())
}

/// The error of an upload whose content gets no file.
fn not_named(error: NameContentError, content: &Content) -> UploadError {
    match error {
        NameContentError::ContentLost => {
            let sha256 = &content.sha256;
            Error::Conflict(format!("the content {sha256} was removed while it was stored")).into()
        }
        NameContentError::Failed(error) => error.into(),
    }
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
    let location = format!("{}-{}", content.location, services.new_id());
    let claimed = claimed_content_statement(backend, content, &location, services.now());
    let row = transaction.query_one_raw(claimed).await?;
    let row =
        row.ok_or_else(|| Error::Inconsistent("a content was stored without a row".to_owned()))?;
    Ok(row.try_get("", "location")?)
}

/// A content without a row gets a location that was never used. Otherwise, a process that still
/// removes the same content from its former location could remove these bytes.
fn claimed_content_statement(
    backend: DbBackend,
    content: &Content,
    location: &str,
    now: DateTime<Utc>,
) -> Statement {
    let mut parameters = Parameters::new(backend);
    parameters.bind("sha256", content.sha256.as_str()).bind("size", content.size);
    parameters.bind("location", location).bind("now", now);
    parameters.statement(
        "INSERT INTO blobs (sha256, size, location, created_at, claimed_at)
        VALUES (:sha256, :size, :location, :now, :now)
        ON CONFLICT (sha256) DO UPDATE SET claimed_at = excluded.claimed_at
        RETURNING location",
    )
}

/// Writes the file's row.
///
/// # Errors
/// [`NameContentError::ContentLost`] if the content's row was deleted in spite of the mark.
async fn name_content(
    services: &Services,
    transaction: &DatabaseTransaction,
    location: &str,
    content: &Content,
    (id, new): (Uuid, &FileOfUpload),
) -> Result<file::Model, NameContentError> {
    if !is_claimed(transaction, location, content).await? {
        return Err(NameContentError::ContentLost);
    }
    let file = file::Model {
        id,
        name: new.name.clone(),
        media_type: new.media_type.clone(),
        size: content.size,
        blob_sha256: content.sha256.clone(),
        uploaded_by: new.uploaded_by,
        created_at: services.now(),
        detached_at: None,
    };
    let file = file.into_active_model().insert(transaction).await?;
    tracing::info!(
        file_id = %ids::file(file.id),
        person = %ids::user(file.uploaded_by),
        bytes = file.size,
        "file uploaded"
    );
    Ok(file)
}

/// Notes the bytes for removal, unless the content has a row again.
async fn note_lost(services: &Services, location: &str, content: &Content) -> Result<()> {
    in_transaction(&services.database, async |transaction| -> Result<_> {
        if !is_claimed(transaction, location, content).await? {
            blobs::note(transaction, location, services.now()).await?;
        }
        Ok(())
    })
    .await
}

/// Whether the content has its row, which is then locked.
async fn is_claimed(
    transaction: &DatabaseTransaction,
    location: &str,
    content: &Content,
) -> Result<bool> {
    let claimed = blob::Entity::find_by_id(&content.sha256)
        .filter(blob::Column::Location.eq(location))
        .lock_rows()
        .one(transaction)
        .await?;
    Ok(claimed.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        let content = Content { sha256: String::new(), size: 0, location: "sha256/00".to_owned() };
        assert_statement("claimed_content", |backend| {
            claimed_content_statement(backend, &content, "sha256/00-1", DateTime::UNIX_EPOCH)
        });
    }
}
