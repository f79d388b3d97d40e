//! `memoranda user add`

use super::{Role, open_services};
use crate::{
    cli::{Failure, demo_args::DemoArgs, help_with, output},
    settings::{Group, Scope, SettingArgs},
};
use service::people::{self, AddPersonError, NewPerson};

const EXAMPLES: &str = "  memoranda user add ada --full-name 'Ada Lovelace' --email ada@example.org
  memoranda user add root --full-name 'Grace Hopper' --email grace@example.org --role admin";

/// Add a person, and print the username
#[derive(clap::Args)]
#[command(after_help = help_with(EXAMPLES))]
pub(super) struct Add {
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

impl Scope for Add {
    const GROUPS: &'static [Group] = &[Group::Database, Group::Connections, Group::Common];
}

impl Add {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let services = open_services(self.settings.read()?, self.demo).await?;
        let new = NewPerson {
            username: self.username,
            full_name: self.full_name,
            email: self.email,
            role: self.role.into(),
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
