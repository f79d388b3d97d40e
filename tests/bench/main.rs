//! Measures what requests cost: throughput, latency, and processor time of server and database
//! together.
//!
//! It creates a database, fills it, runs the server on it as a separate process, sends requests by
//! HTTP, prints one table, and removes what it created. `memoranda-bench --help` shows how to run
//! it.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line's results and progress"
)]

mod cpu;
mod discussion;
mod document;
mod fill;
mod load;
mod options;
mod scenarios;
mod scratch;
mod server;
mod table;

use clap::Parser;
use options::{Options, Part};
use scratch::Scratch;
use std::process::ExitCode;

/// The program's own allocator, because the server is measured in a process of this binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Any error ends the benchmark with its message.
type Result<T, E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;

#[tokio::main]
async fn main() -> ExitCode {
    let result = if std::env::args().skip(1).eq([server::SUBCOMMAND]) {
        server::serve().await
    } else {
        run(&Options::parse()).await
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("memoranda-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Measures on a database that is removed in every case, even after an interruption.
async fn run(options: &Options) -> Result<()> {
    if options.wants(Part::DocumentPipeline) {
        eprintln!("pipeline of documents …");
        println!("{}", document::measure().await?);
        if options.wants_document_alone() {
            return Ok(());
        }
    }
    let scratch = Scratch::create(&options.database_url).await?;
    let result = tokio::select! {
        result = measure(options, &scratch) => result,
        interrupted = tokio::signal::ctrl_c() => match interrupted {
            Ok(()) => Err("interrupted".into()),
            Err(error) => Err(error.into()),
        },
    };
    // The server has ended: its process ends with the future that held it.
    let removed = scratch.remove().await;
    result.and(removed)
}

async fn measure(options: &Options, scratch: &Scratch) -> Result<()> {
    let database = scratch.connect().await?;
    database.migrate().await?;
    let filling = std::time::Instant::now();
    eprintln!("filling {} with {} memos …", scratch.kind(), options.memos);
    let content = fill::fill(&database, options).await?;
    let postmaster = cpu::postmaster(&database).await;
    database.close().await?;
    eprintln!("filled in {:.0} s", filling.elapsed().as_secs_f64());
    let server = server::Process::start(scratch).await?;
    let gauge = cpu::Gauge { server: server.id(), postmaster };
    let mut rows = Vec::new();
    for scenario in scenarios::all(options, &content)? {
        eprintln!("{} …", scenario.name);
        rows.push(load::run(&scenario, &server, &gauge, options.connections).await?);
    }
    let heading = table::heading(options, scratch.kind(), &gauge);
    server.stop()?;
    println!("{heading}");
    println!("{}", table::of(&rows));
    if options.wants(Part::Discussion) {
        eprintln!("discussions …");
        let backend = server::backend(scratch.connect().await?, &scratch.file_store())?;
        println!("\n{}", discussion::measure(&backend, &content.discussed).await?);
        backend.services.database.close().await?;
    }
    Ok(())
}
