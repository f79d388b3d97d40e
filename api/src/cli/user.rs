//! `memoranda user`

use super::{Failure, demo::BesideDemo, help_with, logging, open, output};
use crate::settings::{
    Given, Group, Scope,
    groups::{COMMON, CONNECTIONS, DATABASE},
};
use clap::{Subcommand, ValueEnum};
use entity::UserRole;
use service::people::{self, NewPerson};

const EXAMPLES: &str = "  memoranda user add ada --full-name 'Ada Lovelace' --email ada@example.org
  memoranda user add root --full-name 'Grace Hopper' --email grace@example.org --role admin";

/// Manage people
#[derive(clap::Args)]
pub(super) struct User {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Add(Add),
}

/// Add a person, and print the username
#[derive(clap::Args)]
#[command(after_help = help_with(EXAMPLES))]
struct Add {
    /// Short name: 1 to 64 letters, digits, dots, hyphens or underscores
    username: String,
    /// Name as others see it
    #[arg(long, value_name = "NAME")]
    full_name: String,
    /// Address of electronic mail; nobody else has it
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    /// member, chief (may read every sent memo) or admin (runs the system: holds, the deletion log)
    #[arg(long, value_enum, default_value_t = Role::Member, hide_possible_values = true)]
    role: Role,
    #[command(flatten)]
    demo: BesideDemo,
    #[command(flatten)]
    settings: Given<Self>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Role {
    Member,
    Chief,
    Admin,
}

impl Scope for Add {
    const SETTINGS: &'static [Group] = &[DATABASE, CONNECTIONS, COMMON];
}

impl User {
    pub(super) async fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Add(command) => command.run().await,
        }
    }
}

impl Add {
    async fn run(self) -> Result<(), Failure> {
        let mut values = self.settings.read()?;
        logging::start(&values)?;
        let no_database = open::is_missing(&values)?;
        self.demo.fill_in(&mut values, no_database)?;
        let database = open::connect_to_migrated(&values, "apply them with `memoranda migrate`").await?;
        let services = open::services_without_files(database)?;
        let role = match self.role {
            Role::Member => UserRole::Member,
            Role::Chief => UserRole::Chief,
            Role::Admin => UserRole::Admin,
        };
        let new = NewPerson { username: self.username, full_name: self.full_name, email: self.email, role };
        let added = people::add(&services, &new).await?;
        services.database.close().await?;
        match added {
            Ok(person) => output::print(&person.username),
            Err(refusal) => Err(Failure::failed(refusal)),
        }
    }
}
