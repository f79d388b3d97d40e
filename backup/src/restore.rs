//! Restores a backup.
//!
//! The backup is read twice: once to check all of it before anything is changed, and once for its
//! files. The database is prepared beside its place and moved there last. Until then, there is no
//! database that a server could start with, or the former one is untouched.

use crate::{
    check::{self, Checked},
    contents,
    error::{Error, Result, at},
    format::Digest,
    places::{BESIDE, FilePlace, Places, Staging, UNFINISHED, mark_of, with_suffix},
    reader::{self, Part, broken, damaged},
    snapshot::{close_copy, has_installation},
    switch::switch,
};
use chrono::{DateTime, Utc};
use service::{
    Services, accounts,
    blobs::{self, FileStore},
    clock::{Clock, Randomness},
    database::Database,
    installation,
    progress::{Progress, Unit},
};
use sha2::{Digest as _, Sha256};
use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
    sync::Arc,
};

/// How many bytes are read at a time.
const PIECE: usize = 256 * 1024;

/// What was restored.
#[derive(Debug, Clone)]
pub struct Restored {
    /// When the backup began. What was changed later is missing.
    pub as_of: DateTime<Utc>,
    /// The version of the program that made the backup.
    pub version: String,
    /// How many contents of files it has. Equal contents count once.
    pub files: u64,
    /// Their bytes.
    pub file_bytes: u64,
    /// How many of them were lost before the backup.
    pub lost: u64,
    /// Migrations that the database lacks.
    pub pending: Vec<String>,
    /// How many sessions were ended.
    pub sessions: u64,
    /// The former database, under its new name.
    pub former_database: Option<PathBuf>,
    /// The former folder of files, under its new name.
    pub former_files: Option<PathBuf>,
}

/// Restores a backup to those places. With `replace`, what is there is kept under another name. No
/// server may run on them; the caller holds the server's lock.
///
/// # Errors
/// [`Error::BadBackup`] or [`Error::Refused`] before anything is changed. Also returns errors of
/// the files and the file store; the places are then as before, except for a bucket, which may have
/// some of the files. Repeating the command goes on.
pub async fn restore(
    backup: &Path,
    places: &Places,
    replace: bool,
    (clock, randomness): (Arc<dyn Clock>, Arc<dyn Randomness>),
    progress: &dyn Progress,
) -> Result<Restored> {
    let now = clock.now();
    let unfinished = Unfinished::of(&places.database)?;
    let head = {
        let mut archive = reader::open(backup, &service::progress::Silent)?;
        reader::parts(backup, &mut archive)?.0
    };
    // What is in the way is found before minutes of reading.
    let staging = places.prepare(&head, replace).await?;
    let checked = check::check(backup, &unfinished.0, progress).await?;
    let Checked { head, end, database, pending, .. } = checked;

    let services = Services::new(database, clock, randomness);
    // Somebody may have ended them since, and newer refresh tokens would be taken for stolen ones.
    let sessions = accounts::end_all(&services).await?;
    let staged = Staged::of(&staging)?;
    if staged.folder.is_none() {
        staged.store.write_text(UNFINISHED, mark_of(&head)).await?;
    }
    let lost: BTreeSet<Digest> = end.lost.iter().copied().collect();
    progress.begin("Restoring files", Some(end.file_bytes), Unit::Bytes);
    write_files(backup, &services.database, &staged.store, &lost, progress).await?;
    if has_installation(&pending) {
        installation::note_backup(&services.database, head.started_at).await?;
        blobs::confirm(&services, &staged.store).await?;
    }
    progress.end();

    close_copy(services.database, &unfinished.0).await?;
    File::open(&unfinished.0).and_then(|file| file.sync_all()).map_err(at(&unfinished.0))?;
    let folder = match (&staged.folder, &places.files) {
        (Some(staged), FilePlace::Folder(place)) => Some((staged.as_path(), place.as_path())),
        _ => None,
    };
    let kept = switch((&unfinished.0, &places.database), folder, now)?;
    if staged.folder.is_none() {
        staged.store.delete(UNFINISHED).await?;
    }
    Ok(Restored {
        as_of: head.started_at,
        version: head.version,
        files: end.files,
        file_bytes: end.file_bytes,
        lost: end.lost.len() as u64,
        pending,
        sessions,
        former_database: kept.database,
        former_files: kept.files,
    })
}

/// The database while it is being restored. It is removed unless it was moved to its place.
struct Unfinished(PathBuf);

impl Unfinished {
    /// Removes what an interrupted restore has left.
    fn of(database: &Path) -> Result<Self> {
        let unfinished = Self(with_suffix(database, ".restoring"));
        unfinished.remove().map_err(at(&unfinished.0))?;
        Ok(unfinished)
    }

    fn remove(&self) -> std::io::Result<()> {
        for suffix in BESIDE.into_iter().chain([""]) {
            match fs::remove_file(with_suffix(&self.0, suffix)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // The next restore tries it again.
        let _ = self.remove();
    }
}

/// The store into which the files are written.
struct Staged {
    store: FileStore,
    /// Its folder, which is removed unless it was moved to its place.
    folder: Option<PathBuf>,
}

impl Staged {
    fn of(staging: &Staging) -> Result<Self> {
        let folder = match staging {
            Staging::InPlace(store) => return Ok(Self { store: store.clone(), folder: None }),
            Staging::Beside(folder) => folder,
        };
        if folder.exists() {
            // An interrupted restore has left it.
            fs::remove_dir_all(folder).map_err(at(folder))?;
        }
        let path = folder.to_str().ok_or_else(|| {
            Error::Refused(format!("{} is not UTF-8: choose another file-store", folder.display()))
        })?;
        Ok(Self { store: FileStore::open(path)?, folder: Some(folder.clone()) })
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            // The next restore tries it again.
            let _ = fs::remove_dir_all(folder);
        }
    }
}

/// Writes the files that the database has.
async fn write_files(
    backup: &Path,
    database: &Database,
    store: &FileStore,
    lost: &BTreeSet<Digest>,
    progress: &dyn Progress,
) -> Result<()> {
    let mut archive = reader::open(backup, &service::progress::Silent)?;
    let (_, entries) = reader::parts(backup, &mut archive)?;
    for entry in entries {
        let mut entry = entry.map_err(broken(backup))?;
        let Part::File(digest) = reader::part(backup, &mut entry)? else { continue };
        // A file that was erased while the backup was made is in it, but not in the database.
        let content = contents::with(database, digest).await?;
        let Some(content) = content.filter(|_| !lost.contains(&digest)) else { continue };
        let mut writer = store.writer(&content.location);
        let mut hasher = Sha256::new();
        let mut piece = vec![0; PIECE];
        loop {
            let read = entry.read(&mut piece).map_err(broken(backup))?;
            let Some(bytes) = piece.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
            hasher.update(bytes);
            writer.write(bytes).await?;
            progress.advance(bytes.len() as u64);
        }
        if Digest(hasher.finalize().into()) != digest {
            return Err(damaged(backup, "it has changed meanwhile"));
        }
        writer.finish().await?;
    }
    Ok(())
}
