//! `memoranda doctor`

mod checks;
mod finding;
mod last_backup;

use super::{Failure, help_with, output};
use crate::settings::{Group, SERVING, Scope, SettingArgs};
use finding::{Finding, Outcome};

const EXAMPLES: &str = "  memoranda doctor
  memoranda doctor --json
  memoranda doctor --config /etc/memoranda.toml";

/// Check an installation before people use it: settings, keys, database, migrations, clock, files,
/// ledger, backup, provider, mail server, port
#[derive(clap::Args)]
#[command(after_help = help_with(EXAMPLES))]
pub(super) struct Doctor {
    /// Print JSON: an array of findings with part, outcome (ok, warning, fail) and text
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    settings: SettingArgs<Self>,
}

impl Scope for Doctor {
    const GROUPS: &'static [Group] = SERVING;
}

impl Doctor {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let findings = match self.settings.read() {
            Ok(values) => checks::all(&values).await,
            Err(error) => vec![Finding::fail("settings", error)],
        };
        if self.json {
            output::json(&findings)?;
        } else {
            for finding in &findings {
                output::print(&finding.to_string())?;
            }
        }
        let count = |outcome| findings.iter().filter(|finding| finding.outcome == outcome).count();
        match count(Outcome::Fail) {
            0 => Ok(()),
            1 => Err(Failure::failed("1 check failed: its line says what to do")),
            failed => Err(Failure::failed(format_args!(
                "{failed} checks failed: their lines say what to do"
            ))),
        }
    }
}
