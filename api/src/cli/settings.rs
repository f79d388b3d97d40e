//! `memoranda settings`

use super::{Failure, help_with, output, server::ServerSettings};
use crate::{
    auth::MIN_SECRET_BYTES,
    settings::{
        Given, Group, Origin, Scope, Values,
        groups::SERVING,
        table::JWT_SECRET,
        unknown_variables,
        watching::{LOG, LOG_FORMAT},
    },
};

const EXAMPLES: &str = "  memoranda settings
  MEMORANDA_LISTEN=0.0.0.0:80 memoranda settings --config /etc/memoranda.toml";

/// Print the settings that a server would run with, and where each comes from, and check them;
/// secrets are masked
#[derive(clap::Args)]
#[command(after_help = help_with(EXAMPLES))]
pub(super) struct Settings {
    #[command(flatten)]
    settings: Given<Self>,
}

impl Scope for Settings {
    const SETTINGS: &'static [Group] = SERVING;
}

impl Settings {
    pub(super) fn run(self) -> Result<(), Failure> {
        let values = self.settings.read()?;
        for group in Self::SETTINGS {
            output::print(&format!("# {}", group.heading))?;
            for line in values.lines(group) {
                output::print(&line)?;
            }
        }
        for problem in unknown_variables(std::env::vars_os().map(|(name, _)| name)) {
            output::note(&format!("warning: {problem}"));
        }
        check(values)
    }
}

/// Refuses what a server would refuse. That there is no secret yet is no fault of the others.
fn check(mut values: Values) -> Result<(), Failure> {
    values.get(&LOG)?;
    values.get(&LOG_FORMAT)?;
    values.or_set(&JWT_SECRET, "-".repeat(MIN_SECRET_BYTES), Origin::Default);
    ServerSettings::read(&values)?.mailing(&values)?;
    Ok(())
}
