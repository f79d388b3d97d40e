//! A folder for what is not finished, beside the file that will be.

use crate::{
    Result,
    error::{Error, at},
};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};
use tempfile::TempDir;

const SUFFIX: &str = ".partial";
const LOCK: &str = "lock";

/// A folder that is removed with its owner. A killed process leaves it behind, and the next one
/// removes it.
pub(crate) struct Workspace {
    folder: TempDir,
    /// Held while the process lives.
    _lock: File,
}

impl Workspace {
    /// A new folder beside that file. It is on the same file system, so that what is finished there
    /// can be moved.
    pub(crate) fn beside(target: &Path) -> Result<Self> {
        let parent = folder_of(target);
        let name = target.file_name().ok_or_else(|| {
            let problem = "is no name for a file: give the path of the backup to write";
            Error::Refused(format!("{} {problem}", target.display()))
        })?;
        if !parent.is_dir() {
            let text = format!("there is no folder {}: create it", parent.display());
            return Err(Error::Refused(text));
        }
        let prefix = format!(".{}.", name.to_string_lossy());
        remove_abandoned(&parent, &prefix);
        let mut builder = tempfile::Builder::new();
        let folder = builder.prefix(&prefix).suffix(SUFFIX).tempdir_in(&parent);
        let folder = folder.map_err(at(&parent))?;
        let lock = File::create(folder.path().join(LOCK)).map_err(at(folder.path()))?;
        lock.try_lock().or_else(|error| match error {
            // Without locks, nobody removes this folder while it is used.
            fs::TryLockError::Error(_) => Ok(()),
            fs::TryLockError::WouldBlock => {
                Err(Error::File(format!("{} is in use", folder.path().display())))
            }
        })?;
        Ok(Self { folder, _lock: lock })
    }

    /// A file in it.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// The folder of a file.
pub(crate) fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Removes the folders of processes that have died.
fn remove_abandoned(parent: &Path, prefix: &str) {
    // Whatever cannot be read or removed stays, and disturbs nobody.
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if !name.starts_with(prefix) || !name.ends_with(SUFFIX) {
            continue;
        }
        let Ok(lock) = File::options().write(true).open(entry.path().join(LOCK)) else { continue };
        if lock.try_lock().is_ok() {
            tracing::info!(folder = %entry.path().display(), "an interrupted backup is removed");
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Makes the names in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    // Other systems cannot open a folder, and need no such call.
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(at(folder))?;
    }
    Ok(())
}
