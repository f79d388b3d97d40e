//! Settings of the database.

use std::{path::Path, time::Duration};

/// How to connect to the database.
#[derive(Debug, Clone)]
pub struct DatabaseSettings {
    /// `sqlite://path`, `postgres://user:password@host/database`.
    pub url: String,
    /// The maximum number of connections in the pool.
    pub max_connections: u32,
    /// How long a request waits for a connection of the pool.
    pub acquire_timeout: Duration,
    /// How long a statement may run (PostgreSQL).
    pub statement_timeout: Duration,
    /// How long a statement waits for a lock (PostgreSQL), or a writer waits for the writer of
    /// another process (SQLite).
    pub lock_timeout: Duration,
}

impl DatabaseSettings {
    /// The defaults for an address. About four connections per core keep both a core and its
    /// database busy.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            max_connections: 4 * u32::try_from(
                std::thread::available_parallelism().map_or(2, usize::from),
            )
            .unwrap_or(2),
            acquire_timeout: Duration::from_secs(10),
            statement_timeout: Duration::from_secs(30),
            lock_timeout: Duration::from_secs(10),
        }
    }

    /// Whether the address is SQLite's.
    pub(super) fn is_sqlite(&self) -> bool {
        self.url.starts_with("sqlite:")
    }

    /// The address without its password, for logs and messages.
    pub fn masked_url(&self) -> String {
        let address = match self.url.split_once('?') {
            // The parameters of the address may contain a password as well.
            Some((address, _)) if !address.starts_with("sqlite:") => format!("{address}?***"),
            _ => self.url.clone(),
        };
        let Some((scheme, rest)) = address.split_once("://") else {
            return if address.starts_with("sqlite:") { address } else { "***".to_owned() };
        };
        match rest.rsplit_once('@') {
            Some((user, host)) => {
                format!(
                    "{scheme}://{}@{host}",
                    user.split_once(':').map_or(user.to_owned(), |(user, _)| format!("{user}:***"))
                )
            }
            None => address,
        }
    }
}

/// The address of an SQLite file. It has no slashes after the scheme, because the first folder
/// would then be read as a host, which cannot contain a space.
pub fn sqlite_url(file: &Path) -> String {
    // Both characters have another meaning in an address.
    format!("sqlite:{}", file.display().to_string().replace('%', "%25").replace('?', "%3F"))
}
