//! A MariaDB of the test's own, with its own folder and socket.

use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use std::{path::Path, process::Stdio};
use tempfile::TempDir;
use tokio::process::{Child, Command};

/// Set if the test must not be skipped: `tests/run` installs MariaDB.
const REQUIRED: &str = "MEMORANDA_TEST_MARIADB";

/// A server that ends with its owner.
pub struct MariaDb {
    server: Child,
    folder: TempDir,
}

impl MariaDb {
    /// Starts one. `None` if it is not installed and not required.
    pub async fn start() -> Option<Self> {
        let folder = tempfile::Builder::new().prefix("mariadb").tempdir_in("/tmp").unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        let programs = ["/usr/sbin/mariadbd", "/usr/libexec/mariadbd", "/usr/bin/mariadbd"];
        let Some(server) = programs.into_iter().find(|program| Path::new(program).exists()) else {
            assert!(std::env::var(REQUIRED).is_err(), "MariaDB is not installed");
            eprintln!("skipped: MariaDB is not installed; tests/run installs it");
            return None;
        };
        let server = Command::new(server)
            .arg("--no-defaults")
            .arg(format!("--datadir={}", data.display()))
            .arg(format!("--socket={}", folder.path().join("socket").display()))
            .arg(format!("--pid-file={}", folder.path().join("pid").display()))
            // It has no tables of users, so it asks nobody who they are.
            .args(["--skip-grant-tables", "--skip-networking"])
            .args(as_root())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let started = Self { server, folder };
        let server = started.connect("").await;
        server.execute_unprepared("CREATE DATABASE crm CHARACTER SET utf8mb4").await.unwrap();
        server.close().await.unwrap();
        Some(started)
    }

    /// The address of a database.
    pub fn address(&self, database: &str) -> String {
        let socket = self.folder.path().join("socket");
        format!("mysql://root@localhost/{database}?socket={}", socket.display())
    }

    /// Connects as soon as it answers.
    pub async fn connect(&self, database: &str) -> DatabaseConnection {
        let address = self.address(database);
        loop {
            match Database::connect(&address).await {
                Ok(connection) => return connection,
                Err(_) => tokio::task::yield_now().await,
            }
        }
    }

    /// Ends it.
    pub async fn stop(mut self) {
        self.server.kill().await.unwrap();
    }
}

/// It refuses to run as the administrator, unless that is asked for.
fn as_root() -> Vec<String> {
    let is_root = std::fs::metadata("/proc/self")
        .is_ok_and(|process| std::os::unix::fs::MetadataExt::uid(&process) == 0);
    if is_root { vec!["--user=root".to_owned()] } else { Vec::new() }
}
