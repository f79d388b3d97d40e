//! `memoranda serve`

use super::{
    Failure, help_with, logging, open, server, server::ServerSettings, signals, supervisor,
};
use crate::settings::{Group, SERVING, Scope, SettingArgs, Values};
use service::database::Database;

const EXAMPLES: &str = "  memoranda serve --migrate
  MEMORANDA_JWT_SECRET=\"$(openssl rand -base64 48)\" memoranda serve --listen 127.0.0.1:8081
  memoranda serve --config /etc/memoranda.toml --log warn,api=info --log-format json";

/// Run the server, until SIGINT (Ctrl-C), SIGTERM or SIGHUP
#[derive(clap::Args)]
#[command(after_help = help_with(EXAMPLES))]
pub(super) struct Serve {
    /// Apply pending migrations first. Without this flag, the server refuses a database with
    /// pending migrations
    #[arg(long)]
    migrate: bool,
    #[command(flatten)]
    settings: SettingArgs<Self>,
}

impl Scope for Serve {
    const GROUPS: &'static [Group] = SERVING;
}

impl Serve {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let values = self.settings.read()?;
        let telemetry = logging::start_with_traces(&values)?;
        let settings = ServerSettings::read(&values)?.with_mail(&values)?.with_ledger(&values)?;
        // A wrong one is refused before anything happens.
        let standby = open::standby(&values)?;
        tracing::info!(
            version = env!("CARGO_PKG_VERSION"),
            settings = values.summary(Self::GROUPS),
            "starting"
        );
        let signals = signals::listen(settings.drains())?;
        let _lock = open::lock_for_server(&values)?;
        let database = database(&values, self.migrate).await?;
        open::claim_secret(&values, &database, &settings.keys).await?;
        let database = match &standby {
            Some(standby) => open::with_standby(&values, database, standby).await?,
            None => database,
        };
        let backend = settings.backend(&values, database).await?;
        let server = settings.bind(&values, backend).await?;
        tracing::info!("listening on http://{}", server.address());
        supervisor::ready();
        server::run(server, signals, telemetry).await
    }
}

async fn database(values: &Values, migrate: bool) -> Result<Database, Failure> {
    if !migrate {
        let remedy =
            "apply them with `memoranda migrate`, or start with `memoranda serve --migrate`";
        return open::connect_to_migrated(values, remedy).await;
    }
    let database = open::connect(values).await?;
    for name in open::migrate(&database).await? {
        tracing::info!(name, "migration applied");
    }
    Ok(database)
}
