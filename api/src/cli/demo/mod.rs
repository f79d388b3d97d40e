//! `memoranda demo`

mod greeting;
mod people;

use super::{
    Failure,
    demo_folder::{self, DemoFolder},
    help_with, logging, open, output, server,
    server::ServerSettings,
    signals,
};
use crate::settings::{Group, Scope, SettingArgs};
use service::{demo_office, installation};
use std::path::PathBuf;
use tracing::{instrument::WithSubscriber, subscriber::NoSubscriber};

const EXAMPLES: &str = "  memoranda demo
  memoranda demo --listen 127.0.0.1:0           on any free port
  memoranda demo --reset                        with the original data
  memoranda token author                        another token, in the same folder";

/// Serve a demonstration office: SQLite in a folder, the desk, GraphiQL, and people to try
#[derive(clap::Args)]
#[command(after_help = help_with(EXAMPLES))]
pub(super) struct Demo {
    /// Where the demo keeps its database, files and secret
    #[arg(long, value_name = "FOLDER", default_value = demo_folder::DEFAULT)]
    folder: PathBuf,
    /// Start from the beginning: delete the demo's own database and files first
    #[arg(long)]
    reset: bool,
    #[command(flatten)]
    settings: SettingArgs<Self>,
}

impl Scope for Demo {
    const GROUPS: &'static [Group] = &[
        Group::Server,
        Group::Database,
        Group::Connections,
        Group::Tokens,
        Group::SignIn,
        Group::Files,
        Group::Uploads,
        Group::Requests,
        Group::Clients,
        Group::Rates,
        Group::Common,
    ];
    const IS_DEMO: bool = true;
}

impl Demo {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let mut values = self.settings.read()?;
        let telemetry = logging::start_with_traces(&values)?;
        server::try_port(&values)?;
        let folder = DemoFolder::new(self.folder);
        folder.create()?;
        folder.set_own_places(&mut values);
        folder.set_desk(&mut values);
        folder.set_or_create_secret(&mut values)?;
        let settings = ServerSettings::read(&values)?;
        let _lock = open::lock_for_server(&values)?;
        if self.reset {
            folder.reset(&values)?;
        }
        let signals = signals::listen(settings.drains())?;
        let database = open::connect(&values).await?;
        open::migrate(&database).await?;
        // A new secret is intended here: a person deleted the folder's secret, or gave another one.
        installation::replace_secret(&database, settings.keys.fingerprint()).await?;
        let backend = settings.backend(&values, database).await?;
        // The addresses are the first thing that a person sees, not a line for every file.
        demo_office::furnish(&backend.services, &backend.file_store)
            .with_subscriber(NoSubscriber::default())
            .await?;
        let has_desk = settings.has_desk();
        let people = people::all(&backend.services, &settings.keys).await?;
        let settings = settings.of_demo(people.clone());
        let server = settings.bind(&values, backend).await?;
        let data_note = folder.data_note(&values);
        output::print(&greeting::text(server.address(), has_desk, &people, &data_note))?;
        server::run(server, signals, telemetry).await
    }
}
