//! `memoranda export`

use super::{Failure, help_with, logging, open, output, progress::Terminal};
use crate::settings::{Group, Scope, SettingArgs, Values};
use archive::{Exported, MissingContent, Target};
use clap::ArgGroup;
use service::database::Database;
use std::{
    io::{IsTerminal, stdout},
    path::{Path, PathBuf},
};

const EXAMPLES: &str = "  memoranda export --to archive          everything, to a new folder
  memoranda export --to - | zstd > archive.tar.zst
  memoranda export --csv memos.csv       sent memos, for a spreadsheet";

const MIGRATE: &str = "apply them with `memoranda migrate`";

/// The name of standard output.
const STANDARD_OUTPUT: &str = "-";

/// Write everything to an archive that does not depend on the database, or sent memos to a sheet.
/// Servers may run meanwhile
///
/// An archive has memos, drafts, people with the hashes of their passwords, and the bytes of files.
/// Keep it as safe as the database. `memoranda import archive` reads it into an empty database of
/// either kind.
#[derive(clap::Args)]
#[command(
    after_help = help_with(EXAMPLES),
    group = ArgGroup::new("what").required(true).args(["to", "csv"])
)]
pub(super) struct Export {
    /// Everything, to this folder, which must be new or empty; - for one tar on standard output
    #[arg(long, value_name = "FOLDER|-")]
    to: Option<PathBuf>,
    /// Sent memos, to this new CSV file; - for standard output. It has neither drafts nor
    /// conclusions
    #[arg(long, value_name = "FILE|-")]
    csv: Option<PathBuf>,
    #[command(flatten)]
    settings: SettingArgs<Self>,
}

impl Scope for Export {
    const GROUPS: &'static [Group] =
        &[Group::Database, Group::Connections, Group::Files, Group::Common];
}

impl Export {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let values = self.settings.read()?;
        logging::start(&values)?;
        let database = open::connect_to_migrated(&values, MIGRATE).await?;
        match (self.to, self.csv) {
            (Some(to), _) => everything(&values, database, &to).await,
            (None, Some(csv)) => sheet(database, &csv).await,
            // The command line requires one of them.
            (None, None) => Err(Failure::usage("give --to or --csv")),
        }
    }
}

async fn everything(values: &Values, database: Database, to: &Path) -> Result<(), Failure> {
    let store = open::file_store(values, &database).await?;
    let is_stream = to == Path::new(STANDARD_OUTPUT);
    let target = if is_stream {
        if stdout().is_terminal() {
            return Err(Failure::usage(
                "an archive is nothing to read on a terminal: redirect standard output, or name a \
                 folder",
            ));
        }
        Target::stream(stdout())
    } else {
        Target::folder(to)?
    };
    let services = open::services(database);
    let exported = archive::export(&services, &store, target, &Terminal::default()).await?;
    services.database.close().await?;
    let Exported { rows, contents, missing, waiting_mails } = exported;
    let place = if is_stream { "standard output".to_owned() } else { to.display().to_string() };
    output::note(&format!("exported {rows} rows and {contents} contents of files to {place}"));
    if waiting_mails > 0 {
        output::note(&format!(
            "{waiting_mails} mails wait to be sent, and no archive has mails: let a server send \
             them"
        ));
    }
    report(&missing)
}

/// Fails if bytes are missing, and names their files.
fn report(missing: &[MissingContent]) -> Result<(), Failure> {
    if missing.is_empty() {
        return Ok(());
    }
    for content in missing {
        output::note(&format!(
            "missing: {} bytes with the SHA-256 {}, of {}",
            content.size,
            content.sha256,
            content.files.join(", ")
        ));
    }
    Err(Failure::failed(format_args!(
        "{} contents of files are not in the archive, because the file store does not have them as \
         they were stored. Everything else is in it, and its manifest lists what is missing. If a \
         purge has just erased them, export again",
        missing.len()
    )))
}

async fn sheet(database: Database, csv: &Path) -> Result<(), Failure> {
    let progress = Terminal::default();
    let memos = if csv == Path::new(STANDARD_OUTPUT) {
        archive::write_memo_sheet(&database, stdout(), &progress).await?
    } else {
        archive::write_memo_sheet_to_file(&database, csv, &progress).await?
    };
    database.close().await?;
    output::note(&format!("exported {memos} memos"));
    Ok(())
}
