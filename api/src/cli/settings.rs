//! `memoranda settings`

use super::{Failure, help_with, output, server::ServerSettings};
use crate::{
    auth::MIN_SECRET_BYTES,
    settings::{
        Group, Origin, SERVING, Scope, SettingArgs, Values, reference,
        table::{
            observability::{LOG, LOG_FORMAT},
            tokens::JWT_SECRET,
        },
        template, unknown_variables,
    },
};

const EXAMPLES: &str = "  memoranda settings
  memoranda settings template > memoranda.toml
  MEMORANDA_LISTEN=0.0.0.0:80 memoranda settings --config /etc/memoranda.toml";

/// Check the settings that a server would use, and print them with their origins. Secrets are
/// masked
#[derive(clap::Args)]
#[command(after_help = help_with(EXAMPLES), args_conflicts_with_subcommands = true)]
pub(super) struct Settings {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    settings: SettingArgs<Self>,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Print a settings file in which every setting is commented out, with its purpose, values and
    /// default
    Template,
    /// Print all settings as a page in Markdown: docs/settings.md
    Reference,
}

impl Scope for Settings {
    const GROUPS: &'static [Group] = SERVING;
}

impl Settings {
    pub(super) fn run(self) -> Result<(), Failure> {
        match self.command {
            Some(Command::Template) => return output::print(template().trim_end()),
            Some(Command::Reference) => return output::print(reference().trim_end()),
            None => {}
        }
        let values = self.settings.read()?;
        for group in Self::GROUPS {
            output::print(&format!("# {}", group.heading()))?;
            for line in values.lines(*group) {
                output::print(&line)?;
            }
        }
        for problem in unknown_variables(std::env::vars_os().map(|(name, _)| name)) {
            output::note(&format!("warning: {problem}"));
        }
        check(values)
    }
}

/// Refuses what a server would refuse. A missing secret is not an error here.
fn check(mut values: Values) -> Result<(), Failure> {
    values.get(&LOG)?;
    values.get(&LOG_FORMAT)?;
    values.or_set(&JWT_SECRET, "-".repeat(MIN_SECRET_BYTES), Origin::Default);
    ServerSettings::read(&values)?.with_mail(&values)?;
    Ok(())
}
