//! `memoranda migrate`

use super::{
    Failure, help_with, logging, open, output,
    table::{Format, Tabular},
};
use crate::settings::{Group, Scope, SettingArgs, Values};
use serde::Serialize;
use service::{database::Database, memos};

const EXAMPLES: &str = "  memoranda migrate
  memoranda migrate --check
  memoranda migrate --status
  memoranda migrate --down 1
  memoranda migrate --database-url postgres://memoranda:password@localhost/memoranda";

/// Bring the database's schema up to date
///
/// Memos that other programs have written into the tables are also indexed for search. Servers do
/// this too, but slowly.
#[derive(clap::Args)]
#[command(after_help = help_with(EXAMPLES))]
pub(super) struct Migrate {
    /// Change nothing: list pending migrations, and exit with code 1 if there are any
    #[arg(long, conflicts_with_all = ["status", "down"])]
    check: bool,
    /// Change nothing: list all migrations, and what taking each back would lose
    #[arg(long, conflicts_with = "down")]
    status: bool,
    /// Take back the last N migrations, for an earlier version. Stop all servers first
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    down: Option<u32>,
    /// With --down: lose what taking them back loses
    #[arg(long, requires = "down")]
    accept_loss: bool,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    settings: SettingArgs<Self>,
}

impl Scope for Migrate {
    const GROUPS: &'static [Group] = &[Group::Database, Group::Connections, Group::Common];
}

/// A migration, as `--status` prints it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    migration: String,
    state: State,
    down_loses: Option<&'static str>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Applied,
    Pending,
    /// A newer version has applied it.
    Newer,
}

impl Tabular for Status {
    const HEADINGS: &'static [&'static str] = &["MIGRATION", "STATE", "A WAY DOWN LOSES"];

    fn cells(&self) -> Vec<String> {
        let state = match self.state {
            State::Applied => "applied",
            State::Pending => "pending",
            State::Newer => "newer",
        };
        let loses = self.down_loses.unwrap_or("nothing");
        vec![self.migration.clone(), state.to_owned(), loses.to_owned()]
    }
}

impl Migrate {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let values = self.settings.read()?;
        logging::start(&values)?;
        if self.check {
            check(&values).await
        } else if self.status {
            self.format.list(&status(open::connect_if_there(&values).await?.as_ref()).await?)
        } else if let Some(steps) = self.down {
            take_back(&values, steps, self.accept_loss).await
        } else {
            apply(&values).await
        }
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
    if applied.is_empty() {
        // A server would index memos that other programs wrote, but slowly. Migrations have indexed
        // them already.
        memos::index_stale(&database, None).await.map_err(Failure::failed)?;
    }
    database.close().await?;
    for name in &applied {
        output::print(&format!("applied {name}"))?;
    }
    if applied.is_empty() { output::print("up to date") } else { Ok(()) }
}

/// All migrations in their order, then those of a newer version.
async fn status(database: Option<&Database>) -> Result<Vec<Status>, Failure> {
    let (pending, newer) = match database {
        Some(database) => {
            let migrations = database.migrations().await?;
            (migrations.pending, migrations.newer)
        }
        None => (open::pending(None).await?, Vec::new()),
    };
    let known = open::known_migrations().into_iter().map(|migration| {
        let state = if pending.contains(&migration) { State::Pending } else { State::Applied };
        Status { down_loses: migration::loses(&migration), migration, state }
    });
    let newer = newer.into_iter().map(|migration| Status {
        migration,
        state: State::Newer,
        down_loses: None,
    });
    Ok(known.chain(newer).collect())
}

async fn take_back(values: &Values, steps: u32, accept_loss: bool) -> Result<(), Failure> {
    let _lock = open::lock_for_server(values)?;
    let Some(database) = open::connect_if_there(values).await? else {
        return Err(Failure::failed("there is no database yet, so there is nothing to take back"));
    };
    // This refuses a database that a newer version has migrated.
    open::pending(Some(&database)).await?;
    let mut applied = status(Some(&database)).await?;
    applied.retain(|migration| migration.state == State::Applied);
    let steps_there = usize::try_from(steps).unwrap_or(usize::MAX).min(applied.len());
    let last = applied.split_off(applied.len() - steps_there);
    let losses: Vec<String> = last
        .iter()
        .filter_map(|one| Some(format!("  {}: {}", one.migration, one.down_loses?)))
        .collect();
    if !losses.is_empty() && !accept_loss {
        return Err(Failure::failed(format_args!(
            "this would lose:\n{}\nMake a backup, then repeat the command with --accept-loss",
            losses.join("\n")
        )));
    }
    let result = database.migrate_down(steps).await;
    let left = status(Some(&database)).await?;
    database.close().await?;
    for taken in last.iter().rev() {
        let is_pending =
            |now: &&Status| now.migration == taken.migration && now.state == State::Pending;
        if left.iter().any(|now| is_pending(&now)) {
            output::print(&format!("took back {}", taken.migration))?;
        }
    }
    Ok(result?)
}
