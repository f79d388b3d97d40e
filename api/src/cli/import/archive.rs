//! `memoranda import archive`

use super::{Failure, help_with, logging, open, output, progress::Terminal};
use crate::settings::{Group, Scope, SettingArgs};
use archive::{Imported, Mode, Source};
use std::{io::stdin, path::PathBuf};

const EXAMPLES: &str = "  memoranda migrate                                creates the database
  memoranda import archive --from archive --dry-run
  memoranda import archive --from archive
  zstd -dc archive.tar.zst | memoranda import archive --from -";

const MIGRATE: &str = "apply them with `memoranda migrate`";

/// Bring an archive of `memoranda export` into an empty, migrated database of either kind. No
/// server may use it
///
/// Everything keeps its ids, and nobody is notified. All bytes are checked before anything is
/// written, and it is imported wholly or not at all. Take archives only from people whom you trust
/// with the installation: they say who is an administrator, and with which password.
#[derive(clap::Args)]
#[command(after_help = help_with(EXAMPLES))]
pub(super) struct Archive {
    /// The folder of the archive; - for a tar on standard input
    #[arg(long, value_name = "FOLDER|-")]
    from: PathBuf,
    /// Try everything, and keep nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    settings: SettingArgs<Self>,
}

impl Scope for Archive {
    const GROUPS: &'static [Group] =
        &[Group::Database, Group::Connections, Group::Files, Group::Common];
}

impl Archive {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let values = self.settings.read()?;
        logging::start(&values)?;
        let database = open::connect_to_migrated(&values, MIGRATE).await?;
        let _lock = open::lock_for_server(&values)?;
        let store = open::file_store(&values, &database).await?;
        let source = if self.from.as_os_str() == "-" {
            Source::stream(stdin().lock())?
        } else {
            Source::folder(&self.from)?
        };
        let mode = if self.dry_run { Mode::DryRun } else { Mode::Apply };
        let services = open::services(database);
        let progress = Terminal::default();
        let imported = archive::import(&services, &store, &source, mode, &progress).await?;
        services.database.close().await?;
        let Imported { rows, contents, missing } = imported;
        for content in &missing {
            output::note(&format!(
                "the archive lacks the bytes of {}: these files cannot be downloaded",
                content.files.join(", ")
            ));
        }
        let done = if self.dry_run { "would be imported" } else { "imported" };
        output::print(&format!("{done}: {rows} rows and {contents} contents of files"))
    }
}
