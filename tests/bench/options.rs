//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum, builder::RangedU64ValueParser};
use std::{path::PathBuf, time::Duration};

/// Measure what requests cost, beside what the database needs for the same work alone
#[derive(Debug, Parser)]
#[command(
    name = "memoranda-bench",
    args_conflicts_with_subcommands = true,
    after_help = "The database gets a unique name and is removed at the end, also after an error \
        or Ctrl-C.\n\nProcessor time comes from /proc, so only on Linux. It is the time of the \
        server, and on PostgreSQL also the time of all processes of the database server, if it \
        runs on this machine. Nothing else should use the machine at the same time. Ratios to \
        PostgreSQL alone are measured in the same run, so they can be compared between machines; \
        other figures cannot."
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) options: Options,
}

/// What else the program does.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Count the instructions of requests with Valgrind, and compare them with a file
    Instructions(Instructions),
    /// Compare the cost of requests in offices of several sizes, on PostgreSQL
    Flatness(Flatness),
    /// Print what one core and one memo hold: people, bytes
    Capacity(Options),
    /// Compare the cost of reads with and without a standby, on PostgreSQL
    Standby(Standby),
    /// Serve the office that is measured. The program starts itself with this.
    #[command(hide = true)]
    Serve {
        /// With one thread, and with the same time and ids in every run.
        #[arg(long)]
        counted: bool,
    },
}

/// The options of the measurement.
#[derive(Debug, Clone, Args)]
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
        value_parser = clap::value_parser!(i64).range(1_000..=100_000_000)
    )]
    pub(crate) memos: i64,
    /// Concurrent keep-alive connections, each with one request at a time
    #[arg(
        long,
        value_name = "N",
        default_value_t = 16,
        value_parser = RangedU64ValueParser::<usize>::new().range(1..=1_000)
    )]
    pub(crate) connections: usize,
    /// How long each operation is measured, after a warm-up of a quarter of the time
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 4,
        value_parser = RangedU64ValueParser::<u64>::new().range(1..=600)
    )]
    seconds: u64,
    /// Number of people who listen, and of idle WebSockets
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1_000,
        value_parser = clap::value_parser!(i64).range(10..=1_000)
    )]
    pub(crate) listeners: i64,
    /// Sizes of the files that are uploaded and downloaded, in MiB, separated by commas
    #[arg(
        long,
        value_name = "MIB",
        value_delimiter = ',',
        default_values_t = [1, 50],
        value_parser = RangedU64ValueParser::<usize>::new().range(1..=50)
    )]
    pub(crate) file_sizes: Vec<usize>,
    /// Measure only these parts, separated by commas
    #[arg(long, value_name = "PARTS", value_delimiter = ',')]
    only: Vec<Part>,
}

/// The options of `standby`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Standby {
    /// The standby of the server in --database-url, `postgres://user:password@host/database`
    #[arg(long, value_name = "URL")]
    pub(crate) read_database_url: String,
    #[command(flatten)]
    pub(crate) options: Options,
}

/// The options of `flatness`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Flatness {
    /// A PostgreSQL server, `postgres://user:password@host/database`. The user must be allowed to
    /// create databases; a superuser fills them faster
    #[arg(long, value_name = "URL")]
    pub(crate) database_url: String,
    /// Numbers of memos, separated by commas, in ascending order
    #[arg(
        long,
        value_name = "N,N",
        value_delimiter = ',',
        default_values_t = [10_000, 10_000_000],
        value_parser = clap::value_parser!(i64).range(1_000..=100_000_000)
    )]
    pub(crate) sizes: Vec<i64>,
    /// Numbers of comments on one memo, separated by commas
    #[arg(
        long,
        value_name = "N,N",
        value_delimiter = ',',
        default_values_t = [10, 100_000],
        value_parser = clap::value_parser!(i64).range(1..=10_000_000)
    )]
    pub(crate) comments: Vec<i64>,
    /// How long each operation is measured
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 5,
        value_parser = RangedU64ValueParser::<u64>::new().range(1..=600)
    )]
    pub(crate) seconds: u64,
}

/// The options of `instructions`.
#[derive(Debug, Clone, Args)]
pub(crate) struct Instructions {
    /// The file of accepted numbers
    #[arg(long, value_name = "FILE", default_value = "tests/bench/instructions.toml")]
    pub(crate) file: PathBuf,
    /// Write what is counted into the file, instead of comparing it
    #[arg(long)]
    pub(crate) accept: bool,
    /// Requests of each kind
    #[arg(
        long,
        value_name = "N",
        default_value_t = 16,
        value_parser = RangedU64ValueParser::<usize>::new().range(1..=1_000)
    )]
    pub(crate) requests: usize,
}

/// A part of the measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// A page of 20 memos with people, tags, subscribers and task.
    Inbox,
    /// A page of 100 memos with every field.
    Page,
    /// A memo with its discussion.
    Memo,
    /// A search for a word that 50 memos contain.
    Search,
    /// The same with the number of hits.
    SearchCount,
    /// A preview of a deletion.
    Preview,
    /// A confirmed deletion.
    Deletion,
    /// A new memo with three subscribers and two tags.
    Create,
    /// A new comment.
    Comment,
    /// A review by the recipient.
    Review,
    /// People who listen while memos are sent.
    Listeners,
    /// WebSockets on which nothing happens.
    Sockets,
    /// Uploads and downloads.
    Files,
    /// The time from the start of a server to its first answer.
    Start,
    /// The memory of a server after 10,000 requests.
    Memory,
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

    /// How long each operation is measured.
    pub(crate) fn time(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}
