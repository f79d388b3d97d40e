//! The file store: a local folder or an S3-compatible bucket.
//!
//! Each call of the store has a time limit, since a store may accept a call and never answer. No
//! transaction is open during a call, so a slow store blocks no writers.

use super::{
    limit::Limit,
    writer::{PART, PART_OF_BUCKET, Writer},
};
use crate::{
    Error, Result,
    clock::{Clock, SystemClock, SystemRandomness, new_id},
};
use bytes::Bytes;
use futures_util::{
    StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};
use object_store::{
    GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutMode, aws::AmazonS3Builder,
    local::LocalFileSystem, path::Path, prefix::PrefixStore,
};
use std::{
    ops::Range,
    path::PathBuf,
    sync::{Arc, OnceLock},
    time::Duration,
};
use uuid::Uuid;

/// The location of bytes during an upload.
const TEMPORARY: &str = "uploads";

/// A store for the bytes of files. Cheap to clone.
#[derive(Debug, Clone)]
pub struct FileStore {
    store: Arc<dyn ObjectStore>,
    /// The folder, unless the store is a bucket.
    folder: Option<PathBuf>,
    limit: Limit,
    /// The id that its marker must have. It is set as soon as it is known.
    pub(super) expected: Arc<OnceLock<Uuid>>,
}

impl FileStore {
    /// Opens a store. The address is `s3://bucket/prefix` or the path of a folder. A missing folder
    /// is created; see [`is_missing`](super::is_missing). Keys, region and endpoint of a bucket
    /// come from the usual variables (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`,
    /// `AWS_ENDPOINT`, `AWS_ALLOW_HTTP`).
    ///
    /// # Errors
    /// [`Error::Setting`] if the address cannot be used.
    pub fn open(address: &str) -> Result<Self> {
        let refused = |error: &dyn std::fmt::Display| {
            Error::Setting(format!(
                "file-store is {address:?}, which cannot be opened ({error}): give the path of a \
                 folder that can be written, or s3://bucket/prefix"
            ))
        };
        if let Some(bucket) = address.strip_prefix("s3://") {
            let (bucket, prefix) = bucket.split_once('/').unwrap_or((bucket, ""));
            let builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
            return Self::bucket(builder, prefix).map_err(|error| refused(&error));
        }
        let folder = Self::folder_of(address).unwrap_or_default();
        std::fs::create_dir_all(&folder).map_err(|error| refused(&error))?;
        let store = LocalFileSystem::new_with_prefix(&folder)
            .map_err(|error| refused(&error))?
            .with_fsync(true);
        Ok(Self::new(Arc::new(store), Some(folder)))
    }

    /// Opens a bucket, or the part of it below the prefix.
    ///
    /// # Errors
    /// Returns errors in the bucket's settings.
    pub fn bucket(builder: AmazonS3Builder, prefix: &str) -> Result<Self, object_store::Error> {
        Ok(Self::new(Arc::new(PrefixStore::new(builder.build()?, prefix)), None))
    }

    /// The folder of an address. `None` for a bucket.
    pub fn folder_of(address: &str) -> Option<PathBuf> {
        let folder = address.strip_prefix("file://").unwrap_or(address);
        (!folder.starts_with("s3://")).then(|| PathBuf::from(folder))
    }

    fn new(store: Arc<dyn ObjectStore>, folder: Option<PathBuf>) -> Self {
        Self { store, folder, limit: Limit::default(), expected: Arc::default() }
    }

    /// Sets the time limit of a call. A call whose duration depends on the number of bytes, such as
    /// a copy within a bucket, may take ten times as long.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { limit: Limit(timeout), ..self }
    }

    /// Reads bytes.
    ///
    /// # Errors
    /// Returns errors of the store, including that nothing is there.
    pub async fn get(&self, location: &str) -> Result<Bytes> {
        let reading = async { self.store.get(&Path::from(location)).await?.bytes().await };
        self.limit.keep(reading).await
    }

    /// Reads a range of the bytes as a stream.
    ///
    /// # Errors
    /// Returns errors of the store, including that nothing is there. [`Error::Inconsistent`] if
    /// there are not `size` bytes.
    pub async fn read(
        &self,
        location: &str,
        size: u64,
        range: Range<u64>,
    ) -> Result<BoxStream<'static, Result<Bytes>>> {
        if range.is_empty() {
            self.check(location, size).await?;
            return Ok(stream::empty().boxed());
        }
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        let found = self.limit.keep(self.store.get_opts(&Path::from(location), options)).await?;
        expect_size(location, size, found.meta.size)?;
        let (limit, pieces) = (self.limit, found.into_stream());
        let pieces = stream::try_unfold(pieces, move |mut pieces| async move {
            Ok::<_, Error>(limit.keep(pieces.try_next()).await?.map(|piece| (piece, pieces)))
        });
        let stream = pieces.and_then(|bytes: Bytes| async move {
            // If a file is truncated during the read, the stream would never end.
            if bytes.is_empty() {
                return Err(Error::Inconsistent("the stored bytes end too early".to_owned()));
            }
            Ok(bytes)
        });
        Ok(stream.boxed())
    }

    /// Checks that the bytes are there.
    ///
    /// # Errors
    /// Returns errors of the store, including that nothing is there. [`Error::Inconsistent`] if
    /// there are not `size` bytes.
    pub async fn check(&self, location: &str, size: u64) -> Result<()> {
        let found = self.limit.keep(self.store.head(&Path::from(location))).await?;
        expect_size(location, size, found.size)
    }

    /// How many bytes there are. `None` if nothing is there.
    ///
    /// # Errors
    /// Returns errors of the store.
    pub(crate) async fn size(&self, location: &str) -> Result<Option<u64>> {
        match self.limit.keep(self.store.head(&Path::from(location))).await {
            Ok(found) => Ok(Some(found.size)),
            Err(Error::FileStore(object_store::Error::NotFound { .. })) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Starts to write bytes. They become visible when all of them are written.
    pub fn writer(&self, location: &str) -> Writer {
        let part = if self.folder.is_some() { PART } else { PART_OF_BUCKET };
        Writer::new(self.store.clone(), Path::from(location), part, self.limit)
    }

    /// Moves bytes to another location.
    ///
    /// # Errors
    /// Returns errors of the store.
    pub(crate) async fn rename(&self, from: &str, to: &str) -> Result<()> {
        self.limit.for_bytes().keep(self.store.rename(&Path::from(from), &Path::from(to))).await
    }

    /// Removes bytes. It is not an error if there are none.
    ///
    /// # Errors
    /// Returns errors of the store.
    pub async fn delete(&self, location: &str) -> Result<()> {
        match self.limit.keep(self.store.delete(&Path::from(location))).await {
            Ok(()) | Err(Error::FileStore(object_store::Error::NotFound { .. })) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Whether nothing is in the store, besides uploads that were interrupted.
    ///
    /// # Errors
    /// Returns errors of the store.
    pub async fn is_empty(&self) -> Result<bool> {
        let mut found = self.store.list(None);
        Ok(self.limit.keep(found.try_next()).await?.is_none())
    }

    /// Reads a short text. `None` if nothing is there.
    ///
    /// # Errors
    /// Returns errors of the store.
    pub async fn read_text(&self, location: &str) -> Result<Option<String>> {
        match self.get(location).await {
            Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
            Err(Error::FileStore(object_store::Error::NotFound { .. })) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes a short text unless something is there already. Returns whether it was written.
    pub(crate) async fn write_new_text(&self, location: &str, text: String) -> Result<bool> {
        let path = Path::from(location);
        let written =
            self.limit.keep(self.store.put_opts(&path, text.into(), PutMode::Create.into())).await;
        match written {
            Ok(_) => Ok(true),
            Err(Error::FileStore(object_store::Error::AlreadyExists { .. })) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whether something in the store has a name that comes after this one, which has no folder.
    pub(crate) async fn has_after(&self, name: &str) -> Result<bool> {
        let mut found = self.store.list_with_offset(None, &Path::from(name));
        Ok(self.limit.keep(found.try_next()).await?.is_some())
    }

    /// Writes a short text, replacing what is there.
    ///
    /// # Errors
    /// Returns errors of the store.
    pub async fn write_text(&self, location: &str, text: String) -> Result<()> {
        self.limit.keep(self.store.put(&Path::from(location), text.into())).await.map(drop)
    }

    /// Tests whether the store can be used: writes a few bytes, reads them and removes them.
    ///
    /// # Errors
    /// Returns errors of the store, including that it returned other bytes.
    pub async fn try_out(&self) -> Result<()> {
        let id = new_id(SystemClock.now(), &SystemRandomness);
        let place = Path::from(format!("{TEMPORARY}/{id}"));
        let bytes = Bytes::from_static(b"memoranda");
        self.limit.keep(self.store.put(&place, bytes.clone().into())).await?;
        let read = self.get(place.as_ref()).await;
        self.delete(place.as_ref()).await?;
        if read? == bytes {
            return Ok(());
        }
        Err(Error::Inconsistent("the store gave back other bytes than it was given".to_owned()))
    }

    /// Removes the temporary bytes of the uploads for whose ids `dead` is true. Returns their
    /// number.
    ///
    /// # Errors
    /// Returns errors of the store.
    pub(crate) async fn discard_uploads(&self, dead: impl Fn(Uuid) -> bool) -> Result<u64> {
        let mut discarded = 0;
        let Some(folder) = &self.folder else {
            let mut found = self.store.list(Some(&Path::from(TEMPORARY)));
            while let Some(object) = self.limit.keep(found.try_next()).await? {
                if object.location.filename().and_then(|name| name.parse().ok()).is_some_and(&dead)
                {
                    self.delete(object.location.as_ref()).await?;
                    discarded += 1;
                }
            }
            return Ok(discarded);
        };
        // The library does not list unfinished files. A killed process leaves such files behind.
        let mut found = match tokio::fs::read_dir(folder.join(TEMPORARY)).await {
            Ok(found) => found,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
            Err(error) => return Err(error.into()),
        };
        while let Some(entry) = found.next_entry().await? {
            let name = entry.file_name();
            let id = name.to_str().and_then(|name| name.split('#').next()?.parse().ok());
            if id.is_some_and(&dead) {
                match tokio::fs::remove_file(entry.path()).await {
                    Ok(()) => discarded += 1,
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(discarded)
    }
}

fn expect_size(location: &str, expected: u64, found: u64) -> Result<()> {
    if expected == found {
        return Ok(());
    }
    Err(Error::Inconsistent(format!("{location} has {found} bytes instead of {expected}")))
}

/// The location of a content, by its SHA-256. Two levels of folders keep each folder small.
pub(crate) fn location(sha256: &str) -> String {
    let (first, rest) = sha256.split_at_checked(2).unwrap_or((sha256, ""));
    let (second, _) = rest.split_at_checked(2).unwrap_or((rest, ""));
    format!("sha256/{first}/{second}/{sha256}")
}

/// Whether bytes with this SHA-256 may be at this location, and no others: it names the content,
/// and perhaps the id that makes it differ from former locations of the same content.
pub fn is_location_of(text: &str, sha256: &str) -> bool {
    let rest = text.strip_prefix(&location(sha256));
    rest.is_some_and(|rest| {
        rest.is_empty()
            || rest
                .strip_prefix('-')
                .is_some_and(|id| id.len() == 36 && Uuid::try_parse(id).is_ok())
    })
}

/// The location of an upload's bytes until the upload is complete.
pub(crate) fn temporary_location(upload: Uuid) -> String {
    format!("{TEMPORARY}/{upload}")
}
