//! `memoranda backup`

use super::{Failure, help_with, logging, open, output, progress::Terminal, signals};
use crate::settings::{
    Group, Scope, SettingArgs, Values, sqlite_file,
    table::{database::DATABASE_URL, files::FILE_STORE},
};
use backup::{Created, NewBackup};
use chrono::{DateTime, Utc};
use indicatif::{HumanBytes, HumanCount};
use service::{
    blobs::{self, FileStore, StoreState},
    clock::{Clock, SystemClock},
    database::Database,
};
use std::path::PathBuf;

const EXAMPLES: &str = "  memoranda backup memoranda.backup
  memoranda backup --overwrite /backup/memoranda.backup
  memoranda backup \"/backup/$(date +%F).backup\"";

/// Write the database (SQLite) and its files to one file, while servers run, and check it
///
/// Everything that was acknowledged before the backup began is in it. It has neither settings nor
/// secrets: keep these, too. It appears under its name when it is complete. Until then, it needs
/// room there for the backup and a copy of the database. For PostgreSQL, use `pg_dump`.
#[derive(clap::Args)]
#[command(after_help = help_with(EXAMPLES))]
pub(super) struct Backup {
    /// The file to write
    file: PathBuf,
    /// Replace the file if it is there
    #[arg(long)]
    overwrite: bool,
    /// Make the backup although the file store has lost bytes of files. It names them
    #[arg(long)]
    accept_lost_files: bool,
    #[command(flatten)]
    settings: SettingArgs<Self>,
}

impl Scope for Backup {
    const GROUPS: &'static [Group] =
        &[Group::Database, Group::Connections, Group::Files, Group::Common];
}

impl Backup {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let values = self.settings.read()?;
        logging::start(&values)?;
        if sqlite_file(&values.get(&DATABASE_URL)?).is_none() {
            return Err(not_sqlite(&values));
        }
        let stop = signals::listen(false)?.stop;
        let Some(database) = open::connect_if_there(&values).await? else {
            let problem = "there is no such file, so there is nothing to back up: correct the \
                address";
            return Err(Failure::failed(values.refuse(&DATABASE_URL, problem)));
        };
        let pending = open::pending(Some(&database)).await?;
        let (store, new_folder) = file_store(&values, &database, &pending).await?;
        let new = NewBackup {
            path: self.file,
            overwrite: self.overwrite,
            accept_lost_files: self.accept_lost_files,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            now: SystemClock.now(),
        };
        let terminal = Terminal::default();
        let made = tokio::select! {
            made = backup::create(&database, &store, &new, &terminal) => {
                made.map_err(Failure::failed)
            }
            () = stop => Err(Failure::failed("interrupted: no backup was written")),
        };
        if let Some(folder) = new_folder {
            // Nothing was put there.
            let _ = std::fs::remove_dir(folder);
        }
        database.close().await?;
        let made = made?;
        for lost in &made.lost {
            output::note(&format!("lost, and not in the backup: {lost}"));
        }
        output::print(&summary(&new, &made))
    }
}

fn summary(new: &NewBackup, made: &Created) -> String {
    format!(
        "{}: the database and {} as of {}; {}, read again and checked",
        new.path.display(),
        contents(made.files - made.lost.len() as u64, made.file_bytes),
        moment(new.now),
        HumanBytes(made.size)
    )
}

/// `1,234 files (56.70 MiB)`.
pub(super) fn contents(files: u64, bytes: u64) -> String {
    match files {
        0 => "no files".to_owned(),
        1 => format!("1 file ({})", HumanBytes(bytes)),
        files => format!("{} files ({})", HumanCount(files), HumanBytes(bytes)),
    }
}

/// A time for people.
pub(super) fn moment(time: DateTime<Utc>) -> String {
    time.format("%F %T UTC").to_string()
}

fn not_sqlite(values: &Values) -> Failure {
    let problem = "PostgreSQL has a tool for this. First run `pg_dump --format=custom \
        --file=memoranda.dump` with this address, and then copy the files of file-store, so that \
        the copy has every file that the dump knows. docs/backup.md explains both";
    Failure::failed(values.refuse(&DATABASE_URL, problem))
}

/// The store of the database's files. Also returns its folder if that is new: nothing is to be left
/// there.
async fn file_store(
    values: &Values,
    database: &Database,
    pending: &[String],
) -> Result<(FileStore, Option<PathBuf>), Failure> {
    let folder = FileStore::folder_of(&values.get(&FILE_STORE)?);
    let new_folder = folder.filter(|folder| !folder.exists());
    if !backup::has_installation(pending) {
        return Ok((open::open_file_store(values)?, new_folder));
    }
    let store = open::file_store(values, database).await?;
    if blobs::inspect(database, &store).await? == StoreState::Lost {
        let problem = "this is not the place of this database's files: mount it, or correct \
            file-store; if the files were moved here, run `memoranda confirm file-store`";
        return Err(Failure::failed(values.refuse(&FILE_STORE, problem)));
    }
    Ok((store, new_folder))
}
