//! The command line.

use clap::{Parser, ValueEnum, builder::RangedU64ValueParser};

/// Measure what requests cost: throughput, latency, and processor time of server and database
/// together
#[derive(Debug, Parser)]
#[command(
    name = "memoranda-bench",
    after_help = "The database gets a unique name and is removed at the end, also after an error \
        or Ctrl-C.\n\nProcessor time comes from /proc, so only on Linux. It is the time of the \
        server, and on PostgreSQL also the time of all processes of the database server, if it \
        runs on this machine. Nothing else should use that database server at the same time."
)]
pub(crate) struct Options {
    /// Where to create the database. On a server, `postgres://user:password@host/database`: the
    /// user must be allowed to create databases, and the named one is only used to connect. In a
    /// temporary folder inside a folder: `sqlite://folder`
    #[arg(
        long,
        value_name = "URL",
        default_value_t = format!("sqlite://{}", std::env::temp_dir().display())
    )]
    pub(crate) database_url: String,
    /// Number of memos in the database, 1000 or more
    #[arg(
        long,
        value_name = "N",
        default_value_t = 100_000,
        value_parser = RangedU64ValueParser::<usize>::new().range(1_000..)
    )]
    pub(crate) memos: usize,
    /// Concurrent keep-alive connections, each with one request at a time
    #[arg(
        long,
        value_name = "N",
        default_value_t = 16,
        value_parser = RangedU64ValueParser::<usize>::new().range(1..)
    )]
    pub(crate) connections: usize,
    /// Requests of each scenario, after its warm-up
    #[arg(
        long,
        value_name = "N",
        default_value_t = 4_000,
        value_parser = RangedU64ValueParser::<usize>::new().range(1..)
    )]
    pub(crate) requests: usize,
    /// Run only these scenarios, separated by commas
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    only: Vec<Part>,
}

/// A part of the benchmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// A page of memos.
    Inbox,
    /// A preview of a deletion.
    Preview,
    /// A deletion.
    Deletion,
    /// Memos with long discussions.
    Discussion,
    /// The pipeline of documents, without a database.
    DocumentPipeline,
}

impl Options {
    /// Whether only the pipeline of documents is measured, which needs no database.
    pub(crate) fn wants_document_alone(&self) -> bool {
        !self.only.is_empty() && self.only.iter().all(|part| *part == Part::DocumentPipeline)
    }

    /// Whether a part is measured.
    pub(crate) fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }
}
