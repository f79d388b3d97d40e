//! The command line.

/// What `--help` prints.
pub(crate) const HELP: &str =
    "Measure what requests cost: throughput, latency, and processor time \
    of server and database together

Usage: cargo run --release -p memoranda-tests --bin memoranda-bench -- [OPTIONS]

Options:
  --database-url <URL>   postgres://user:password@host/database: a server on which the user may \
    create databases; the given
                         database is only connected to. sqlite://<folder>: where a temporary \
    folder is made
                         [default: sqlite:// and the system's folder for temporary files]
  --memos <N>            Memos to fill the database with, 1000 or more [default: 100000]
  --connections <N>      Concurrent keep-alive connections, each with one request at a time \
    [default: 16]
  --requests <N>         Requests of each scenario, after its warm-up [default: 4000]
  --only <NAMES>         Of these scenarios alone, with commas between them: inbox, preview, \
    deletion, discussion,
                         front-door
  -h, --help             Print this help

The database gets a unique name and is removed at the end, also after an error or Ctrl-C.

Processor time is read from /proc, so on Linux alone: that of the server, and on PostgreSQL that \
    of all processes of the
database server, if it runs on this machine. Let nothing else use that database server meanwhile.
";

/// The names of the scenarios, for `--only`.
const SCENARIOS: [&str; 5] = ["inbox", "preview", "deletion", "discussion", "front-door"];

/// What to measure.
#[derive(Debug)]
pub(crate) struct Options {
    /// Where the database is made.
    pub(crate) database_url: String,
    /// How many memos it holds.
    pub(crate) memos: usize,
    /// How many requests run at a time.
    pub(crate) connections: usize,
    /// How many requests are measured.
    pub(crate) requests: usize,
    only: Option<Vec<String>>,
}

impl Options {
    /// Reads the arguments; `None` where help is asked for.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(crate) fn parse(arguments: &[String]) -> Result<Option<Self>, String> {
        let mut options = Self {
            database_url: format!("sqlite://{}", std::env::temp_dir().display()),
            memos: 100_000,
            connections: 16,
            requests: 4_000,
            only: None,
        };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let (flag, value) = match argument.split_once('=') {
                Some((flag, value)) => (flag, Some(value)),
                None => (argument.as_str(), None),
            };
            if matches!(flag, "-h" | "--help") {
                return Ok(None);
            }
            let mut value = || {
                value
                    .or_else(|| arguments.next().map(String::as_str))
                    .ok_or_else(|| format!("{flag} needs a value."))
            };
            match flag {
                "--database-url" => value()?.clone_into(&mut options.database_url),
                "--memos" => options.memos = number(flag, value()?, 1_000)?,
                "--connections" => options.connections = number(flag, value()?, 1)?,
                "--requests" => options.requests = number(flag, value()?, 1)?,
                "--only" => options.only = Some(names(value()?)?),
                _ => return Err(format!("{flag:?} is no option.")),
            }
        }
        Ok(Some(options))
    }

    /// Whether nothing but the front door is asked for, which needs no database.
    pub(crate) fn wants_front_door_alone(&self) -> bool {
        self.only.as_ref().is_some_and(|only| only.iter().all(|name| name == "front-door"))
    }

    /// Whether a scenario is asked for.
    pub(crate) fn wants(&self, scenario: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.iter().any(|name| name == scenario))
    }
}

fn number(flag: &str, value: &str, least: usize) -> Result<usize, String> {
    let number = value.parse().ok().filter(|number| *number >= least);
    number.ok_or_else(|| format!("{flag} is {value:?}: give a whole number, {least} or more."))
}

fn names(value: &str) -> Result<Vec<String>, String> {
    let names: Vec<String> = value.split(',').map(|name| name.trim().to_owned()).collect();
    match names.iter().find(|name| !SCENARIOS.contains(&name.as_str())) {
        Some(unknown) => Err(format!("--only: {unknown:?} is none of {}.", SCENARIOS.join(", "))),
        None => Ok(names),
    }
}
