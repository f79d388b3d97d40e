//! The connection to SQLite or PostgreSQL, and the one way to write.

mod connect;
pub mod sql;

pub use connect::{DatabaseSettings, connect};

use crate::{Error, Result};
use migration::{Migrator, MigratorTrait};
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use std::{sync::Arc, time::Duration};
use tokio::sync::Mutex;

/// How often a transaction is tried before a serialization failure or a deadlock is given up as an error.
const MAX_ATTEMPTS: u32 = 5;

/// A pool of connections. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Database {
    connection: DatabaseConnection,
    /// SQLite has one writer at a time. Waiting here in order of arrival beats its polling, which lets an unlucky writer time out. Writers of
    /// other processes still wait by the busy timeout.
    sqlite_writers: Option<Arc<Mutex<()>>>,
}

impl Database {
    /// Wraps an open pool.
    pub fn new(connection: DatabaseConnection) -> Self {
        let sqlite_writers =
            (connection.get_database_backend() == DbBackend::Sqlite).then(|| Arc::new(Mutex::new(())));
        Self { connection, sqlite_writers }
    }

    /// The pool, for reading.
    pub fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    /// Which of the two databases it is.
    pub fn backend(&self) -> DbBackend {
        self.connection.get_database_backend()
    }

    /// Runs `work` in a transaction and commits it, or leaves everything as it was. A serialization failure or a deadlock runs it again, at most
    /// [`MAX_ATTEMPTS`] times in all.
    ///
    /// # Errors
    /// What `work` or the commit answers, in the last attempt.
    pub async fn write<T, F>(&self, work: F) -> Result<T>
    where
        F: AsyncFn(&DatabaseTransaction) -> Result<T>,
    {
        let mut attempt = 1;
        loop {
            match self.write_once(&work).await {
                Err(error) if attempt < MAX_ATTEMPTS && error.is_retryable() => {
                    tracing::debug!(attempt, %error, "transaction will be tried again");
                    tokio::time::sleep(Duration::from_millis(u64::from(attempt) * 5)).await;
                    attempt += 1;
                }
                result => return result,
            }
        }
    }

    async fn write_once<T, F>(&self, work: &F) -> Result<T>
    where
        F: AsyncFn(&DatabaseTransaction) -> Result<T>,
    {
        let _turn = match &self.sqlite_writers {
            Some(writers) => Some(writers.lock().await),
            None => None,
        };
        let options = TransactionOptions {
            // A lock taken at the first write could come too late: what was read before may have changed by then.
            sqlite_transaction_mode: self.sqlite_writers.as_ref().map(|_| SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = self.connection.begin_with_options(options).await?;
        let result = work(&transaction).await?;
        transaction.commit().await?;
        Ok(result)
    }

    /// Applies the migrations that are missing.
    ///
    /// # Errors
    /// What the database answers.
    pub async fn migrate(&self) -> Result<()> {
        Ok(Migrator::up(&self.connection, None).await?)
    }

    /// Names of the migrations that are missing.
    ///
    /// # Errors
    /// What the database answers.
    pub async fn pending_migrations(&self) -> Result<Vec<String>> {
        let pending = Migrator::get_pending_migrations_read_only(&self.connection).await?;
        Ok(pending.iter().map(|migration| migration.name().to_owned()).collect())
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// What it answers instead.
    pub async fn ping(&self) -> Result<()> {
        self.connection.ping().await.map_err(Error::from)
    }

    /// Closes the pool after the statements that run have ended.
    ///
    /// # Errors
    /// What the database answers.
    pub async fn close(self) -> Result<()> {
        Ok(self.connection.close().await?)
    }
}
