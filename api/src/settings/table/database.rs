//! The database.

use crate::settings::{
    declare::settings,
    parse::{database_url, masked_url, postgres_url},
    setting::{number, seconds, text},
};
use service::database::DatabaseSettings;
use std::time::Duration;

/// The defaults.
fn defaults() -> DatabaseSettings {
    DatabaseSettings::new("")
}

settings! {
    in Standby {
        /// A streaming standby of the PostgreSQL database. It answers the queries of lists,
        /// searches, previews and so on, as soon as it has all that was committed before; without
        /// it, or while it is late, database-url answers them. It needs as many connections.
        String = READ_DATABASE_URL(
            "read-database-url",
            text("URL", "postgres://user:password@host/database", postgres_url).masked(masked_url)
        );
    }
}

settings! {
    impl DatabaseSettings {
        in Database {
            /// The database: `sqlite://path/to/file.db` or
            /// `postgres://user:password@host/database`.
            url: String = DATABASE_URL(
                "database-url",
                text(
                    "URL",
                    "sqlite://path/to/file.db (a file, not :memory:) or \
                     postgres://user:password@host/database",
                    database_url,
                )
                .default_text("sqlite://memoranda.db")
                .in_demo(
                    "A database instead of the demo's own: `sqlite://path/to/file.db` or \
                     `postgres://…`; without it, demo.db in the folder",
                )
                .masked(masked_url)
            );
        }
        in Connections {
            /// Maximum number of connections to the database.
            max_connections: u32 = MAX_CONNECTIONS(
                "max-connections",
                number(1, 1000)
                    .default_by("four for each core", || defaults().max_connections.into())
            );
            /// Longest wait for a free connection.
            acquire_timeout: Duration = ACQUIRE_TIMEOUT(
                "acquire-timeout-seconds",
                seconds(1, 3600).default_from(|| defaults().acquire_timeout.as_secs())
            );
            /// Longest time that a statement may run (PostgreSQL).
            statement_timeout: Duration = STATEMENT_TIMEOUT(
                "statement-timeout-seconds",
                seconds(1, 86_400).default_from(|| defaults().statement_timeout.as_secs())
            );
            /// Longest wait for a lock (PostgreSQL) or for another process that writes (SQLite).
            lock_timeout: Duration = LOCK_TIMEOUT(
                "lock-timeout-seconds",
                seconds(1, 3600).default_from(|| defaults().lock_timeout.as_secs())
            );
        }
    }
}
