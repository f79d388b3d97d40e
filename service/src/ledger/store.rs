//! Where the lines are: in a file, or in the objects of a bucket.
//!
//! Both refuse to append at a place that is taken. So a server that lost the right to append, and
//! does not know it yet, changes nothing. In a file, a place is a number of bytes. In a bucket,
//! each append is one object, and a place is the number of its first line. The next object begins
//! with the line after the last one, so that no list of objects is needed.

use crate::{Error, Result, blobs::FileStore};
use std::{
    fs::{File, TryLockError},
    io::{self, ErrorKind, Read, Seek, SeekFrom, Write},
    path::Path,
    sync::Arc,
};

/// How much of a file is read at a time, in bytes.
const CHUNK: u64 = 1 << 20;

/// Where the lines are. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) enum Store {
    /// The path of a file.
    File(Arc<Path>),
    /// A bucket, or the part of it below a prefix.
    Bucket(FileStore),
}

/// Some complete lines.
#[derive(Debug)]
pub(super) struct Segment {
    /// The lines, each with a line break.
    pub(super) text: String,
    /// The place after them.
    pub(super) next: i64,
}

impl Store {
    /// The place of the first line.
    pub(super) fn first_place(&self) -> i64 {
        match self {
            Self::File(_) => 0,
            Self::Bucket(_) => 1,
        }
    }

    /// The lines at a place. `None` if there are none.
    ///
    /// # Errors
    /// Returns errors of the store.
    pub(super) async fn read(&self, place: i64) -> Result<Option<Segment>> {
        match self {
            Self::File(path) => {
                let path = path.clone();
                blocking(move || read_file(&path, place)).await
            }
            Self::Bucket(bucket) => {
                let Some(text) = bucket.read_text(&name(place)).await? else { return Ok(None) };
                let next = place + lines(&text);
                Ok((next > place).then_some(Segment { text, next }))
            }
        }
    }

    /// Makes sure that what can be read would survive a loss of power. A server may have died
    /// between writing and this.
    ///
    /// # Errors
    /// Returns errors of the store.
    pub(super) async fn settle(&self) -> Result<()> {
        let Self::File(path) = self else { return Ok(()) };
        let path = path.clone();
        blocking(move || match File::open(&path) {
            Ok(file) => file.sync_all(),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        })
        .await
    }

    /// Appends lines at a place. Returns the place after them; `None` if the place is taken.
    ///
    /// # Errors
    /// Returns errors of the store. The lines may have been appended then.
    pub(super) async fn append(&self, place: i64, text: String) -> Result<Option<i64>> {
        match self {
            Self::File(path) => {
                let path = path.clone();
                blocking(move || append_to_file(&path, place, &text)).await
            }
            Self::Bucket(bucket) => {
                let next = place + lines(&text);
                let written = bucket.write_new_text(&name(place), text).await?;
                Ok(written.then_some(next))
            }
        }
    }

    /// What comes after the last line, if anything does: an incomplete line, or objects after a
    /// missing one.
    ///
    /// # Errors
    /// Returns errors of the store.
    pub(super) async fn rest(&self, end: i64) -> Result<Rest> {
        match self {
            Self::File(path) => {
                let path = path.clone();
                let length = blocking(move || match path.metadata() {
                    Ok(found) => Ok(found.len()),
                    Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
                    Err(error) => Err(error),
                });
                let is_longer = length.await? > u64::try_from(end).unwrap_or_default();
                Ok(if is_longer { Rest::IncompleteLine } else { Rest::Nothing })
            }
            Self::Bucket(bucket) => {
                let goes_on = bucket.has_after(&name(end)).await?;
                Ok(if goes_on { Rest::AfterAGap } else { Rest::Nothing })
            }
        }
    }
}

/// What comes after the last line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    /// Nothing.
    Nothing,
    /// A server has died, or is just writing. The next append removes it.
    IncompleteLine,
    /// The next object is missing, but there are later ones.
    AfterAGap,
}

/// The name of the object whose first line has that number.
fn name(place: i64) -> String {
    format!("{place:020}.ndjson")
}

fn lines(text: &str) -> i64 {
    i64::try_from(text.lines().count()).unwrap_or(i64::MAX)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => Ok(result?),
        Err(error) => Err(Error::Io(io::Error::other(error))),
    }
}

fn read_file(path: &Path, place: i64) -> io::Result<Option<Segment>> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    file.seek(SeekFrom::Start(u64::try_from(place).unwrap_or_default()))?;
    let mut bytes = Vec::new();
    file.take(CHUNK).read_to_end(&mut bytes)?;
    let Some(end) = bytes.iter().rposition(|byte| *byte == b'\n') else { return Ok(None) };
    bytes.truncate(end + 1);
    let next = place + i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    // A changed byte may not be text. It becomes a line that cannot be read.
    Ok(Some(Segment { text: String::from_utf8_lossy(&bytes).into_owned(), next }))
}

/// The file stays locked while it is compared and written, so that its end is at `place`. An
/// incomplete line there is of a server that has died, and is cut off.
fn append_to_file(path: &Path, place: i64, text: &str) -> io::Result<Option<i64>> {
    let place = u64::try_from(place).unwrap_or_default();
    let mut file =
        File::options().create(true).truncate(false).read(true).write(true).open(path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            return Err(io::Error::new(ErrorKind::WouldBlock, "another server is writing"));
        }
        Err(TryLockError::Error(error)) => {
            tracing::debug!(%error, "the file system of the ledger has no locks");
        }
    }
    let length = file.metadata()?.len();
    if length < place {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(place))?;
    if length > place {
        let mut rest = Vec::new();
        file.read_to_end(&mut rest)?;
        if rest.contains(&b'\n') {
            return Ok(None);
        }
        file.set_len(place)?;
        file.seek(SeekFrom::Start(place))?;
    }
    if let Err(error) = file.write_all(text.as_bytes()).and_then(|()| file.sync_all()) {
        // Without it, the next append would find the part that was written.
        let _ = file.set_len(place);
        return Err(error);
    }
    if place == 0 {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(Some(i64::try_from(place + text.len() as u64).unwrap_or(i64::MAX)))
}
