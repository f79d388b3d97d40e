//! `memoranda user list`

use super::{Role, open_services};
use crate::{
    cli::{
        Failure,
        demo_args::DemoArgs,
        help_with,
        table::{Format, Tabular, yes_or_no},
    },
    settings::{Group, Scope, SettingArgs},
};
use chrono::{DateTime, Utc};
use entity::{UserRole, user};
use serde::Serialize;
use service::{
    ids,
    page::{PageRequest, SortBy},
    people::{self, PeopleFilter},
};

const EXAMPLES: &str = "  memoranda user list
  memoranda user list --role admin
  memoranda user list --inactive --search lovelace --json";

/// How many people are read at a time.
const PORTION: u64 = 500;

/// List people by name
#[derive(clap::Args)]
#[command(after_help = help_with(EXAMPLES))]
pub(super) struct List {
    /// Only people in whose name or username a word begins with this text
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Only people with this role
    #[arg(long, value_enum)]
    role: Option<Role>,
    /// Only active people
    #[arg(long, conflicts_with = "inactive")]
    pub(super) active: bool,
    /// Only people who cannot sign in
    #[arg(long)]
    inactive: bool,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    demo: DemoArgs,
    #[command(flatten)]
    settings: SettingArgs<Self>,
}

impl Scope for List {
    const GROUPS: &'static [Group] = &[Group::Database, Group::Connections, Group::Common];
}

/// A person, as the commands print them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Person {
    pub(super) id: String,
    pub(super) username: String,
    pub(super) full_name: String,
    pub(super) email: String,
    pub(super) role: UserRole,
    pub(super) active: bool,
    pub(super) created_at: DateTime<Utc>,
}

impl From<user::Model> for Person {
    fn from(person: user::Model) -> Self {
        Self {
            id: ids::user(person.id).to_string(),
            username: person.username,
            full_name: person.full_name,
            email: person.email,
            role: person.role,
            active: person.active,
            created_at: person.created_at,
        }
    }
}

impl Tabular for Person {
    const HEADINGS: &'static [&'static str] =
        &["USERNAME", "NAME", "EMAIL", "ROLE", "ACTIVE", "ID"];

    fn cells(&self) -> Vec<String> {
        let active = yes_or_no(self.active);
        [&self.username, &self.full_name, &self.email, self.role.as_str(), active, &self.id]
            .map(str::to_owned)
            .into()
    }
}

impl List {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let services = open_services(self.settings.read()?, self.demo).await?;
        let filter = PeopleFilter {
            search: self.search,
            roles: self.role.map(|role| vec![UserRole::from(role)]),
            active: (self.active || self.inactive).then(|| vec![self.active]),
        };
        let mut found: Vec<Person> = Vec::new();
        let mut request = PageRequest::first(PORTION);
        loop {
            let page = people::list(&services, &filter, SortBy::Name, &request).await?;
            let last = page.rows.last();
            request.after = last.map(|person| SortBy::Name.key(person.id, &person.full_name, None));
            found.extend(page.rows.into_iter().map(Person::from));
            if !page.has_next {
                break;
            }
        }
        services.database.close().await?;
        self.format.list(&found)
    }
}
