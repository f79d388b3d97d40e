//! `memoranda settings`

use super::{Failure, help_with, output};
use crate::settings::{Given, Group, Scope, groups::SERVING};

const EXAMPLES: &str = "  memoranda settings
  MEMORANDA_LISTEN=0.0.0.0:80 memoranda settings --config /etc/memoranda.toml";

/// Print the settings that a server would run with, and where each comes from; secrets are masked
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
        Ok(())
    }
}
