//! The bytes of a file, for those who may see it.

use crate::{Error, Result, Services, blobs::FileStore, ids};
use bytes::Bytes;
use entity::{blob, file};
use futures_util::stream::BoxStream;
use sea_orm::EntityTrait;
use std::ops::Range;

/// Reads a part of a file's bytes, a piece at a time.
///
/// # Errors
/// What the database or the file store answers, also if the bytes are not there as they should be.
pub async fn read(
    services: &Services,
    store: &FileStore,
    file: &file::Model,
    range: Range<u64>,
) -> Result<BoxStream<'static, Result<Bytes>>> {
    let (location, size) = place(services, file).await?;
    store.read(&location, size, range).await
}

/// Looks whether a file's bytes are there.
///
/// # Errors
/// What the database or the file store answers, also if the bytes are not there as they should be.
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
