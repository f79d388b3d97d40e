//! Measures what requests cost, beside what the database needs for the same work alone.
//!
//! It creates a database, fills it, runs the server on it as a separate process, sends requests,
//! prints a table, and removes what it created. `memoranda-bench --help` shows how to run it.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line's results and progress"
)]

mod capacity;
mod counted;
mod document;
mod files;
mod flatness;
mod floor;
mod gauge;
mod http;
mod instructions;
mod load;
mod measure;
mod office;
mod operations;
mod options;
mod plan;
mod scratch;
mod server;
mod standby;
mod streams;
mod table;

use clap::Parser;
use options::{Cli, Command, Options, Part};
use scratch::Scratch;
use std::process::ExitCode;

/// The program's own allocator, because the server is measured in a process of this binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Any error ends the benchmark with its message.
type Result<T, E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let is_counted = matches!(&cli.command, Some(Command::Serve { counted: true }));
    let mut runtime = if is_counted {
        tokio::runtime::Builder::new_current_thread()
    } else {
        tokio::runtime::Builder::new_multi_thread()
    };
    let result = runtime.enable_all().build().map_err(Into::into);
    match result.and_then(|runtime| runtime.block_on(run(cli))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("memoranda-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<()> {
    match cli.command {
        Some(Command::Serve { counted }) => server::serve(counted).await,
        Some(Command::Instructions(options)) => {
            let folder = format!("sqlite://{}", std::env::temp_dir().display());
            let scratch = Scratch::create(&folder).await?;
            let result = until_interrupted(instructions::run(&options, &scratch)).await;
            end(scratch, result).await
        }
        Some(Command::Flatness(options)) => {
            let scratch = Scratch::create(&options.database_url).await?;
            let result = until_interrupted(flatness::run(&options, &scratch)).await;
            end(scratch, result).await
        }
        Some(Command::Capacity(options)) => {
            let scratch = Scratch::create(&options.database_url).await?;
            let result = until_interrupted(capacity::run(&options, &scratch)).await;
            end(scratch, result).await
        }
        Some(Command::Standby(options)) => {
            let scratch = Scratch::create(&options.options.database_url).await?;
            let result = until_interrupted(standby::run(&options, &scratch)).await;
            end(scratch, result).await
        }
        None => measure(&cli.options).await,
    }
}

async fn measure(options: &Options) -> Result<()> {
    if options.wants(Part::DocumentPipeline) {
        eprintln!("pipeline of documents …");
        println!("{}", document::measure().await?);
        if options.wants_document_alone() {
            return Ok(());
        }
    }
    let scratch = Scratch::create(&options.database_url).await?;
    let result = until_interrupted(measure::run(options, &scratch)).await;
    end(scratch, result).await
}

/// Ends work at Ctrl-C or SIGTERM. A server ends with the work that started it.
async fn until_interrupted(work: impl Future<Output = Result<()>>) -> Result<()> {
    tokio::select! {
        result = work => result,
        interrupted = tokio::signal::ctrl_c() => {
            interrupted?;
            Err("interrupted".into())
        }
        () = terminated() => Err("terminated".into()),
    }
}

/// Waits for SIGTERM.
async fn terminated() {
    #[cfg(unix)]
    if let Ok(mut signal) =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
    {
        signal.recv().await;
        return;
    }
    std::future::pending().await
}

/// Removes the database in every case.
async fn end(scratch: Scratch, result: Result<()>) -> Result<()> {
    let removed = scratch.remove().await;
    result.and(removed)
}
