//! `memoranda import`

mod django_crm;

use super::{Failure, help_with};
use clap::{Args, Subcommand};

const EXAMPLES: &str =
    "  memoranda import django-crm --from sqlite:///srv/crm/db.sqlite3 --dry-run";

/// Bring the data of another system into Memoranda
#[derive(Args)]
#[command(after_help = help_with(EXAMPLES))]
pub(super) struct Import {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    #[command(name = "django-crm")]
    DjangoCrm(Box<django_crm::DjangoCrm>),
}

impl Import {
    pub(super) async fn run(self) -> Result<(), Failure> {
        match self.what {
            What::DjangoCrm(command) => command.run().await,
        }
    }
}
