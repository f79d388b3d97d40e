//! Where the bytes lie: a local folder or an S3-compatible bucket.

use crate::{Error, Result};
use bytes::Bytes;
use object_store::{
    ObjectStore, ObjectStoreExt, PutPayload, aws::AmazonS3Builder, local::LocalFileSystem, path::Path,
    prefix::PrefixStore,
};
use std::sync::Arc;

/// The bytes of files. Cheap to clone.
#[derive(Debug, Clone)]
pub struct FileStore(Arc<dyn ObjectStore>);

impl FileStore {
    /// Opens a store: `s3://bucket/prefix`, or the path of a folder, which is created if missing. Keys, region and endpoint of a bucket come
    /// from the usual variables (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT`, `AWS_ALLOW_HTTP`).
    ///
    /// # Errors
    /// [`Error::Setting`] if the address cannot be used.
    pub fn open(address: &str) -> Result<Self> {
        let refused = |error: &dyn std::fmt::Display| {
            Error::Setting(format!(
                "file-store is {address:?}, which cannot be opened ({error}): give the path of a folder that can be written, or s3://bucket/prefix"
            ))
        };
        if let Some(bucket) = address.strip_prefix("s3://") {
            let (bucket, prefix) = bucket.split_once('/').unwrap_or((bucket, ""));
            let store = AmazonS3Builder::from_env()
                .with_bucket_name(bucket)
                .build()
                .map_err(|error| refused(&error))?;
            return Ok(Self(Arc::new(PrefixStore::new(store, prefix))));
        }
        let folder = address.strip_prefix("file://").unwrap_or(address);
        std::fs::create_dir_all(folder).map_err(|error| refused(&error))?;
        let store =
            LocalFileSystem::new_with_prefix(folder).map_err(|error| refused(&error))?.with_fsync(true);
        Ok(Self(Arc::new(store)))
    }

    /// Writes bytes, whole or not at all.
    ///
    /// # Errors
    /// What the store answers.
    pub async fn put(&self, location: &str, bytes: Bytes) -> Result<()> {
        self.0.put(&Path::from(location), PutPayload::from_bytes(bytes)).await?;
        Ok(())
    }

    /// Reads bytes.
    ///
    /// # Errors
    /// What the store answers, also if there are none.
    pub async fn get(&self, location: &str) -> Result<Bytes> {
        Ok(self.0.get(&Path::from(location)).await?.bytes().await?)
    }

    /// Removes bytes; it is no error if there are none.
    ///
    /// # Errors
    /// What the store answers.
    pub async fn delete(&self, location: &str) -> Result<()> {
        match self.0.delete(&Path::from(location)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// The place of a content, by its SHA-256. Two levels of folders keep each of them small.
pub(super) fn location(sha256: &str) -> String {
    let (first, rest) = sha256.split_at_checked(2).unwrap_or((sha256, ""));
    let (second, _) = rest.split_at_checked(2).unwrap_or((rest, ""));
    format!("sha256/{first}/{second}/{sha256}")
}
