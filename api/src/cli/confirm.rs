//! `memoranda confirm`

use super::{Failure, help_with, logging, open, output};
use crate::settings::{
    Group, Row, Scope, SettingArgs,
    table::{files::FILE_STORE, ledger::LEDGER, schedule::RESTORABLE_DAYS},
};
use clap::{Args, Subcommand};
use service::{
    blobs, installation, ledger,
    observed_time::{self, TimeObserver},
};

const EXAMPLES: &str = "  memoranda confirm clock              the clock is right: erase what is \
    due
  memoranda confirm file-store         the files are in this place: they were moved, or are lost
  memoranda confirm ledger             the ledger is in this place: it was moved, or is lost
  memoranda confirm secret             servers sign with this jwt-secret from now on";

const MIGRATE: &str = "apply them with `memoranda migrate`";

/// Confirm something that a server found doubtful, on your own responsibility
#[derive(Args)]
#[command(after_help = help_with(EXAMPLES))]
pub(super) struct Confirm {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    Clock(Clock),
    FileStore(Files),
    Ledger(Ledger),
    Secret(Secret),
}

/// Confirm that the clock is right, although it is far ahead of the time that servers have seen.
/// The next purge erases what is due
#[derive(Args)]
struct Clock {
    #[command(flatten)]
    settings: SettingArgs<Self>,
}

/// Confirm that the files are in this place, although its id is not the one in the database
#[derive(Args)]
struct Files {
    #[command(flatten)]
    settings: SettingArgs<Self>,
}

/// Confirm that the ledger is in this place, although it lacks lines of which the database knows.
/// The next server compares all its lines, or begins a new ledger with everything that was ever
/// deleted
#[derive(Args)]
struct Ledger {
    #[command(flatten)]
    settings: SettingArgs<Self>,
}

/// Confirm that the servers sign with this secret from now on. All sessions and tokens end
#[derive(Args)]
struct Secret {
    #[command(flatten)]
    settings: SettingArgs<Self>,
}

impl Scope for Secret {
    const GROUPS: &'static [Group] =
        &[Group::Database, Group::Connections, Group::Tokens, Group::Common];
}

impl Scope for Ledger {
    const GROUPS: &'static [Group] =
        &[Group::Ledger, Group::Database, Group::Connections, Group::Common];
}

impl Scope for Clock {
    const GROUPS: &'static [Group] = &[Group::Database, Group::Connections, Group::Common];
    const SINGLE: &'static [&'static Row] = &[&RESTORABLE_DAYS.row];
}

impl Scope for Files {
    const GROUPS: &'static [Group] =
        &[Group::Database, Group::Connections, Group::Files, Group::Common];
}

impl Confirm {
    pub(super) async fn run(self) -> Result<(), Failure> {
        match self.what {
            What::Clock(clock) => clock.run().await,
            What::FileStore(files) => files.run().await,
            What::Ledger(ledger) => ledger.run().await,
            What::Secret(secret) => secret.run().await,
        }
    }
}

impl Clock {
    async fn run(self) -> Result<(), Failure> {
        let values = self.settings.read()?;
        logging::start(&values)?;
        let database = open::connect_to_migrated(&values, MIGRATE).await?;
        let services = open::services(database);
        let time = TimeObserver::new(values.get(&RESTORABLE_DAYS)?);
        let unseen = time.confirm(&services).await?;
        services.database.close().await?;
        output::print(&format!(
            "the clock is confirmed ({} were in doubt): the next purge erases what is due",
            observed_time::days(unseen)
        ))
    }
}

impl Files {
    async fn run(self) -> Result<(), Failure> {
        let values = self.settings.read()?;
        logging::start(&values)?;
        let database = open::connect_to_migrated(&values, MIGRATE).await?;
        let file_store = open::open_file_store(&values)?;
        let services = open::services(database);
        blobs::confirm(&services, &file_store).await?;
        services.database.close().await?;
        output::print(&format!("the files are in {} from now on", values.shown(&FILE_STORE)))
    }
}

impl Ledger {
    async fn run(self) -> Result<(), Failure> {
        let values = self.settings.read()?;
        logging::start(&values)?;
        values.get(&LEDGER)?;
        let database = open::connect_to_migrated(&values, MIGRATE).await?;
        ledger::forget(&database).await?;
        database.close().await?;
        output::print(&format!(
            "the ledger is in {} from now on: start the servers, or restart them",
            values.shown(&LEDGER)
        ))
    }
}

impl Secret {
    async fn run(self) -> Result<(), Failure> {
        let values = self.settings.read()?;
        logging::start(&values)?;
        let keys = values.keys()?;
        let database = open::connect_to_migrated(&values, MIGRATE).await?;
        installation::replace_secret(&database, keys.fingerprint()).await?;
        database.close().await?;
        output::print(
            "the servers sign with this secret from now on: restart servers that run with another \
             secret; people must sign in again",
        )
    }
}
