//! `memoranda man`

use super::{CommandLine, Failure, output};
use clap::CommandFactory;
use clap_mangen::Man;
use std::path::PathBuf;

const EXAMPLES: &str = "Examples:
  memoranda man | man -l -
  memoranda man --to /usr/local/share/man/man1";

/// Print the manual page, or write the pages of all commands
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ManPages {
    /// Write a page for each command into this folder
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,
}

impl ManPages {
    pub(super) fn run(self) -> Result<(), Failure> {
        let command = CommandLine::command();
        if let Some(folder) = self.to {
            let written = std::fs::create_dir_all(&folder)
                .and_then(|()| clap_mangen::generate_to(command, &folder));
            return written.map_err(|error| {
                Failure::failed(format_args!("{} cannot be written: {error}", folder.display()))
            });
        }
        let mut page = Vec::new();
        Man::new(command).render(&mut page).map_err(Failure::failed)?;
        output::print(String::from_utf8_lossy(&page).trim_end())
    }
}
