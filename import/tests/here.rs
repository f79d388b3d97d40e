//! Our side of an import: an empty database and a file store, which go when the test ends.

use import::{ImportError, Options, Report, TableCounts};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use service::{
    Services,
    blobs::{self, FileStore},
    clock::{Randomness, SystemClock, SystemRandomness},
    database::{Database, DatabaseSettings, connect},
    progress::Silent,
};
use std::{collections::BTreeMap, path::PathBuf, sync::Arc};
use tempfile::TempDir;

/// A unique name.
pub fn unique() -> String {
    let random: String =
        SystemRandomness.bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("memoranda_import_{random}")
}

/// An installation of Memoranda without a server.
pub struct Here {
    pub services: Services,
    pub store: FileStore,
    pub url: String,
    name: String,
    folder: TempDir,
}

impl Here {
    /// An empty one, with the schema.
    pub async fn open() -> Self {
        let (name, folder) = (unique(), tempfile::tempdir().unwrap());
        let url = match std::env::var("MEMORANDA_TEST_POSTGRES_URL") {
            Ok(server) => {
                run(&server, &format!("CREATE DATABASE {name}")).await;
                let (server, _) = server.rsplit_once('/').unwrap();
                format!("{server}/{name}")
            }
            Err(_) => format!("sqlite://{}/here.db", folder.path().display()),
        };
        let (services, store) = services(&url, &folder.path().join("files")).await;
        services.database.migrate().await.unwrap();
        blobs::verify(&services, &store).await.unwrap();
        Self { services, store, url, name, folder }
    }

    /// The folder of the test.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Where the bytes of files are.
    pub fn files(&self) -> PathBuf {
        self.folder.path().join("files")
    }

    /// Imports. Every row that is read is counted once.
    pub async fn import(&self, options: &Options) -> Report {
        let report = self.try_import(options).await.unwrap();
        for TableCounts { table, counts } in report.tables() {
            assert!(counts.is_balanced(), "{table}: {counts:#?}");
        }
        report
    }

    /// The same, if it may fail.
    pub async fn try_import(&self, options: &Options) -> Result<Report, ImportError> {
        import::run(&self.services, &self.store, options, &Silent).await
    }

    /// The first column of the rows that a query finds, as text.
    pub async fn texts(&self, query: &str) -> Vec<String> {
        texts(&self.services.database, query).await
    }

    /// The number that a query finds.
    pub async fn number(&self, query: &str) -> i64 {
        self.texts(&format!("SELECT CAST(({query}) AS text) AS t")).await[0].parse().unwrap()
    }

    /// Runs SQL.
    pub async fn run(&self, sql: &str) {
        self.services.database.connection().execute_unprepared(sql).await.unwrap();
    }

    /// Every row of every table as text, without columns that depend on the moment of the import.
    pub async fn rows(&self) -> BTreeMap<String, Vec<String>> {
        const OF_THE_MOMENT: [&str; 4] = ["imported_at", "location", "claimed_at", "changed_at"];
        let database = &self.services.database;
        let mut all = BTreeMap::new();
        for table in tables(database).await {
            if ["seaql_migrations", "installation", "memo_words"].contains(&table.as_str())
                || table.starts_with("memo_words_")
            {
                continue;
            }
            // When bytes were stored depends on the moment too.
            let without = if table == "blobs" { "created_at" } else { "" };
            let is_kept =
                |name: &String| !OF_THE_MOMENT.contains(&name.as_str()) && name != without;
            let columns = columns(database, &table).await.into_iter().filter(is_kept);
            let row = match database.backend() {
                DbBackend::Postgres => {
                    let columns: Vec<String> =
                        columns.map(|name| format!("coalesce({name}::text, '-')")).collect();
                    columns.join(" || '|' || ")
                }
                _ => {
                    let columns: Vec<String> =
                        columns.map(|name| format!("quote({name})")).collect();
                    columns.join(" || '|' || ")
                }
            };
            let query = format!("SELECT {row} AS t FROM {table} ORDER BY 1");
            all.insert(table, texts(database, &query).await);
        }
        all
    }

    /// Closes everything.
    pub async fn close(self) {
        self.services.database.close().await.unwrap();
        if let Ok(server) = std::env::var("MEMORANDA_TEST_POSTGRES_URL") {
            run(&server, &format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
        }
    }
}

/// The services of an installation.
pub async fn services(url: &str, files: &std::path::Path) -> (Services, FileStore) {
    let mut settings = DatabaseSettings::new(url);
    settings.max_connections = 4;
    let database = connect(&settings).await.unwrap();
    let services = Services::new(database, Arc::new(SystemClock), Arc::new(SystemRandomness));
    (services, FileStore::open(&files.display().to_string()).unwrap())
}

/// Runs SQL on a server.
pub async fn run(url: &str, sql: &str) {
    let connection = sea_orm::Database::connect(url).await.unwrap();
    connection.execute_unprepared(sql).await.unwrap();
    connection.close().await.unwrap();
}

async fn texts(database: &Database, query: &str) -> Vec<String> {
    let statement = Statement::from_string(database.backend(), query);
    let rows = database.connection().query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| row.try_get_by_index::<Option<String>>(0).unwrap().unwrap_or_default())
        .collect()
}

async fn tables(database: &Database) -> Vec<String> {
    let query = match database.backend() {
        DbBackend::Postgres => {
            "SELECT tablename::text AS t FROM pg_tables WHERE schemaname = 'public'"
        }
        _ => "SELECT name AS t FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
    };
    texts(database, query).await
}

async fn columns(database: &Database, table: &str) -> Vec<String> {
    let query = match database.backend() {
        DbBackend::Postgres => format!(
            "SELECT column_name::text AS t FROM information_schema.columns
             WHERE table_schema = 'public' AND table_name = '{table}' ORDER BY ordinal_position"
        ),
        _ => format!("SELECT name AS t FROM pragma_table_info('{table}') ORDER BY cid"),
    };
    texts(database, &query).await
}
