//! Where a restored installation goes.

use crate::{
    Result,
    error::{Error, at},
    format::Head,
    workspace::folder_of,
};
use service::blobs::FileStore;
use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

/// An object in the file store while a restore writes there. It says which backup that is, so that
/// the restore can be repeated after an interruption.
pub(crate) const UNFINISHED: &str = "memoranda-restoring";

/// What SQLite keeps beside a database. If it were left, it would be applied to another database.
pub(crate) const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// The places of an installation.
#[derive(Debug, Clone)]
pub struct Places {
    /// The file of the database.
    pub database: PathBuf,
    /// The file store.
    pub files: FilePlace,
}

/// The place of the bytes of files.
#[derive(Debug, Clone)]
pub enum FilePlace {
    /// A folder, which may be missing.
    Folder(PathBuf),
    /// A bucket.
    Bucket(FileStore),
}

/// Where the files are written until they are complete.
#[derive(Debug)]
pub(crate) enum Staging {
    /// A new folder, which is then moved to its place.
    Beside(PathBuf),
    /// The file store itself. It was empty.
    InPlace(FileStore),
}

impl Places {
    /// Decides where the files are written. Nothing is changed.
    ///
    /// # Errors
    /// [`Error::Refused`] if something is in the way.
    pub(crate) async fn prepare(&self, head: &Head, replace: bool) -> Result<Staging> {
        let parent = folder_of(&self.database);
        if !parent.is_dir() {
            let text = format!("there is no folder {}: create it", parent.display());
            return Err(Error::Refused(text));
        }
        let in_the_way = in_the_way(&self.database);
        let is_free = in_the_way.is_none();
        if !replace && let Some(file) = in_the_way {
            return Err(Error::Refused(format!(
                "{} is there already: choose another database-url, or keep it aside with --replace",
                file.display()
            )));
        }
        match &self.files {
            FilePlace::Folder(folder) => of_folder(folder, head, replace, is_free).await,
            FilePlace::Bucket(store) if may_write(store, head).await? => {
                Ok(Staging::InPlace(store.clone()))
            }
            FilePlace::Bucket(_) => Err(Error::Refused(
                "file-store is a bucket that is not empty: choose another prefix, as in \
                 s3://bucket/restored"
                    .to_owned(),
            )),
        }
    }
}

/// The file of a database, or what belongs to it.
fn in_the_way(database: &Path) -> Option<PathBuf> {
    let all = [String::new()].into_iter().chain(BESIDE.map(str::to_owned));
    let mut files = all.map(|suffix| with_suffix(database, &suffix));
    files.find(|file| fs::metadata(file).is_ok_and(|found| found.len() > 0))
}

async fn of_folder(folder: &Path, head: &Head, replace: bool, is_free: bool) -> Result<Staging> {
    let beside = Staging::Beside(with_suffix(folder, ".restoring"));
    let is_empty = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(beside),
        Err(error) => return Err(at(folder)(error)),
    };
    let store = || folder.to_str().map(FileStore::open).transpose();
    if let Some(store) = store()?
        && (is_empty || is_free && may_write(&store, head).await?)
    {
        return Ok(Staging::InPlace(store));
    }
    if !replace {
        return Err(Error::Refused(format!(
            "{} is not empty: choose another file-store, or keep it aside with --replace",
            folder.display()
        )));
    }
    if is_own_disk(folder) {
        return Err(Error::Refused(format!(
            "{} is a disk of its own, which cannot be moved aside: empty it, or choose another \
             file-store",
            folder.display()
        )));
    }
    Ok(beside)
}

/// Whether a restore of this backup may write there: the store is empty, or an interrupted restore
/// of the same backup has left what is there.
async fn may_write(store: &FileStore, head: &Head) -> Result<bool> {
    if store.is_empty().await? {
        return Ok(true);
    }
    Ok(store.read_text(UNFINISHED).await?.is_some_and(|found| found == mark_of(head)))
}

/// What [`UNFINISHED`] says while this backup is restored.
pub(crate) fn mark_of(head: &Head) -> String {
    format!("{}\n", head.started_at.to_rfc3339())
}

#[cfg(unix)]
fn is_own_disk(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let device = |path: &Path| fs::metadata(path).map(|found| found.dev()).ok();
    device(folder) != device(&folder_of(folder))
}

#[cfg(not(unix))]
fn is_own_disk(_: &Path) -> bool {
    false
}

/// The path with something added to its name.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    // Without the slash that a folder may end with.
    let mut name = OsString::from(path.components().as_path());
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suffix_is_part_of_the_name() {
        for (path, expected) in
            [("a/b", "a/b.x"), ("a/b/", "a/b.x"), ("b", "b.x"), ("/a b//", "/a b.x")]
        {
            assert_eq!(with_suffix(Path::new(path), ".x"), PathBuf::from(expected));
        }
    }
}
