//! The ledger: an append-only list, outside the database, of what was deleted, restored, purged
//! and erased. When an older database comes back, [`ledger_replay`](crate::ledger_replay) repeats
//! what the ledger knows and the database does not.
//!
//! ```text
//! memo_events, ledger_entries ─ entries.rs ─▶ append.rs ─ line.rs ─▶ store.rs: a file or a bucket
//!      row `ledger` ─ state.rs ───────────────┘   ▲
//!      after a crash or an older backup: tail.rs ─┴─▶ plan.rs: what does the database lack?
//! ```
//!
//! Each thing has one line, because its kind and its record occur once. The row `ledger` says up to
//! which line the database knows everything. A server that finds later lines compares them with the
//! database. After a crash between an append and its commit, the database has what they say, and
//! nothing is appended twice. If it lacks something, it is older than the ledger.

mod append;
mod entries;
mod line;
mod plan;
mod state;
mod store;
mod tail;
mod verify;

pub use append::{Appender, Attempt, run};
pub(crate) use entries::{note, note_person};
pub use line::{Entry, LedgerKeys, Line};
pub use plan::{Obstacle, Step, Subject};
pub use state::{Status, forget, status};
pub use verify::{BadLine, Verified, verify};

use crate::{Error, Result, blobs::FileStore, database::Database};
use object_store::aws::AmazonS3Builder;
use state::Mark;
use std::{fmt, path::PathBuf, time::Duration};
use store::Store;

/// A ledger and its keys. Cheap to clone.
#[derive(Clone)]
pub struct Ledger {
    store: Store,
    keys: LedgerKeys,
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ledger").field("store", &self.store).finish_non_exhaustive()
    }
}

impl Ledger {
    /// Opens a ledger without reading it. The address is the path of a file or
    /// `s3://bucket/prefix`. The first append creates the file, but not its folder. Keys, region
    /// and endpoint of a bucket come from the same variables as those of a [`FileStore`].
    ///
    /// # Errors
    /// [`Error::Setting`] if the address cannot be used.
    pub fn open(address: &str, timeout: Duration, keys: LedgerKeys) -> Result<Self> {
        let refused = |problem: &dyn fmt::Display| {
            Error::Setting(format!(
                "ledger is {address:?}, which cannot be opened ({problem}): give the path of a \
                 file in an existing folder, or s3://bucket/prefix"
            ))
        };
        if let Some(bucket) = address.strip_prefix("s3://") {
            let (bucket, prefix) = bucket.split_once('/').unwrap_or((bucket, ""));
            let builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
            let bucket = FileStore::bucket(builder, prefix).map_err(|error| refused(&error))?;
            return Ok(Self::in_bucket(bucket.with_timeout(timeout), keys));
        }
        let path = PathBuf::from(address.strip_prefix("file://").unwrap_or(address));
        if path.is_dir() {
            return Err(refused(&"it is a folder"));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if folder.is_some_and(|folder| !folder.is_dir()) {
            return Err(refused(&"its folder does not exist"));
        }
        Ok(Self { store: Store::File(path.into()), keys })
    }

    /// A ledger in that bucket.
    pub fn in_bucket(bucket: FileStore, keys: LedgerKeys) -> Self {
        Self { store: Store::Bucket(bucket), keys }
    }

    /// How the ledger and the database differ. Changes nothing.
    ///
    /// # Errors
    /// [`Error::Ledger`] if it is not the ledger that the database knows, or if a line is not what
    /// was written. Also returns errors of the database and the store.
    pub async fn compare(&self, database: &Database) -> Result<Comparison> {
        let mark = state::read(database).await?.as_ref().map(Mark::from).unwrap_or_default();
        let tail = tail::read(self, &mark).await?;
        let lines = tail.head.number;
        let (all_verified, steps) =
            (tail.lines.iter().all(|line| line.verified), plan::of(database, &tail.lines).await?);
        Ok(Comparison { lines, steps, all_verified })
    }
}

/// How the ledger and the database differ.
#[derive(Debug)]
pub struct Comparison {
    /// How many lines the ledger has.
    pub lines: i64,
    /// What the database lacks, in order.
    pub steps: Vec<Step>,
    /// Whether the compared lines were hashed with known secrets.
    pub all_verified: bool,
}

impl Comparison {
    /// How many of the steps are not final: they can be done now, or after a hold is released.
    pub fn missing(&self) -> usize {
        self.steps.iter().filter(|step| step.is_missing()).count()
    }
}
