//! A database and a folder under a unique name, removed at the end.

use crate::Result;
use sea_orm::ConnectionTrait;
use service::{
    clock::{Randomness, SystemRandomness},
    database::{Database, DatabaseSettings, connect},
};
use tempfile::TempDir;

/// What the benchmark created.
#[derive(Debug)]
pub(crate) struct Scratch {
    /// The database's address.
    pub(crate) url: String,
    /// Contains the file store, and SQLite's database.
    folder: TempDir,
    /// On PostgreSQL: the given address, and the name of the new database.
    made: Option<(String, String)>,
}

impl Scratch {
    /// Creates an empty database on that server or in that folder.
    ///
    /// # Errors
    /// The error of the server or the system.
    pub(crate) async fn create(address: &str) -> Result<Self> {
        let mut folder = tempfile::Builder::new();
        folder.prefix("memoranda-bench-");
        if let Some(parent) = address.strip_prefix("sqlite:") {
            let parent = parent.trim_start_matches("//");
            std::fs::create_dir_all(parent)?;
            let folder = folder.tempdir_in(parent)?;
            let url = format!("sqlite://{}/bench.db", folder.path().display());
            return Ok(Self { url, folder, made: None });
        }
        let random: String =
            SystemRandomness.bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let name = format!("memoranda_bench_{random}");
        let url = with_database(address, &name)
            .ok_or("--database-url: give sqlite://folder or postgres://user@host/database")?;
        let folder = folder.tempdir()?;
        on_server(address, &format!("CREATE DATABASE {name}")).await?;
        Ok(Self { url, folder, made: Some((address.to_owned(), name)) })
    }

    /// The address of the database at another server. `None` for SQLite.
    pub(crate) fn url_at(&self, address: &str) -> Option<String> {
        with_database(address, &self.made.as_ref()?.1)
    }

    /// The kind of database.
    pub(crate) fn kind(&self) -> &'static str {
        if self.made.is_some() { "PostgreSQL" } else { "SQLite" }
    }

    /// The place of the files' bytes.
    pub(crate) fn file_store(&self) -> String {
        self.folder.path().join("files").display().to_string()
    }

    /// Opens a pool like the server's.
    ///
    /// # Errors
    /// The error of the database.
    pub(crate) async fn connect(&self) -> Result<Database> {
        let mut settings = DatabaseSettings::new(&self.url);
        // One statement writes a table's rows for many memos.
        settings.statement_timeout = std::time::Duration::from_secs(7_200);
        Ok(connect(&settings).await?)
    }

    /// Removes database and folder.
    ///
    /// # Errors
    /// The error of the server or the system.
    pub(crate) async fn remove(self) -> Result<()> {
        let dropped = match &self.made {
            Some((address, name)) => {
                on_server(address, &format!("DROP DATABASE {name} WITH (FORCE)")).await
            }
            None => Ok(()),
        };
        self.folder.close()?;
        dropped
    }
}

async fn on_server(address: &str, sql: &str) -> Result<()> {
    let server = sea_orm::Database::connect(address).await?;
    let done = server.execute_unprepared(sql).await;
    server.close().await?;
    done?;
    Ok(())
}

/// The address with another database's name.
fn with_database(address: &str, name: &str) -> Option<String> {
    let (scheme, rest) = address
        .split_once("://")
        .filter(|(scheme, _)| matches!(*scheme, "postgres" | "postgresql"))?;
    let (path, parameters) = match rest.split_once('?') {
        Some((path, parameters)) => (path, format!("?{parameters}")),
        None => (rest, String::new()),
    };
    let host = path.split_once('/').map_or(path, |(host, _)| host);
    Some(format!("{scheme}://{host}/{name}{parameters}"))
}
