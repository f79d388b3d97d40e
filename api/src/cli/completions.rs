//! `memoranda completions`

use super::{CommandLine, Failure, output};
use clap::CommandFactory;
use clap_complete::Shell;

const EXAMPLES: &str = "Examples:
  memoranda completions bash > /etc/bash_completion.d/memoranda
  memoranda completions zsh > \"${fpath[1]}/_memoranda\"
  memoranda completions fish > ~/.config/fish/completions/memoranda.fish";

/// Print the completions of this command line for a shell
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut CommandLine::command(), "memoranda", &mut text);
        output::print(String::from_utf8_lossy(&text).trim_end())
    }
}
