//! Reads a database of a Django CRM, in pages, within one transaction that only reads.
//!
//! The database writes each value as text, so that all databases are read in the same way.

mod known_version;

use super::{
    RowProblem, RowSink, SourceDescription, SourceRow, ValueProblem,
    schema::{CONTENT_TYPES, Column, Kind, NO_PLACE, NOT_TAKEN, TABLES, Table},
    value::{Value, of_text},
};
use crate::{Result, error::ImportError};
use known_version::{check, columns, migrations};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseTransaction, DbBackend, DbErr,
    IsolationLevel, QueryResult, Statement, TransactionTrait,
};
use service::progress::{Progress, Unit};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Duration,
};

/// How many rows a page has.
const PAGE: usize = 2_000;

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

async fn run(transaction: &DatabaseTransaction, sql: &str) -> Result<()> {
    transaction.execute_unprepared(sql).await.map_err(ImportError::Source)?;
    Ok(())
}

async fn rows(transaction: &DatabaseTransaction, sql: String) -> Result<Vec<QueryResult>> {
    let statement = Statement::from_string(transaction.get_database_backend(), sql);
    transaction.query_all_raw(statement).await.map_err(ImportError::Source)
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

async fn count(transaction: &DatabaseTransaction, table: &str) -> Result<u64> {
    let backend = transaction.get_database_backend();
    let sql = format!("SELECT {} FROM {table}", as_text(backend, "count(*)"));
    let rows = rows(transaction, sql).await?;
    let count = rows.first().map(|row| text(backend, row, 0)).transpose()?.flatten();
    Ok(count.and_then(|count| count.parse().ok()).unwrap_or_default())
}

/// An expression as text. SQLite's texts may contain bytes that are no text, so they are read as
/// bytes.
fn as_text(backend: DbBackend, expression: &str) -> String {
    match backend {
        DbBackend::Sqlite => format!("CAST({expression} AS BLOB)"),
        DbBackend::MySql => format!("CAST({expression} AS CHAR)"),
        _ => format!("({expression})::text"),
    }
}

/// The name of a column in a statement. `default` is a word of SQL.
fn quoted(backend: DbBackend, name: &str) -> String {
    match backend {
        DbBackend::MySql => format!("`{name}`"),
        _ => format!("\"{name}\""),
    }
}

/// A column of a row as text. Bytes that are no text are replaced.
fn text(backend: DbBackend, row: &QueryResult, n: usize) -> Result<Option<String>> {
    read_text(backend, row, n).map(|text| text.map(|(text, _)| text))
}

/// The same, and whether something was replaced.
fn read_text(backend: DbBackend, row: &QueryResult, n: usize) -> Result<Option<(String, bool)>> {
    let from_bytes = |bytes: Vec<u8>| match String::from_utf8(bytes) {
        Ok(text) => (text, false),
        Err(error) => (String::from_utf8_lossy(error.as_bytes()).into_owned(), true),
    };
    let read: Result<_, DbErr> = match backend {
        DbBackend::Sqlite => {
            row.try_get_by_index::<Option<Vec<u8>>>(n).map(|bytes| bytes.map(from_bytes))
        }
        _ => row.try_get_by_index::<Option<String>>(n).map(|text| text.map(|text| (text, false))),
    };
    read.map_err(ImportError::Source)
}

/// Reads one table.
struct TableReader<'a> {
    transaction: &'a DatabaseTransaction,
    table: &'static Table,
    /// The columns that it has.
    there: BTreeSet<String>,
    backend: DbBackend,
}

impl TableReader<'_> {
    async fn read(
        &self,
        content_types: &HashMap<i64, String>,
        sink: &mut (impl RowSink + Send),
        progress: &dyn Progress,
    ) -> Result<()> {
        let total = count(self.transaction, self.table.name).await?;
        progress.begin(&format!("read {}", self.table.name), Some(total), Unit::Rows);
        let mut after = None;
        loop {
            let page = rows(self.transaction, self.page_statement(after)).await?;
            let count = page.len();
            let mut read = Vec::with_capacity(count);
            for row in &page {
                let key = text(self.backend, row, 0)?.and_then(|key| key.parse::<i64>().ok());
                // Without a key in order, the pages would never end.
                let key = key.filter(|key| after.is_none_or(|after| *key > after));
                after = Some(key.ok_or_else(|| {
                    ImportError::refused(format_args!(
                        "{}.{} is no number in order: the database is damaged",
                        self.table.name, self.table.key
                    ))
                })?);
                read.push(self.row(row, content_types)?);
            }
            sink.take(read).await?;
            progress.advance(u64::try_from(count).unwrap_or_default());
            if count < PAGE {
                return Ok(());
            }
        }
    }

    /// A page of rows, with the key first.
    fn page_statement(&self, after: Option<i64>) -> String {
        page_statement(self.backend, self.table, &self.there, after)
    }

    fn row(&self, row: &QueryResult, content_types: &HashMap<i64, String>) -> Result<SourceRow> {
        let (mut values, mut problems) = (Vec::new(), Vec::new());
        for (n, column) in self.table.columns.iter().enumerate() {
            let mut problem =
                |is: ValueProblem| problems.push(RowProblem { column: column.name, is });
            let value = match read_text(self.backend, row, n + 1)? {
                None => Value::Null,
                Some((text, replaced)) => {
                    if replaced {
                        problem(ValueProblem::Replaced);
                    }
                    of_text(column.kind, &text).unwrap_or_else(|_| {
                        problem(ValueProblem::Unreadable);
                        Value::Null
                    })
                }
            };
            let value = match (column.kind, value.number()) {
                (Kind::ContentType, Some(id)) => match content_types.get(&id) {
                    Some(name) => Value::Text(name.clone()),
                    None => {
                        problem(ValueProblem::Dangling);
                        Value::Null
                    }
                },
                _ => value,
            };
            values.push(value);
        }
        Ok(SourceRow { table: self.table, values, problems })
    }
}

fn page_statement(
    backend: DbBackend,
    table: &Table,
    there: &BTreeSet<String>,
    after: Option<i64>,
) -> String {
    let expression = |column: &Column| match there.contains(column.name) {
        true => as_text(backend, &quoted(backend, column.name)),
        false => "NULL".to_owned(),
    };
    // Without the table's name, PostgreSQL would take the text of the same name, and sort by it.
    let key = format!("{}.{}", table.name, quoted(backend, table.key));
    let columns: Vec<String> = table.columns.iter().map(expression).collect();
    let page = after.map_or(String::new(), |after| format!(" WHERE {key} > {after}"));
    format!(
        "SELECT {}, {} FROM {}{page} ORDER BY {key} LIMIT {PAGE}",
        as_text(backend, &key),
        columns.join(", "),
        table.name,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::schema::{TASK_STAGES, table};

    #[test]
    fn every_value_is_read_as_text() {
        let stages = table(TASK_STAGES).unwrap();
        let there: BTreeSet<String> = ["id", "name", "default", "done"].map(str::to_owned).into();
        let statement = |backend, after| page_statement(backend, stages, &there, after);
        // Lines of at most 100 columns.
        let lines = |sql: String| sql.replace(", ", ",\n").replace(" FROM", "\nFROM");
        insta::assert_snapshot!(lines(statement(DbBackend::Sqlite, None)), @r#"
        SELECT CAST(tasks_taskstage."id" AS BLOB),
        CAST("id" AS BLOB),
        CAST("name" AS BLOB),
        CAST("default" AS BLOB),
        CAST("done" AS BLOB),
        NULL
        FROM tasks_taskstage ORDER BY tasks_taskstage."id" LIMIT 2000
        "#);
        insta::assert_snapshot!(lines(statement(DbBackend::Postgres, Some(7))), @r#"
        SELECT (tasks_taskstage."id")::text,
        ("id")::text,
        ("name")::text,
        ("default")::text,
        ("done")::text,
        NULL
        FROM tasks_taskstage WHERE tasks_taskstage."id" > 7 ORDER BY tasks_taskstage."id" LIMIT 2000
        "#);
        insta::assert_snapshot!(lines(statement(DbBackend::MySql, Some(7))), @"
        SELECT CAST(tasks_taskstage.`id` AS CHAR),
        CAST(`id` AS CHAR),
        CAST(`name` AS CHAR),
        CAST(`default` AS CHAR),
        CAST(`done` AS CHAR),
        NULL
        FROM tasks_taskstage WHERE tasks_taskstage.`id` > 7 ORDER BY tasks_taskstage.`id` LIMIT 2000
        ");
    }
}
