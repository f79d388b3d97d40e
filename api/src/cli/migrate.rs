//! `memoranda migrate`

use super::{Failure, help_with, logging, open, output};
use crate::settings::{Group, Scope, SettingArgs, Values};

const EXAMPLES: &str = "  memoranda migrate
  memoranda migrate --check
  memoranda migrate --database-url postgres://memoranda:password@localhost/memoranda";

/// Bring the database's schema up to date
#[derive(clap::Args)]
#[command(after_help = help_with(EXAMPLES))]
pub(super) struct Migrate {
    /// Change nothing: list pending migrations, and exit with code 1 if there are any
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    settings: SettingArgs<Self>,
}

impl Scope for Migrate {
    const GROUPS: &'static [Group] = &[Group::Database, Group::Connections, Group::Common];
}

impl Migrate {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let values = self.settings.read()?;
        logging::start(&values)?;
        if self.check { check(&values).await } else { apply(&values).await }
    }
}

async fn check(values: &Values) -> Result<(), Failure> {
    let database = open::connect_if_there(values).await?;
    let pending = open::pending(database.as_ref()).await?;
    for name in &pending {
        output::print(&format!("pending {name}"))?;
    }
    if pending.is_empty() {
        return output::print("up to date");
    }
    Err(Failure::failed(format_args!(
        "{} pending: apply with `memoranda migrate` and the same settings",
        open::migrations(pending.len())
    )))
}

async fn apply(values: &Values) -> Result<(), Failure> {
    let database = open::connect(values).await?;
    let applied = open::migrate(&database).await?;
    database.close().await?;
    for name in &applied {
        output::print(&format!("applied {name}"))?;
    }
    if applied.is_empty() { output::print("up to date") } else { Ok(()) }
}
