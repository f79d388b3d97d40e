//! The command line: one file per command.

mod backup;
mod completions;
mod confirm;
mod demo;
mod demo_args;
mod demo_folder;
mod doctor;
mod export;
mod failure;
mod health;
mod id;
mod import;
mod ledger;
mod logging;
mod man;
mod migrate;
mod open;
mod output;
mod progress;
mod purge;
mod restore;
mod schema;
mod serve;
mod server;
mod settings;
mod signals;
mod supervisor;
mod table;
mod token;
mod user;

use clap::{Parser, Subcommand};
use failure::Failure;
use std::process::ExitCode;

const FIRST_STEPS: &str = "\
First steps:
  memoranda demo                      a demonstration office with a page for people, and GraphiQL

In production:
  export MEMORANDA_DATABASE_URL=postgres://memoranda:password@localhost/memoranda
  export MEMORANDA_JWT_SECRET=\"$(openssl rand -base64 48)\"
  memoranda migrate
  memoranda user add ada --full-name 'Ada Lovelace' --email ada@example.org --role admin
  memoranda user password ada         prints a password; or sign in with your organization's \
    provider (oidc-issuer)
  memoranda doctor
  memoranda serve

`memoranda COMMAND --help` describes a command.";

#[derive(Parser)]
#[command(
    name = "memoranda",
    version = crate::VERSION,
    about = "A GraphQL server for CRM memos that deletes them safely",
    after_help = FIRST_STEPS
)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Demo(demo::Demo),
    Serve(serve::Serve),
    Migrate(migrate::Migrate),
    User(user::User),
    Token(token::Token),
    Purge(purge::Purge),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Confirm(confirm::Confirm),
    Import(import::Import),
    Ledger(ledger::Ledger),
    Export(export::Export),
    Doctor(doctor::Doctor),
    Health(health::Health),
    Settings(settings::Settings),
    Schema(schema::Schema),
    Id(id::Id),
    Completions(completions::Completions),
    Man(man::ManPages),
}

/// Runs the program with its command line. Exit code 0: done; 1: failed; 2: wrong usage or
/// settings.
pub async fn run() -> ExitCode {
    let result = match CommandLine::parse().command {
        Command::Demo(command) => command.run().await,
        Command::Serve(command) => command.run().await,
        Command::Migrate(command) => command.run().await,
        Command::User(command) => command.run().await,
        Command::Token(command) => command.run().await,
        Command::Purge(command) => command.run().await,
        Command::Backup(command) => command.run().await,
        Command::Restore(command) => command.run().await,
        Command::Confirm(command) => command.run().await,
        Command::Import(command) => command.run().await,
        Command::Ledger(command) => command.run().await,
        Command::Export(command) => command.run().await,
        Command::Doctor(command) => command.run().await,
        Command::Health(command) => command.run().await,
        Command::Settings(command) => command.run(),
        Command::Schema(command) => command.run(),
        Command::Id(command) => command.run(),
        Command::Completions(command) => command.run(),
        Command::Man(command) => command.run(),
    };
    result.map_or_else(|failure| output::report(&failure), |()| ExitCode::SUCCESS)
}

/// The end of a command's help: its examples, and where settings come from.
fn help_with(examples: &str) -> String {
    format!(
        "Examples:\n{examples}\n\nThe value of a setting comes from its flag, else from its \
         environment variable, else from the settings file, else from its default. In the settings \
         file, its key is the flag without the dashes (listen = \"127.0.0.1:8080\"). An empty \
         variable counts as none. `memoranda settings template` prints a settings file.\n\nExit \
         code: 0 done, 1 failed, 2 wrong usage or settings."
    )
}
