//! The bytes of a file, for people who may see it.

use crate::{Error, Result, Services, blobs::FileStore, ids};
use bytes::Bytes;
use entity::{blob, file};
use futures_util::stream::BoxStream;
use sea_orm::EntityTrait;
use std::ops::Range;

/// Reads a range of a file's bytes as a stream.
///
/// # Errors
/// Returns errors of the database or the file store, including missing or incomplete bytes.
pub async fn read(
    services: &Services,
    store: &FileStore,
    file: &file::Model,
    range: Range<u64>,
) -> Result<BoxStream<'static, Result<Bytes>>> {
    let (location, size) = place(services, file).await?;
    store.read(&location, size, range).await
}

/// Checks that a file's bytes are there.
///
/// # Errors
/// Returns errors of the database or the file store, including missing or incomplete bytes.
pub async fn check(services: &Services, store: &FileStore, file: &file::Model) -> Result<()> {
    let (location, size) = place(services, file).await?;
    store.check(&location, size).await
}

async fn place(services: &Services, file: &file::Model) -> Result<(String, u64)> {
    let blob = blob::Entity::find_by_id(&file.blob_sha256)
        .one(services.database.connection())
        .await?
        .ok_or_else(|| {
            Error::Conflict(format!("file {} was deleted while it was read", ids::file(file.id)))
        })?;
    Ok((blob.location, u64::try_from(blob.size).unwrap_or_default()))
}
