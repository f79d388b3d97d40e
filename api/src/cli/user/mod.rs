//! `memoranda user`: one file per command.

mod activity;
mod add;
mod link;
mod list;
mod password;
mod role;
mod sessions;
mod show;

use super::{Failure, demo_args::DemoArgs, logging, open};
use crate::settings::{Group, Scope, SettingArgs, Values};
use clap::{Subcommand, ValueEnum};
use entity::{UserRole, user};
use service::{Services, people};

/// Manage people
#[derive(clap::Args)]
pub(super) struct User {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    List(list::List),
    Show(show::Show),
    Add(add::Add),
    Password(password::Password),
    Link(link::Link),
    Role(role::SetRole),
    Deactivate(activity::Deactivate),
    Activate(activity::Activate),
    Sessions(sessions::Sessions),
    SignOut(sessions::SignOut),
}

impl User {
    pub(super) async fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::List(command) => command.run().await,
            Command::Show(command) => command.run().await,
            Command::Add(command) => command.run().await,
            Command::Password(command) => command.run().await,
            Command::Link(command) => command.run().await,
            Command::Role(command) => command.run().await,
            Command::Deactivate(command) => command.run().await,
            Command::Activate(command) => command.run().await,
            Command::Sessions(command) => command.run().await,
            Command::SignOut(command) => command.run().await,
        }
    }
}

/// The person whom a command is about, and where to find them.
#[derive(clap::Args)]
struct Whom {
    /// The person's username
    username: String,
    #[command(flatten)]
    demo: DemoArgs,
    #[command(flatten)]
    settings: SettingArgs<Self>,
}

impl Scope for Whom {
    const GROUPS: &'static [Group] = &[Group::Database, Group::Connections, Group::Common];
}

impl Whom {
    /// Opens the database and finds the person.
    async fn find(self) -> Result<(Services, user::Model), Failure> {
        let services = open_services(self.settings.read()?, self.demo).await?;
        let person = existing(&services, &self.username).await?;
        Ok((services, person))
    }
}

/// What a person may do besides handling their own memos.
#[derive(Clone, Copy, ValueEnum)]
enum Role {
    Member,
    Chief,
    Admin,
}

impl From<Role> for UserRole {
    fn from(role: Role) -> Self {
        match role {
            Role::Member => Self::Member,
            Role::Chief => Self::Chief,
            Role::Admin => Self::Admin,
        }
    }
}

/// Starts the log and opens the database: the configured one, or the demo's.
async fn open_services(mut values: Values, demo: DemoArgs) -> Result<Services, Failure> {
    logging::start(&values)?;
    let no_database = open::is_missing(&values)?;
    demo.apply(&mut values, no_database)?;
    let database =
        open::connect_to_migrated(&values, "apply them with `memoranda migrate`").await?;
    Ok(open::services(database))
}

async fn existing(services: &Services, username: &str) -> Result<user::Model, Failure> {
    let remedy = "add somebody with `memoranda user add USERNAME --full-name NAME --email ADDRESS`";
    let unknown =
        || Failure::failed(format_args!("nobody has the username {username:?}: {remedy}"));
    people::by_username(services, username).await?.ok_or_else(unknown)
}

/// Why a person must remain an active administrator.
fn denied(denial: people::policy::RevokeDenial) -> Failure {
    match denial {
        people::policy::RevokeDenial::LastAdmin => Failure::failed(
            "this is the only active administrator: make somebody else one first, with `memoranda \
             user role USERNAME admin`",
        ),
        people::policy::RevokeDenial::Oneself => {
            Failure::failed("administrators cannot do this to themselves")
        }
    }
}

/// An erased person does not come back.
fn erased() -> Failure {
    Failure::failed("the person is erased and does not come back: add a new person")
}

/// Somebody has deleted the person after the command found them.
fn gone() -> Failure {
    Failure::failed("the person is gone: somebody has just deleted them")
}
