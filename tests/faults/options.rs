//! The command line.

use crate::{Result, fault::Fault};
use clap::Parser;
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

/// Inject faults while people work, and compare what is stored with what they remember
///
/// One part runs two servers on its own PostgreSQL with a synchronous standby. The other runs one
/// server on SQLite. Everything is in a temporary folder and on free ports.
#[derive(Debug, Clone, Parser)]
#[command(name = "memoranda-faults")]
pub(crate) struct Options {
    /// Repeats the choices of a run: the faults, their order and length, and what people do
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// How long to run; without it, each fault comes once
    #[arg(long)]
    pub(crate) minutes: Option<u64>,
    /// Inject only these faults, separated by commas
    #[arg(long, value_delimiter = ',')]
    pub(crate) only: Vec<Fault>,
    /// The server's program
    #[arg(long, env = "MEMORANDA_BIN", default_value = "target/debug/memoranda")]
    pub(crate) memoranda: PathBuf,
    /// The folder of PostgreSQL's programs; without it, the newest installed version
    #[arg(long)]
    pub(crate) postgres_bin: Option<PathBuf>,
    /// The program `moto_server` (from `PyPI`); with it, the servers on PostgreSQL keep files in S3
    #[arg(long)]
    pub(crate) moto: Option<PathBuf>,
    /// Keep the folder with the servers' logs
    #[arg(long)]
    pub(crate) keep: bool,
    /// Runs only the part on SQLite, with this folder as its disk, and prints the rows as JSON
    #[arg(long, hide = true)]
    pub(crate) disk: Option<PathBuf>,
}

impl Options {
    /// The arguments for the same part on that disk.
    ///
    /// # Errors
    /// The server's program does not exist.
    pub(crate) fn again_on(&self, disk: &Path) -> Result<Vec<OsString>> {
        let mut arguments: Vec<OsString> = vec!["--disk".into(), disk.into()];
        arguments.extend(["--seed".into(), self.seed.to_string().into()]);
        arguments.extend(["--memoranda".into(), std::fs::canonicalize(&self.memoranda)?.into()]);
        if let Some(minutes) = self.minutes {
            arguments.extend(["--minutes".into(), minutes.to_string().into()]);
        }
        for fault in &self.only {
            arguments.extend(["--only".into(), fault.name().into()]);
        }
        Ok(arguments)
    }
}
