//! `memoranda token`

use super::{Failure, demo_args::DemoArgs, help_with, logging, open, output};
use crate::{
    auth::TokenKeys,
    settings::{Group, Scope, SettingArgs, table::tokens::JWT_SECRET},
};
use chrono::TimeDelta;
use clap::builder::RangedI64ValueParser;
use entity::user;
use service::{Services, people};

const EXAMPLES: &str = "  memoranda token author                        for a demo: run it in the \
    folder where `memoranda demo` was started
  memoranda token ada --lifetime-hours 1
  curl -H \"Authorization: Bearer $(memoranda token ada)\" …";

/// Print a token for a person, for the header `Authorization: Bearer TOKEN`
#[derive(clap::Args)]
#[command(after_help = help_with(EXAMPLES))]
pub(super) struct Token {
    /// The person's username
    username: String,
    /// How long the token is valid: 1 to 8760 hours
    #[arg(long, value_name = "HOURS", default_value_t = 12, value_parser = lifetime())]
    lifetime_hours: i64,
    #[command(flatten)]
    demo: DemoArgs,
    #[command(flatten)]
    settings: SettingArgs<Self>,
}

/// The lifetimes that a token may have, in hours.
fn lifetime() -> RangedI64ValueParser {
    clap::value_parser!(i64).range(1..=8_760)
}

impl Scope for Token {
    const GROUPS: &'static [Group] =
        &[Group::Database, Group::Connections, Group::Tokens, Group::Common];
}

impl Token {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let mut values = self.settings.read()?;
        logging::start(&values)?;
        let no_secret = values.given(&JWT_SECRET)?.is_none();
        self.demo.apply(&mut values, no_secret)?;
        let keys = values.keys()?;
        let database =
            open::connect_to_migrated(&values, "apply them with `memoranda migrate`").await?;
        open::check_secret(&values, &database, &keys).await?;
        let services = open::services(database);
        let person = active(&services, &self.username).await?;
        let token = issue(&services, &keys, &person, TimeDelta::hours(self.lifetime_hours))?;
        services.database.close().await?;
        output::print(&token)
    }
}

/// Makes a token for that person.
pub(super) fn issue(
    services: &Services,
    keys: &TokenKeys,
    person: &user::Model,
    lifetime: TimeDelta,
) -> Result<String, Failure> {
    keys.issue(person.id, services.now(), lifetime)
        .map_err(|error| Failure::failed(format_args!("the token cannot be created: {error}")))
}

async fn active(services: &Services, username: &str) -> Result<user::Model, Failure> {
    let remedy = "add somebody with `memoranda user add USERNAME --full-name NAME --email ADDRESS`";
    match people::by_username(services, username).await? {
        Some(person) if person.active => Ok(person),
        Some(_) => Err(Failure::failed(format_args!(
            "{username:?} is inactive and cannot sign in: {remedy}"
        ))),
        None => {
            Err(Failure::failed(format_args!("nobody has the username {username:?}: {remedy}")))
        }
    }
}
