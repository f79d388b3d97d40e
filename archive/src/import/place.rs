//! Whether the database and the file store are there for this archive alone.

use crate::{
    Error, Result,
    tables::{TABLES, Table},
};
use sea_orm::{
    ConnectionTrait, DbBackend, Statement,
    sea_query::{Alias, Expr, Query},
};
use service::{
    blobs::{self, FileStore, StoreState},
    database::Database,
};
use std::time::Duration;

/// How often the connections are counted: those that have just been closed are listed for a moment.
const COUNTS: u32 = 10;
/// How long to wait before they are counted again.
const COUNTED_AGAIN_AFTER: Duration = Duration::from_millis(200);

/// Tables that no archive has, but that a used database has rows in.
const ALSO_EMPTY: [&str; 4] = ["sessions", "mails", "blob_removals", "ledger_entries"];

/// Fails if a table has rows.
pub(super) async fn check_emptiness<C: ConnectionTrait>(connection: &C) -> Result<()> {
    let tables = TABLES.iter().filter(|table| !table.is_prefilled).map(|table| table.name);
    for table in tables.chain(ALSO_EMPTY) {
        let any = Query::select()
            .expr_as(Expr::value(1), "found")
            .from(Alias::new(table))
            .limit(1)
            .to_owned();
        if connection.query_one(&any).await?.is_some() {
            return Err(Error::refused(format_args!(
                "the database is not empty: its table {table} has rows. An archive is imported \
                 into a database of its own: create a new one, run `memoranda migrate` on it, and \
                 import before anybody is added"
            )));
        }
    }
    Ok(())
}

/// Fails if other programs of ours are connected to PostgreSQL. A file of SQLite is locked instead.
pub(super) async fn check_solitude(database: &Database) -> Result<()> {
    if database.backend() != DbBackend::Postgres {
        return Ok(());
    }
    let sessions = "SELECT count(*) AS sessions FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'memoranda'";
    for _ in 0..COUNTS {
        let asked = Statement::from_string(DbBackend::Postgres, sessions);
        let row = database.connection().query_one_raw(asked).await?;
        let sessions: i64 = row.map(|row| row.try_get("", "sessions")).transpose()?.unwrap_or(1);
        let pool = database.pool();
        if sessions <= i64::from(pool.busy + pool.idle) {
            return Ok(());
        }
        tokio::time::sleep(COUNTED_AGAIN_AFTER).await;
    }
    Err(Error::refused(
        "a server, or another command of memoranda, is connected to the database: stop it first",
    ))
}

/// Fails if the file store has the files of another database: what one of them erases would be
/// missing in the other. Fails also if it is not the one that the database knows.
pub(super) async fn check_store(database: &Database, store: &FileStore) -> Result<()> {
    if blobs::is_of_another(database, store).await? {
        return Err(Error::refused(
            "the file store has the files of another database: give this one its own with \
             file-store, an empty folder or an unused prefix of a bucket",
        ));
    }
    if blobs::inspect(database, store).await? == StoreState::Lost {
        return Err(Error::refused(
            "the file store is not the one that the database knows: correct file-store",
        ));
    }
    Ok(())
}

/// Removes the rows that migrations wrote and that the archive brings.
pub(super) async fn clear<C: ConnectionTrait>(connection: &C, table: &Table) -> Result<()> {
    if table.is_prefilled {
        let mut delete = Query::delete().from_table(Alias::new(table.name)).to_owned();
        if let Some(only) = table.only {
            delete.and_where(Expr::cust(only));
        }
        connection.execute(&delete).await?;
    }
    Ok(())
}
