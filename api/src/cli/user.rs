//! `memoranda user`

use super::{Failure, demo_args::DemoArgs, help_with, logging, open, output};
use crate::settings::{Group, Row, Scope, SettingArgs, Values, table::sign_in::OIDC_ISSUER};
use clap::{Subcommand, ValueEnum};
use entity::{UserRole, user};
use service::{
    Services,
    accounts::{self, LinkError, SetPasswordError},
    people::{self, AddPersonError, NewPerson},
};

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
    Password(Password),
    Link(Link),
}

const LINK_EXAMPLES: &str =
    "  memoranda user link ada 248289761001 --oidc-issuer https://login.example.org";

/// Link a person to their account at the OpenID Connect provider. From then on, they sign in there
#[derive(clap::Args)]
#[command(after_help = help_with(LINK_EXAMPLES))]
struct Link {
    /// The person's username
    username: String,
    /// The `sub` of the person's tokens
    subject: String,
    #[command(flatten)]
    demo: DemoArgs,
    #[command(flatten)]
    settings: SettingArgs<Self>,
}

impl Scope for Link {
    const GROUPS: &'static [Group] = &[Group::Database, Group::Connections, Group::Common];
    const SINGLE: &'static [&'static Row] = &[&OIDC_ISSUER.row];
}

const PASSWORD_EXAMPLES: &str = "  memoranda user password ada
  printf '%s' \"$PASSWORD\" | memoranda user password ada --stdin";

/// Set a person's password and end their sessions. Prints a new password, unless one is given
#[derive(clap::Args)]
#[command(after_help = help_with(PASSWORD_EXAMPLES))]
struct Password {
    /// The person's username
    username: String,
    /// Take the password from the first line of standard input: 12 to 256 characters
    #[arg(long)]
    stdin: bool,
    #[command(flatten)]
    demo: DemoArgs,
    #[command(flatten)]
    settings: SettingArgs<Self>,
}

impl Scope for Password {
    const GROUPS: &'static [Group] = &[Group::Database, Group::Connections, Group::Common];
}

/// Add a person, and print the username
#[derive(clap::Args)]
#[command(after_help = help_with(EXAMPLES))]
struct Add {
    /// Short name: 1 to 64 letters, digits, dots, hyphens or underscores
    username: String,
    /// The name that others see
    #[arg(long, value_name = "NAME")]
    full_name: String,
    /// The mail address; no other person may have it
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    /// member, chief (may read every sent memo) or admin (runs the system: holds, the deletion log)
    #[arg(long, value_enum, default_value_t = Role::Member, hide_possible_values = true)]
    role: Role,
    #[command(flatten)]
    demo: DemoArgs,
    #[command(flatten)]
    settings: SettingArgs<Self>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Role {
    Member,
    Chief,
    Admin,
}

impl Scope for Add {
    const GROUPS: &'static [Group] = &[Group::Database, Group::Connections, Group::Common];
}

impl User {
    pub(super) async fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Add(command) => command.run().await,
            Command::Password(command) => command.run().await,
            Command::Link(command) => command.run().await,
        }
    }
}

impl Add {
    async fn run(self) -> Result<(), Failure> {
        let services = open_services(self.settings.read()?, self.demo).await?;
        let role = match self.role {
            Role::Member => UserRole::Member,
            Role::Chief => UserRole::Chief,
            Role::Admin => UserRole::Admin,
        };
        let new = NewPerson {
            username: self.username,
            full_name: self.full_name,
            email: self.email,
            role,
        };
        let added = match people::add(&services, &new).await {
            Ok(person) => Ok(person.username),
            Err(AddPersonError::Invalid(problem)) => Err(Failure::failed(problem)),
            Err(AddPersonError::Taken(taken)) => Err(Failure::failed(taken)),
            Err(AddPersonError::Failed(error)) => return Err(error.into()),
        };
        services.database.close().await?;
        output::print(&added?)
    }
}

impl Password {
    async fn run(self) -> Result<(), Failure> {
        let services = open_services(self.settings.read()?, self.demo).await?;
        let given = if self.stdin { Some(first_line()?) } else { None };
        let password = given.clone().unwrap_or_else(|| accounts::new_password(&services));
        let person = existing(&services, &self.username).await?;
        let set = match accounts::set_password_of(&services, person.id, &password).await {
            Ok(_) => Ok(()),
            Err(SetPasswordError::Password(problem)) => {
                Err(Failure::failed(format_args!("the password {problem}")))
            }
            Err(SetPasswordError::NotFound | SetPasswordError::Busy) => {
                Err(Failure::failed("the person is gone: somebody has just deleted them"))
            }
            Err(SetPasswordError::Failed(error)) => return Err(error.into()),
        };
        services.database.close().await?;
        set?;
        if given.is_some() { Ok(()) } else { output::print(&password) }
    }
}

impl Link {
    async fn run(self) -> Result<(), Failure> {
        let values = self.settings.read()?;
        let issuer = values.get(&OIDC_ISSUER)?;
        let services = open_services(values, self.demo).await?;
        let person = existing(&services, &self.username).await?;
        let linked = match accounts::link(&services, &person, &issuer, &self.subject).await {
            Ok(()) => Ok(()),
            Err(LinkError::AlreadyLinked) => Err(Failure::failed(
                "the person is already linked to another subject, or the subject to another person",
            )),
            Err(LinkError::Failed(error)) => return Err(error.into()),
        };
        services.database.close().await?;
        linked
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

/// The first line of standard input, without the line break.
fn first_line() -> Result<String, Failure> {
    let mut line = String::new();
    let read = std::io::stdin().read_line(&mut line);
    read.map_err(|error| Failure::failed(format_args!("standard input cannot be read: {error}")))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
