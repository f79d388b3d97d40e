//! `memoranda user show`

use super::{Whom, list::Person};
use crate::cli::{
    Failure, help_with,
    table::{Format, moment, yes_or_no},
};
use serde::Serialize;
use service::accounts;

const EXAMPLES: &str = "  memoranda user show ada
  memoranda user show ada --json";

/// Show a person: role, whether they can sign in and how, and the number of their sessions
#[derive(clap::Args)]
#[command(after_help = help_with(EXAMPLES))]
pub(super) struct Show {
    #[command(flatten)]
    whom: Whom,
    #[command(flatten)]
    format: Format,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    #[serde(flatten)]
    person: Person,
    has_password: bool,
    issuers: Vec<String>,
    sessions: usize,
}

impl Shown {
    fn lines(&self) -> [(&'static str, String); 10] {
        let Self { person, has_password, issuers, sessions } = self;
        [
            ("username", person.username.clone()),
            ("name", person.full_name.clone()),
            ("email", person.email.clone()),
            ("role", person.role.as_str().to_owned()),
            ("active", yes_or_no(person.active).to_owned()),
            ("added", moment(person.created_at)),
            ("has a password", yes_or_no(*has_password).to_owned()),
            ("known at", issuers.join(", ")),
            ("sessions", sessions.to_string()),
            ("id", person.id.clone()),
        ]
    }
}

impl Show {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let (services, person) = self.whom.find().await?;
        let ways = accounts::ways_to_sign_in(&services, person.id).await?;
        let sessions = accounts::sessions_of(&services, person.id).await?.len();
        services.database.close().await?;
        let shown = Shown {
            person: person.into(),
            has_password: ways.has_password,
            issuers: ways.issuers,
            sessions,
        };
        self.format.one(&shown, shown.lines())
    }
}
