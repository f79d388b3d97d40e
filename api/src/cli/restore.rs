//! `memoranda restore`

use super::{
    Failure,
    backup::{contents, moment},
    help_with, logging, open, output,
    progress::Terminal,
    signals,
};
use crate::settings::{
    Group, Row, Scope, SettingArgs, Values, sqlite_file,
    table::{database::DATABASE_URL, files::FILE_STORE, ledger::LEDGER},
};
use backup::{FilePlace, Places, Restored};
use indicatif::HumanCount;
use service::{
    blobs::FileStore,
    clock::{SystemClock, SystemRandomness},
};
use std::{path::PathBuf, sync::Arc};

const EXAMPLES: &str = "  memoranda restore memoranda.backup
  memoranda restore --replace memoranda.backup
  memoranda restore memoranda.backup --database-url sqlite://trial.db --file-store trial-files";

/// Restore a backup to the places of database and files, which must be empty
///
/// All of the backup is checked before anything is changed. Stop the server first. Interrupted, it
/// leaves no database that a server could start with; run it again. All sessions of the backup are
/// ended, so people sign in again.
#[derive(clap::Args)]
#[command(after_help = help_with(EXAMPLES))]
pub(super) struct Restore {
    /// The backup, written by `memoranda backup`
    file: PathBuf,
    /// Keep what is there aside, under names that the command prints
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    settings: SettingArgs<Self>,
}

impl Scope for Restore {
    const GROUPS: &'static [Group] =
        &[Group::Database, Group::Connections, Group::Files, Group::Common];
    const SINGLE: &'static [&'static Row] = &[&LEDGER.row];
}

impl Restore {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let values = self.settings.read()?;
        logging::start(&values)?;
        let Some(database) = sqlite_file(&values.get(&DATABASE_URL)?) else {
            return Err(not_sqlite(&values));
        };
        let has_ledger = values.given(&LEDGER)?.is_some();
        let files = match FileStore::folder_of(&values.get(&FILE_STORE)?) {
            Some(folder) => FilePlace::Folder(folder),
            None => FilePlace::Bucket(open::open_file_store(&values)?),
        };
        let stop = signals::listen(false)?.stop;
        let _lock = open::lock_for_server(&values)?;
        let places = Places { database, files };
        let clock = (Arc::new(SystemClock) as _, Arc::new(SystemRandomness) as _);
        let terminal = Terminal::default();
        let restored = tokio::select! {
            restored = backup::restore(&self.file, &places, self.replace, clock, &terminal) => {
                restored.map_err(Failure::failed)?
            }
            () = stop => {
                let text = "interrupted: run it again; `memoranda doctor` says what is there";
                return Err(Failure::failed(text));
            }
        };
        output::print(&format!(
            "restored as of {}: {} with {}, by memoranda {}",
            moment(restored.as_of),
            places.database.display(),
            contents(restored.files - restored.lost, restored.file_bytes),
            restored.version
        ))?;
        for line in notes(&restored) {
            output::print(&line)?;
        }
        output::print(&next_steps(&restored, has_ledger))
    }
}

/// What the operator should know.
fn notes(restored: &Restored) -> Vec<String> {
    let kept =
        [("database", &restored.former_database), ("folder of files", &restored.former_files)];
    let kept = kept.into_iter().filter_map(|(what, path)| {
        Some(format!("the former {what} is now {}", path.as_ref()?.display()))
    });
    let lost = (restored.lost > 0).then(|| {
        let lost = HumanCount(restored.lost);
        format!("{lost} files had been lost before the backup, and are not in it")
    });
    let sessions = match restored.sessions {
        0 => "no session of that time was open: people sign in again".to_owned(),
        1 => "1 session of that time was ended: people sign in again".to_owned(),
        many => {
            format!("{} sessions of that time were ended: people sign in again", HumanCount(many))
        }
    };
    kept.chain(lost).chain([sessions]).collect()
}

fn next_steps(restored: &Restored, has_ledger: bool) -> String {
    let migrate = (!restored.pending.is_empty())
        .then_some("\n  memoranda migrate                  the backup is of an older version");
    let replay = if has_ledger {
        "\n  memoranda ledger replay --dry-run  what was deleted or erased since, and is back now\
         \n  memoranda ledger replay --apply    repeats it"
    } else {
        "\n  (without a ledger, what was deleted or erased since is back)"
    };
    format!("Next:{}\n  memoranda doctor{replay}\n  memoranda serve", migrate.unwrap_or_default())
}

fn not_sqlite(values: &Values) -> Failure {
    let problem = "PostgreSQL has a tool for this. Run `pg_restore --no-owner --exit-on-error` \
        with this address, on an empty database, and bring back the files of file-store. \
        docs/backup.md explains both";
    Failure::failed(values.refuse(&DATABASE_URL, problem))
}
