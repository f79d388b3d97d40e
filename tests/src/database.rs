//! A database with a unique name, removed when the test ends.

use crate::{
    postgres::Node,
    template::{Template, sqlite_file},
};
use sea_orm::{ConnectionTrait, Database as Connector};
use service::{
    clock::{Randomness, SystemRandomness},
    database::{Database, DatabaseSettings, connect, with_standby},
};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tempfile::TempDir;

const POSTGRES_URL: &str = "MEMORANDA_TEST_POSTGRES_URL";

/// Host and port of a standby of that server. Then every office reads from it.
const STANDBY: &str = "MEMORANDA_TEST_STANDBY";

/// Whether the tests run on PostgreSQL.
pub fn is_postgres() -> bool {
    std::env::var(POSTGRES_URL).is_ok()
}

/// Opens a pool of few connections, because many tests run at the same time.
pub async fn open(url: &str) -> Database {
    let mut settings = DatabaseSettings::new(url);
    settings.max_connections = 6;
    connect(&settings).await.expect("the test's database opens")
}

/// Differences from the usual pool.
#[derive(Debug, Clone, Copy, Default)]
pub struct DatabaseOptions {
    /// The address of a proxy in front of PostgreSQL.
    pub proxy: Option<SocketAddr>,
    /// Longest wait for a connection, and longest run of a statement. The limit for a lock is half
    /// of it.
    pub timeout: Option<Duration>,
    /// The address of a standby for reads.
    pub standby: Option<SocketAddr>,
}

/// Host and port of the PostgreSQL server of the tests.
pub fn postgres_address() -> String {
    let url = std::env::var(POSTGRES_URL).expect("the tests run on PostgreSQL");
    host_and_port(&url).to_owned()
}

fn host_and_port(url: &str) -> &str {
    let (_, rest) = url.split_once("://").expect("an address");
    let place = rest.split('/').next().expect("an address");
    place.rsplit('@').next().expect("an address")
}

/// A unique name.
pub(crate) fn new_name(prefix: &str) -> String {
    let random: String =
        SystemRandomness.bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{prefix}_{random}")
}

/// Runs SQL on the PostgreSQL server, in a connection of its own.
pub(crate) async fn on_server(server: &str, sql: &str) {
    let connection = Connector::connect(server).await.expect("the PostgreSQL server answers");
    connection.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    connection.close().await.expect("closed");
}

/// The database of one test, and a folder for its files.
#[derive(Debug)]
pub struct TestDatabase {
    /// Its address.
    pub url: String,
    /// The test's own folder.
    pub folder: PathBuf,
    /// Removes the folder, even after a failed test.
    scratch: TempDir,
    name: String,
    /// An address on its server, on PostgreSQL.
    server: Option<String>,
    /// Of what it is a copy.
    template: Option<Arc<Template>>,
}

impl TestDatabase {
    /// Creates an empty database.
    pub async fn create() -> Self {
        Self::create_on(std::env::var(POSTGRES_URL).ok()).await
    }

    /// Creates an empty database on SQLite, also if the tests run on PostgreSQL.
    pub async fn create_on_sqlite() -> Self {
        Self::create_on(None).await
    }

    /// Creates a migrated database without rows.
    pub async fn create_migrated() -> Self {
        let Ok(server) = std::env::var(POSTGRES_URL) else {
            return Self::create_migrated_on_sqlite().await;
        };
        // Boxed, because the compiler computes the layout of nested futures.
        let template = Box::pin(Template::on(&server)).await;
        let mut test = Self::at(Some(&server));
        template.copy_to(&test.name).await;
        test.template = Some(template);
        test
    }

    /// Creates an empty database on a server of the test.
    pub async fn create_on_node(node: &Node) -> Self {
        Self::create_on(Some(node.url("postgres"))).await
    }

    /// Creates one on SQLite, also if the tests run on PostgreSQL.
    pub async fn create_migrated_on_sqlite() -> Self {
        let test = Self::at(None);
        let bytes = Box::pin(sqlite_file()).await;
        std::fs::write(test.folder.join("test.db"), bytes).expect("a copy");
        test
    }

    async fn create_on(server: Option<String>) -> Self {
        let test = Self::at(server.as_deref());
        if let Some(server) = server {
            on_server(&server, &format!("CREATE DATABASE {}", test.name)).await;
        }
        test
    }

    /// The place for a database.
    fn at(server: Option<&str>) -> Self {
        let name = new_name("memoranda_test");
        let scratch =
            tempfile::Builder::new().prefix("memoranda-test-").tempdir().expect("a folder");
        let folder = scratch.path().to_owned();
        let url = match server {
            Some(server) => {
                let (server, _) = server.rsplit_once('/').expect("an address with a database");
                format!("{server}/{name}")
            }
            None => format!("sqlite://{}/test.db", folder.display()),
        };
        Self { url, folder, scratch, name, server: server.map(str::to_owned), template: None }
    }

    /// Creates a database as version 0.1 left it, with deleted, restored and purged memos.
    /// `tests/fixtures/0.1/README.md` describes its content.
    pub async fn create_of_version_0_1() -> Self {
        let test = Self::create().await;
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/0.1");
        if is_postgres() {
            let dump = std::fs::read_to_string(fixtures.join("postgres.sql")).expect("the dump");
            // Lines with this prefix are commands of psql.
            let sql: Vec<&str> = dump.lines().filter(|line| !line.starts_with('\\')).collect();
            let connection = Connector::connect(&test.url).await.expect("the new database answers");
            connection.execute_unprepared(&sql.join("\n")).await.expect("the dump is restored");
            connection.close().await.expect("closed");
        } else {
            std::fs::copy(fixtures.join("filled.sqlite"), test.folder.join("test.db"))
                .expect("a copy");
        }
        test
    }

    /// Another database with the same content, as a backup. Nothing may be connected to this one.
    /// The folder of the copy is empty otherwise.
    pub async fn copy(&self) -> Self {
        let server = std::env::var(POSTGRES_URL).ok();
        let copy = Self::at(server.as_deref());
        if let Some(server) = server {
            let create = format!("CREATE DATABASE {} TEMPLATE {}", copy.name, self.name);
            on_server(&server, &create).await;
        } else {
            let log = self.folder.join("test.db-wal");
            assert!(!log.exists(), "the last connection has emptied the log");
            std::fs::copy(self.folder.join("test.db"), copy.folder.join("test.db"))
                .expect("a copy");
        }
        copy
    }

    /// Opens a pool.
    pub async fn connect(&self) -> Database {
        open(&self.url).await
    }

    /// Opens a pool with options.
    pub async fn connect_with(&self, options: DatabaseOptions) -> Database {
        let url =
            options.proxy.map_or_else(|| self.url.clone(), |proxy| self.url_at(&proxy.to_string()));
        let mut settings = DatabaseSettings::new(url);
        settings.max_connections = 6;
        if let Some(timeout) = options.timeout {
            settings.acquire_timeout = timeout;
            settings.statement_timeout = timeout;
            settings.lock_timeout = timeout / 2;
        }
        let database = connect(&settings).await.expect("the test's database opens");
        let of_all = std::env::var(STANDBY).ok().filter(|_| self.server.is_some());
        let Some(standby) = options.standby.map(|at| at.to_string()).or(of_all) else {
            return database;
        };
        settings.url = self.url_at(&standby);
        with_standby(database, &settings).await.expect("an address of PostgreSQL")
    }

    /// The address of the database at another server.
    fn url_at(&self, server: &str) -> String {
        self.url.replacen(host_and_port(&self.url), server, 1)
    }

    /// Removes database and folder.
    pub async fn drop(self) {
        if let Some(server) = &self.server {
            on_server(server, &format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
        }
        if let Some(template) = self.template {
            Template::leave(template).await;
        }
        self.scratch.close().expect("the folder is removed");
    }
}
