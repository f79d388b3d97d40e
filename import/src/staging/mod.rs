//! A temporary database with the rows of the source. It has indexes for what the import asks, which
//! the source does not have, and every oddity of the report.
//!
//! It goes with its owner. A crash of the process leaves it in the system's temporary folder.

mod queries;
mod rows;
mod write;

pub(crate) use rows::*;

use crate::{Result, error::ImportError, oddity::NotedOddity};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr,
    FromQueryResult, Statement, Value,
};
use serde::Serialize;
use tempfile::TempDir;

/// How many oddities are read at once.
const PAGE: u64 = 1_000;

/// The temporary database.
#[derive(Debug)]
pub(crate) struct Staging {
    connection: DatabaseConnection,
    folder: TempDir,
}

/// An oddity of a row, as the report shows it.
#[derive(Debug, FromQueryResult, Serialize)]
pub(crate) struct OddityRow {
    #[serde(skip)]
    pub(crate) number: i64,
    code: String,
    #[serde(rename = "table")]
    of_table: String,
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl Staging {
    /// An empty one.
    pub(crate) async fn create() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("memoranda-import-").tempdir();
        let folder = folder.map_err(|error| {
            ImportError::io("the system's temporary folder (TMPDIR) cannot be used", &error)
        })?;
        let place = format!("sqlite://{}?mode=rwc", folder.path().join("source.db").display());
        let mut options = ConnectOptions::new(place);
        options.max_connections(1).min_connections(1).sqlx_logging(false);
        let connection = Database::connect(options).await;
        let connection = connection.map_err(|error| failed(&folder, error))?;
        let staging = Self { connection, folder };
        // What it contains can be read again, so it need not survive anything.
        staging
            .execute(
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = \
                 EXCLUSIVE; PRAGMA cache_size = -65536; PRAGMA temp_store = FILE;",
            )
            .await?;
        staging.execute(&write::create_statements()).await?;
        Ok(staging)
    }

    /// The folder in which other temporary files may be.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    async fn execute(&self, sql: &str) -> Result<()> {
        let executed = self.connection.execute_unprepared(sql).await;
        executed.map(drop).map_err(|error| failed(&self.folder, error))
    }

    /// The rows that a statement finds.
    pub(crate) async fn find<R: FromQueryResult>(
        &self,
        sql: impl Into<String>,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<R>> {
        let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
        let found = async {
            let rows = self.connection.query_all_raw(statement).await?;
            rows.iter().map(|row| R::from_query_result(row, "")).collect::<Result<_, DbErr>>()
        };
        found.await.map_err(|error| failed(&self.folder, error))
    }

    /// The number that a statement finds.
    pub(crate) async fn number(&self, sql: &str) -> Result<u64> {
        let found: Vec<NumberRow> = self.find(sql, []).await?;
        Ok(found.first().and_then(|row| u64::try_from(row.n).ok()).unwrap_or_default())
    }

    /// Notes oddities for the report.
    pub(crate) async fn note_oddities(&self, oddities: &[NotedOddity]) -> Result<()> {
        for portion in oddities.chunks(200) {
            let marks = vec!["(?, ?, ?, ?)"; portion.len()].join(", ");
            let sql = format!("INSERT INTO oddities (code, of_table, id, detail) VALUES {marks}");
            let values = portion.iter().flat_map(|noted| {
                let NotedOddity { oddity, table, id, detail } = noted;
                let values: [Value; 4] = [
                    oddity.code().into(),
                    table.clone().into(),
                    id.clone().into(),
                    detail.clone().into(),
                ];
                values
            });
            let statement = Statement::from_sql_and_values(DbBackend::Sqlite, sql, values);
            let noted = self.connection.execute_raw(statement).await;
            noted.map_err(|error| failed(&self.folder, error))?;
        }
        Ok(())
    }

    /// The oddities after the one with this number.
    pub(crate) async fn oddities_after(&self, number: i64) -> Result<Vec<OddityRow>> {
        let sql = format!(
            "SELECT number, code, of_table, id, detail FROM oddities WHERE number > ? \
             ORDER BY number LIMIT {PAGE}"
        );
        self.find(sql, [number.into()]).await
    }
}

#[derive(FromQueryResult)]
struct NumberRow {
    n: i64,
}

fn failed(folder: &TempDir, error: DbErr) -> ImportError {
    ImportError::Staging { folder: folder.path().display().to_string(), error }
}
