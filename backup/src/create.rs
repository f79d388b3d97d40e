//! Makes a backup.

use crate::{
    check,
    copy::copy_all,
    error::{Error, Result, at},
    format::{Digest, End, FORMAT, Head},
    snapshot::has_installation,
    workspace::{Workspace, folder_of, sync_folder},
    writer::Writer,
};
use chrono::{DateTime, Utc};
use service::{
    blobs::FileStore,
    database::Database,
    installation,
    progress::{Progress, Unit},
};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// How many lost files a message names.
const NAMED: usize = 10;

/// The backup to make.
#[derive(Debug, Clone)]
pub struct NewBackup {
    /// The file to write.
    pub path: PathBuf,
    /// Whether the file may be there already. It is replaced when the new one is complete.
    pub overwrite: bool,
    /// Whether the backup may lack the bytes of files that the file store has lost.
    pub accept_lost_files: bool,
    /// The version of this program.
    pub version: String,
    /// The time now.
    pub now: DateTime<Utc>,
}

/// A backup that was made and checked.
#[derive(Debug, Clone)]
pub struct Created {
    /// The size of the file in bytes.
    pub size: u64,
    /// How many contents of files are in it. Equal contents count once.
    pub files: u64,
    /// Their bytes.
    pub file_bytes: u64,
    /// What the file store has lost, each with its problem. It is not in the backup.
    pub lost: Vec<String>,
}

/// Makes a backup of an SQLite database and its files, and checks it by reading it again. The file
/// appears when all of this is done. Interrupted, it leaves nothing that looks like a backup.
///
/// # Errors
/// [`Error::Refused`] if the file is there, or if files are lost. Also returns errors of database,
/// file store and file. There is no new file then.
pub async fn create(
    database: &Database,
    store: &FileStore,
    new: &NewBackup,
    progress: &dyn Progress,
) -> Result<Created> {
    refuse_existing(new)?;
    let workspace = Workspace::beside(&new.path)?;
    let (archive, copy) = (workspace.file("backup"), workspace.file("copy.db"));
    let head = Head { format: FORMAT, version: new.version.clone(), started_at: new.now };
    let mut writer = Writer::create(&archive, &head).map_err(at(&new.path))?;
    let copied = copy_all(database, store, (&mut writer, &new.path), &copy, progress).await?;
    if !copied.lost.is_empty() && !new.accept_lost_files {
        return Err(refuse_lost(&copied.lost));
    }
    progress.begin("Adding the database", size_of(&copy).ok(), Unit::Bytes);
    let hash = writer.database(&copy, |bytes| progress.advance(bytes)).map_err(at(&new.path))?;
    let end = End {
        database: hash,
        files: copied.files,
        file_bytes: copied.bytes,
        lost: copied.lost.keys().copied().collect(),
    };
    writer.finish(&end).map_err(at(&new.path))?;
    fs::remove_file(&copy).map_err(at(&copy))?;

    check::check(&archive, &workspace.file("check.db"), progress).await?.close().await?;
    progress.end();
    let size = size_of(&archive)?;
    publish(&archive, new)?;
    if let Err(error) = note(database, new).await {
        tracing::warn!(%error, "the backup is complete, but the database does not know of it");
    }
    let lost = copied.lost.into_values().collect();
    Ok(Created { size, files: copied.files, file_bytes: copied.bytes, lost })
}

/// Notes the backup in the database, for `memoranda doctor`.
async fn note(database: &Database, new: &NewBackup) -> service::Result<()> {
    if has_installation(&database.migrations().await?.pending) {
        installation::note_backup(database, new.now).await?;
    }
    Ok(())
}

fn refuse_existing(new: &NewBackup) -> Result<()> {
    if new.path.is_dir() {
        let text = format!("{} is a folder: give the name of a file in it", new.path.display());
        return Err(Error::Refused(text));
    }
    if !new.overwrite && new.path.exists() {
        return Err(exists(&new.path));
    }
    Ok(())
}

fn exists(path: &Path) -> Error {
    Error::Refused(format!(
        "{} is there already: give another name, or --overwrite",
        path.display()
    ))
}

fn refuse_lost(lost: &BTreeMap<Digest, String>) -> Error {
    let mut lines: Vec<String> =
        lost.values().take(NAMED).map(|problem| format!("  {problem}")).collect();
    if lost.len() > NAMED {
        lines.push(format!("  and {} more", lost.len() - NAMED));
    }
    Error::Refused(format!(
        "the file store has lost bytes of files:\n{}\nBring them back from another backup, or \
         repeat the command with --accept-lost-files",
        lines.join("\n")
    ))
}

fn size_of(path: &Path) -> Result<u64> {
    Ok(fs::metadata(path).map_err(at(path))?.len())
}

/// Gives the finished backup its name.
fn publish(archive: &Path, new: &NewBackup) -> Result<()> {
    if !new.overwrite {
        // Unlike a move, a link replaces nothing.
        match fs::hard_link(archive, &new.path) {
            Ok(()) => return sync_folder(&folder_of(&new.path)),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                return Err(exists(&new.path));
            }
            // This file system has no links.
            Err(_) => refuse_existing(new)?,
        }
    }
    fs::rename(archive, &new.path).map_err(at(&new.path))?;
    sync_folder(&folder_of(&new.path))
}
