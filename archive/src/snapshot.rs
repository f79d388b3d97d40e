//! One state of the whole database, read table by table while people go on working.

use crate::{
    Result,
    line::{self, Cell, Row},
    tables::{Kind, Table},
};
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseTransaction, DbBackend, IsolationLevel, Statement,
    TransactionOptions, TransactionTrait,
    sea_query::{
        Alias, Expr, ExprTrait, Order, PostgresQueryBuilder, Query, SelectStatement, Value,
    },
};
use service::database::Database;
use std::collections::BTreeMap;

/// How many rows are in memory at a time.
const PAGE: u64 = 250;

/// The tables whose rows have numbers that the database gives out.
pub(crate) const NUMBERED: [&str; 1] = ["memo_events"];

/// A transaction that reads one state of the database.
pub(crate) struct Snapshot(DatabaseTransaction);

impl Snapshot {
    /// Begins to read. On SQLite, the first statement takes the state.
    pub(crate) async fn begin(database: &Database) -> Result<Self> {
        let is_postgres = database.backend() == DbBackend::Postgres;
        let options = TransactionOptions {
            isolation_level: is_postgres.then_some(IsolationLevel::RepeatableRead),
            access_mode: is_postgres.then_some(AccessMode::ReadOnly),
            ..TransactionOptions::default()
        };
        let transaction = database.connection().begin_with_options(options).await?;
        wait_without_limit(&transaction).await?;
        Ok(Self(transaction))
    }

    /// The transaction itself.
    pub(crate) fn transaction(&self) -> &DatabaseTransaction {
        &self.0
    }

    /// How many rows of the table are in an archive.
    pub(crate) async fn count(&self, table: &Table) -> Result<u64> {
        let mut query = from(table);
        query.expr_as(Expr::cust("count(*)"), "rows");
        let row = self.0.query_one(&query).await?;
        let rows: i64 = row.map(|row| row.try_get("", "rows")).transpose()?.unwrap_or_default();
        Ok(u64::try_from(rows).unwrap_or_default())
    }

    /// The rows of the table in the order of its key.
    pub(crate) async fn rows(&self, table: &'static Table) -> Result<Rows<'_>> {
        let backend = self.0.get_database_backend();
        if backend == DbBackend::Postgres {
            // A cursor sorts once where no index has the order.
            let query = select(backend, table).to_string(PostgresQueryBuilder);
            let declare = format!("DECLARE {} NO SCROLL CURSOR FOR {query}", cursor(table));
            self.0.execute_unprepared(&declare).await?;
        }
        Ok(Rows { snapshot: self, table, last: None, is_over: false })
    }

    /// The last number that each table with numbered rows has given out.
    pub(crate) async fn sequences(&self) -> Result<BTreeMap<String, i64>> {
        let mut sequences = BTreeMap::new();
        for table in NUMBERED {
            let last = match self.0.get_database_backend() {
                DbBackend::Postgres => format!(
                    "SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END AS last \
                     FROM {table}_id_seq"
                ),
                _ => format!("SELECT seq AS last FROM sqlite_sequence WHERE name = '{table}'"),
            };
            let last = Statement::from_string(self.0.get_database_backend(), last);
            let row = self.0.query_one_raw(last).await?;
            let last = row.map(|row| row.try_get("", "last")).transpose()?.unwrap_or_default();
            sequences.insert(table.to_owned(), last);
        }
        Ok(sequences)
    }

    /// Ends the transaction.
    pub(crate) async fn end(self) -> Result<()> {
        Ok(self.0.rollback().await?)
    }
}

/// Lets a transaction of PostgreSQL take as long as it needs. Its limits are made for requests.
pub(crate) async fn wait_without_limit(transaction: &DatabaseTransaction) -> Result<()> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        for limit in ["statement_timeout", "idle_in_transaction_session_timeout"] {
            transaction.execute_unprepared(&format!("SET LOCAL {limit} = 0")).await?;
        }
    }
    Ok(())
}

/// The rows of a table, page by page.
pub(crate) struct Rows<'a> {
    snapshot: &'a Snapshot,
    table: &'static Table,
    /// The key of the last row. SQLite continues after it.
    last: Option<Row>,
    is_over: bool,
}

impl Rows<'_> {
    /// The next rows. `None` after the last one.
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<Row>>> {
        let transaction = &self.snapshot.0;
        if self.is_over {
            return Ok(None);
        }
        let is_postgres = transaction.get_database_backend() == DbBackend::Postgres;
        let page = if is_postgres {
            let fetch = format!("FETCH FORWARD {PAGE} FROM {}", cursor(self.table));
            transaction.query_all_raw(Statement::from_string(DbBackend::Postgres, fetch)).await?
        } else {
            let mut query = select(DbBackend::Sqlite, self.table);
            if let Some(last) = self.last.take() {
                query.and_where(after(self.table, last));
            }
            transaction.query_all(query.limit(PAGE)).await?
        };
        let rows = page.iter().map(|row| line::of_database(self.table, row));
        let rows = rows.collect::<Result<Vec<Row>, _>>()?;
        self.last = rows.last().map(|row| row.iter().take(self.table.key).cloned().collect());
        self.is_over = (rows.len() as u64) < PAGE;
        if self.is_over && is_postgres {
            transaction.execute_unprepared(&format!("CLOSE {}", cursor(self.table))).await?;
        }
        Ok((!rows.is_empty()).then_some(rows))
    }
}

fn cursor(table: &Table) -> String {
    format!("archive_{}", table.name)
}

fn from(table: &Table) -> SelectStatement {
    let mut query = Query::select().from(Alias::new(table.name)).to_owned();
    if let Some(only) = table.only {
        query.and_where(Expr::cust(only));
    }
    query
}

/// All columns of the rows of an archive, in the order of the key: bytes decide between texts,
/// whatever the database's language is.
fn select(backend: DbBackend, table: &Table) -> SelectStatement {
    let mut query = from(table);
    for column in table.columns {
        query.column(Alias::new(column.name));
    }
    for column in table.key_columns() {
        let name = Alias::new(column.name);
        if backend == DbBackend::Postgres && column.kind == Kind::Text {
            query.order_by_expr(
                Expr::cust(format!("\"{}\" COLLATE \"C\"", column.name)),
                Order::Asc,
            );
        } else {
            query.order_by(name, Order::Asc);
        }
    }
    query
}

/// The condition that a row comes after the one with this key.
fn after(table: &Table, key: Vec<Cell>) -> Expr {
    let columns = table.key_columns();
    let names = columns.iter().map(|column| Expr::col(Alias::new(column.name)));
    let values = columns.iter().zip(key).map(|(column, cell)| {
        let value: Value = cell.into_value(column.kind);
        Expr::value(value)
    });
    Expr::tuple(names).gt(Expr::tuple(values))
}
