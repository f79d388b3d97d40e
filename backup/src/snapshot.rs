//! Copies of databases, which nobody else uses.

use crate::Result;
use service::database::{Database, DatabaseSettings, connect};
use std::{path::Path, time::Duration};

/// Connections to a copy of the database. A migration holds its lock on one of them.
const CONNECTIONS: u32 = 2;

/// How often a copy is opened again to close its log.
const CLOSINGS: u32 = 10;

/// How much longer each attempt waits than the one before.
const CLOSING: Duration = Duration::from_millis(20);

/// Opens a copy of a database.
pub(crate) async fn open_copy(file: &Path) -> Result<Database> {
    let settings = DatabaseSettings {
        max_connections: CONNECTIONS,
        ..DatabaseSettings::new(service::database::sqlite_url(file))
    };
    Ok(connect(&settings).await?)
}

/// Closes a copy of a database. Everything is in its file then.
pub(crate) async fn close_copy(copy: Database, file: &Path) -> Result<()> {
    copy.close().await?;
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    let log = Path::new(&log);
    for attempt in 0..CLOSINGS {
        if !log.exists() {
            return Ok(());
        }
        // The last connection moves the log into the file. Of two that end at the same moment, each
        // sees the other, and neither is the last. A connection may also end a little after its
        // pool, if SQLite could not optimize the statistics.
        tokio::time::sleep(CLOSING * attempt).await;
        open_copy(file).await?.close().await?;
    }
    if log.exists() {
        let problem = format!("the log of {} was not closed", file.display());
        return Err(service::Error::Inconsistent(problem).into());
    }
    Ok(())
}

/// Whether a database without these migrations has a table for what its servers share. Version 0.1
/// had none.
pub fn has_installation(pending: &[String]) -> bool {
    !pending.iter().any(|name| name.ends_with("_create_installation"))
}
