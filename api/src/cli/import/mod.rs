//! `memoranda import`

mod archive;
mod django_crm;

use super::{Failure, help_with, logging, open, output, progress};
use clap::{Args, Subcommand};

const EXAMPLES: &str = "  memoranda import django-crm --from sqlite:///srv/crm/db.sqlite3 --dry-run
  memoranda import archive --from archive --dry-run
  memoranda import archive --from archive";

/// Bring in the data of another system, or an archive of this one
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
    Archive(archive::Archive),
}

impl Import {
    pub(super) async fn run(self) -> Result<(), Failure> {
        match self.what {
            What::DjangoCrm(command) => command.run().await,
            What::Archive(archive) => archive.run().await,
        }
    }
}
