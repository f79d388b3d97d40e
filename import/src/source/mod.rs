//! The other system: a database, or a file that `manage.py dumpdata` wrote. Either way, its rows
//! arrive in one form ([`SourceRow`]).

mod database;
mod dump;
mod json_file;
mod natural_keys;
pub(crate) mod schema;
mod value;

pub(crate) use value::Value;

use crate::{Result, error::ImportError};
use schema::Table;
use service::{accounts::NameNumbers, progress::Progress};
use std::path::PathBuf;

/// A row of a table, with a value for each of its columns.
#[derive(Debug, Clone)]
pub(crate) struct SourceRow {
    pub(crate) table: &'static Table,
    pub(crate) values: Vec<Value>,
    /// What is wrong with some of its values.
    pub(crate) problems: Vec<RowProblem>,
}

/// What is wrong with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowProblem {
    /// The column.
    pub(crate) column: &'static str,
    /// What it is.
    pub(crate) is: ValueProblem,
}

/// The kinds of such problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValueProblem {
    /// The value is of another type, and counts as none.
    Unreadable,
    /// The text contained U+0000 or bytes that are no text. They were replaced.
    Replaced,
    /// A natural key names nothing that is there. It counts as no value.
    Dangling,
}

/// What hears the rows of a source.
pub(crate) trait RowSink {
    /// Takes rows of one table or of several.
    fn take(&mut self, rows: Vec<SourceRow>) -> impl Future<Output = Result<()>> + Send;
    /// Hears that a table without a place here has that many rows.
    fn skip(&mut self, table: &str, rows: u64, reason: &'static str);
    /// Hears of a row that cannot be read at all.
    fn unreadable(&mut self, table: &str, id: &str, problem: &str);
}

/// Where a source is, and what it is.
#[derive(Debug)]
pub(crate) enum Source {
    /// A database.
    Database(String),
    /// A file that `dumpdata` wrote.
    Dump(PathBuf),
}

/// What was found out about a source.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceDescription {
    /// What it is: `SQLite`, `PostgreSQL`, `MySQL` or `dump`.
    pub kind: String,
    /// The last migration of each application, if it is a database.
    pub migrations: Vec<String>,
    /// Columns of known tables that are not taken over, as `table.column`.
    pub columns_not_taken: Vec<String>,
}

/// The schemes of databases.
const SCHEMES: [&str; 5] = ["sqlite:", "postgres:", "postgresql:", "mysql:", "mariadb:"];

impl Source {
    /// The source at this address.
    pub(crate) fn at(address: &str) -> Result<Self> {
        if SCHEMES.iter().any(|scheme| address.starts_with(scheme)) {
            // It is the same protocol, and the driver knows one name.
            let address = address.replacen("mariadb:", "mysql:", 1);
            return Ok(Self::Database(address));
        }
        if address.contains("://") {
            return Err(ImportError::refused(format_args!(
                "--from: give sqlite://…, postgres://…, mysql://… or the path of a file that \
                 `manage.py dumpdata` wrote, not {:?}",
                address.split("://").next().unwrap_or_default()
            )));
        }
        let path = PathBuf::from(address);
        if !path.is_file() {
            return Err(ImportError::refused(format_args!(
                "--from: there is no file {}: give the path of a file that `manage.py dumpdata` \
                 wrote, or the address of a database (sqlite://…, postgres://…, mysql://…)",
                path.display()
            )));
        }
        let mut beginning = [0; 16];
        let read = std::fs::File::open(&path)
            .and_then(|mut file| std::io::Read::read(&mut file, &mut beginning));
        let read = read.map_err(|error| ImportError::io("--from cannot be read", &error))?;
        if beginning.get(..read).is_some_and(|bytes| bytes.starts_with(b"SQLite format 3")) {
            return Ok(Self::Database(format!("sqlite://{}", path.display())));
        }
        Ok(Self::Dump(path))
    }

    /// Reads all rows, as of one moment. Nothing is written there. People of whom a dump says no id
    /// get the number of their name.
    pub(crate) async fn read(
        &self,
        numbers: NameNumbers,
        sink: &mut (impl RowSink + Send),
        progress: &dyn Progress,
    ) -> Result<SourceDescription> {
        match self {
            Self::Database(address) => database::read(address, sink, progress).await,
            Self::Dump(path) => dump::read(path, numbers, sink, progress).await,
        }
    }
}
