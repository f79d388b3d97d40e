//! A ledger in a file or in a bucket of its own.

use crate::{office::SECRET, s3::S3Server};
use api::auth::TokenKeys;
use serde_json::Value;
use service::ledger::{Ledger, LedgerKeys};
use std::{fs, path::PathBuf, time::Duration};
use tempfile::TempDir;

/// How long lines may take to appear. A server appends within a second, but many tests run at the
/// same time.
const PATIENCE: Duration = Duration::from_secs(30);

/// A ledger of the tests' secret.
#[derive(Debug)]
pub struct TestLedger {
    /// The ledger, as a server opens it.
    pub ledger: Ledger,
    /// Its address, for a server that is a process of its own. `None` for a bucket.
    pub address: Option<String>,
    folder: PathBuf,
    _scratch: TempDir,
    _server: Option<S3Server>,
}

impl TestLedger {
    /// An empty ledger in a file.
    pub fn in_file() -> Self {
        let scratch = tempfile::tempdir().expect("a folder");
        let folder = scratch.path().to_owned();
        let address = folder.join("ledger.ndjson").to_str().expect("a path").to_owned();
        let ledger = Ledger::open(&address, PATIENCE, ledger_keys()).expect("a ledger");
        Self { ledger, address: Some(address), folder, _scratch: scratch, _server: None }
    }

    /// An empty ledger in a bucket.
    pub async fn in_bucket() -> Self {
        let scratch = tempfile::tempdir().expect("a folder");
        let server = S3Server::open(scratch.path()).await;
        let ledger = Ledger::in_bucket(server.store_at(server.address), ledger_keys());
        let folder = server.bucket.join("memoranda");
        Self { ledger, address: None, folder, _scratch: scratch, _server: Some(server) }
    }

    /// The file, or the objects in order.
    pub fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten();
        let paths = entries.map(|entry| entry.expect("an entry").path());
        let is_of_ledger = |path: &PathBuf| path.extension().is_some_and(|end| end == "ndjson");
        let mut paths: Vec<PathBuf> = paths.filter(is_of_ledger).collect();
        paths.sort();
        paths
    }

    /// All lines.
    pub fn text(&self) -> String {
        let texts = self.files().into_iter().map(|path| fs::read_to_string(path).expect("a text"));
        texts.collect()
    }

    /// All lines as JSON.
    pub fn lines(&self) -> Vec<Value> {
        let text = self.text();
        text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    /// The kinds of all lines, in order.
    pub fn kinds(&self) -> Vec<String> {
        let lines = self.lines();
        lines.iter().map(|line| line["kind"].as_str().expect("a kind").to_owned()).collect()
    }

    /// Waits until there are that many lines.
    pub async fn has(&self, count: usize) {
        let waiting = async {
            while self.text().lines().count() < count {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        waited.unwrap_or_else(|_| panic!("{count} lines are expected:\n{}", self.text()));
    }
}

/// The keys of the ledger for the tests' secret.
pub fn ledger_keys() -> LedgerKeys {
    let keys = TokenKeys::new(SECRET, "memoranda", "memoranda").expect("a good secret");
    keys.ledger_keys()
}
