//! Reads a database of a Django CRM, in pages, within one transaction that only reads.
//!
//! The database writes each value as text, so that all databases are read in the same way.

mod known_version;
mod sql;
mod table_reader;

use super::{
    RowSink, SourceDescription,
    schema::{CONTENT_TYPES, NO_PLACE, NOT_TAKEN, TABLES},
};
use crate::{Result, error::ImportError};
use known_version::{check, columns, migrations};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseTransaction, DbBackend,
    IsolationLevel, TransactionTrait,
};
use service::progress::Progress;
use sql::{as_text, count, quoted, rows, run, text};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Duration,
};
use table_reader::TableReader;

/// Tables with their columns.
type Columns = BTreeMap<String, BTreeSet<String>>;

/// Reads all tables.
pub(super) async fn read(
    address: &str,
    sink: &mut (impl RowSink + Send),
    progress: &dyn Progress,
) -> Result<SourceDescription> {
    let connection = connect(address).await?;
    let backend = connection.get_database_backend();
    let (isolation, access) = match backend {
        // SQLite always reads as of the first statement. It knows neither word.
        DbBackend::Sqlite => (None, None),
        _ => (Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly)),
    };
    let transaction =
        connection.begin_with_config(isolation, access).await.map_err(ImportError::Source)?;
    if backend == DbBackend::Postgres {
        run(&transaction, "SET LOCAL TIME ZONE 'UTC'").await?;
        run(&transaction, "SET LOCAL statement_timeout = 0").await?;
    }
    let columns = columns(&transaction).await?;
    let mut description = check(backend, &columns)?;
    description.migrations = migrations(&transaction, &columns).await?;
    let content_types = content_types(&transaction).await?;
    let tables = TABLES.iter().filter(|table| columns.contains_key(table.name));
    for table in tables {
        let there = columns.get(table.name).cloned().unwrap_or_default();
        let reader = TableReader { transaction: &transaction, table, there, backend };
        reader.read(&content_types, sink, progress).await?;
    }
    for (name, _, reason) in NOT_TAKEN.iter().filter(|(name, ..)| columns.contains_key(*name)) {
        sink.skip(name, count(&transaction, name).await?, reason);
    }
    for name in columns.keys().filter(|name| !is_known(name)) {
        sink.skip(name, count(&transaction, &quoted(backend, name)).await?, NO_PLACE);
    }
    transaction.rollback().await.map_err(ImportError::Source)?;
    connection.close().await.map_err(ImportError::Source)?;
    Ok(description)
}

fn is_known(table: &str) -> bool {
    table == CONTENT_TYPES
        || TABLES.iter().any(|known| known.name == table)
        || NOT_TAKEN.iter().any(|(known, ..)| *known == table)
}

async fn connect(address: &str) -> Result<sea_orm::DatabaseConnection> {
    let mut address = address.to_owned();
    if let Some(path) = address.strip_prefix("sqlite:") {
        let path = path.trim_start_matches("//");
        let file = path.split('?').next().unwrap_or_default();
        if !std::path::Path::new(file).is_file() {
            return Err(ImportError::refused(format_args!(
                "--from: there is no file {file}: give the path of the CRM's database"
            )));
        }
        // Nothing can be written by mistake then.
        address = format!("sqlite://{file}?mode=ro");
    }
    let mut options = ConnectOptions::new(address);
    options.max_connections(1).sqlx_logging(false).connect_timeout(Duration::from_secs(10));
    Database::connect(options).await.map_err(|error| {
        ImportError::refused(format_args!(
            "--from: the database cannot be opened ({error}): check that it is there and can be \
             reached, and that its address, user and password are right"
        ))
    })
}

/// The types of contents by their ids.
async fn content_types(transaction: &DatabaseTransaction) -> Result<HashMap<i64, String>> {
    let backend = transaction.get_database_backend();
    let cast = |column: &str| as_text(backend, column);
    let (id, app, model) = (cast("id"), cast("app_label"), cast("model"));
    let sql = format!("SELECT {id}, {app}, {model} FROM {CONTENT_TYPES}");
    let mut types = HashMap::new();
    for row in rows(transaction, sql).await? {
        let id = text(backend, &row, 0)?.and_then(|id| id.parse().ok()).unwrap_or_default();
        let (app, model) = (text(backend, &row, 1)?, text(backend, &row, 2)?);
        types.insert(id, format!("{}.{}", app.unwrap_or_default(), model.unwrap_or_default()));
    }
    Ok(types)
}
