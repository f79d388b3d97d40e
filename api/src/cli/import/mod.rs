//! `memoranda import`

mod archive;

use super::{Failure, help_with, logging, open, output, progress};
use clap::{Args, Subcommand};

const EXAMPLES: &str = "  memoranda import archive --from archive --dry-run
  memoranda import archive --from archive";

/// Bring data into an empty database
#[derive(Args)]
#[command(after_help = help_with(EXAMPLES))]
pub(super) struct Import {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    Archive(archive::Archive),
}

impl Import {
    pub(super) async fn run(self) -> Result<(), Failure> {
        match self.what {
            What::Archive(archive) => archive.run().await,
        }
    }
}
