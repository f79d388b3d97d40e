//! A campaign of faults. It makes the servers' surroundings fail while several people work. Then it
//! compares what is stored, sent and received with what they remember. `memoranda-faults --help`
//! shows how to run it.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line's results and progress"
)]
#![expect(clippy::indexing_slicing, reason = "what is not in JSON is null, which is no panic")]

mod campaign;
mod chance;
mod check;
mod cluster;
mod disk;
mod fault;
mod ledger;
mod listener;
mod options;
mod people;
mod relay;
mod report;
mod requests;
mod rows;
mod server;
mod site;
mod store;
mod work;

use clap::Parser;
use options::Options;
use report::{HEADING, Row};
use site::Site;
use std::{
    fs::Permissions,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::ExitCode,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::signal::unix::{SignalKind, signal};

/// An error of the campaign itself.
type Problem = Box<dyn std::error::Error + Send + Sync>;
type Result<T, E = Problem> = std::result::Result<T, E>;

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let result = match &options.disk {
        Some(disk) => on_disk(&options, disk).await,
        None => until_told(&options).await,
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("memoranda-faults: {error}");
            ExitCode::from(2)
        }
    }
}

/// A signal also ends the campaign, and leaves nothing behind.
async fn until_told(options: &Options) -> Result<bool> {
    let (mut interrupt, mut terminate) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    // PostgreSQL has a folder in it, and runs as another user if this program runs as root.
    let open = Permissions::from_mode(0o755);
    let folder =
        tempfile::Builder::new().prefix("memoranda-faults-").permissions(open).tempdir()?;
    let result = tokio::select! {
        result = both(options, folder.path()) => result,
        _ = interrupt.recv() => Err("interrupted".into()),
        _ = terminate.recv() => Err("the campaign was stopped".into()),
    };
    if options.keep {
        eprintln!("kept: {}", folder.keep().display());
    } else if let Err(error) = folder.close() {
        eprintln!("the folder was not removed: {error}");
    }
    result
}

/// Runs only the part on SQLite, for the outer program, which removes what is left.
async fn on_disk(options: &Options, disk: &Path) -> Result<bool> {
    let folder = disk.parent().ok_or("--disk: a folder in a folder")?;
    let tell = |row: &Row| match serde_json::to_string(row) {
        Ok(row) => println!("{row}"),
        Err(error) => eprintln!("{error}"),
    };
    run_on_sqlite(options, folder, tell).await?;
    Ok(true)
}

/// Runs both parts at the same time, and returns whether nothing was violated.
async fn both(options: &Options, folder: &Path) -> Result<bool> {
    println!("seed {}\n\n{HEADING}", options.seed);
    let rows = Mutex::new(Vec::new());
    let tell = |row: &Row| {
        println!("{row}");
        for violation in &row.violations {
            eprintln!("violated: {violation}");
        }
        rows.lock().unwrap_or_else(PoisonError::into_inner).push(row.clone());
    };
    let on_postgres = async {
        let site = Arc::new(Site::on_postgres(options, &folder.join("on-postgres")).await?);
        eprintln!("on PostgreSQL, files are stored in {}", site.store.kind());
        campaign::run(site, options, 1, tell).await
    };
    let on_sqlite = async {
        let folder = folder.join("on-sqlite");
        if disk::is_possible().await {
            return disk::run_on_one(options, &folder, tell).await;
        }
        eprintln!(
            "the system does not let this user create a small disk, so SQLite's disk is \
            never full"
        );
        run_on_sqlite(options, &folder, tell).await
    };
    let result = tokio::try_join!(on_postgres, on_sqlite);
    let sum = Row::sum(&rows.lock().unwrap_or_else(PoisonError::into_inner));
    println!("{sum}");
    result?;
    if sum.violations.is_empty() {
        return Ok(true);
    }
    println!("\n{} violations, with seed {}:", sum.violations.len(), options.seed);
    for violation in &sum.violations {
        println!("- {violation}");
    }
    Ok(false)
}

async fn run_on_sqlite(options: &Options, folder: &Path, tell: impl FnMut(&Row)) -> Result<()> {
    campaign::run(Arc::new(Site::on_sqlite(options, folder).await?), options, 2, tell).await
}
