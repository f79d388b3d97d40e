//! Small pieces of SQL in which the two databases differ, and statements from text.

use super::Database;
use crate::Result;
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, ExprTrait,
    FromQueryResult, IdenStatic, Iterable, Statement, Value,
    sea_query::{BinOper, Expr, Func, extension::postgres::PgFunc},
};
use uuid::Uuid;

/// A statement from its text and its values, `$1` first.
pub fn statement(
    backend: DbBackend,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    Statement::from_sql_and_values(backend, sql, values)
}

/// The values of a statement that is put together, each named by its placeholder.
#[derive(Debug, Clone, Default)]
pub struct Parameters(pub Vec<Value>);

impl Parameters {
    /// Adds a value; its placeholder, which may stand in the statement as often as wanted.
    pub fn bind(&mut self, value: impl Into<Value>) -> String {
        self.0.push(value.into());
        format!("${}", self.0.len())
    }
}

/// That a column is one of the ids: one parameter however many there are, so that one prepared
/// statement serves lists of any length.
pub fn is_one_of(backend: DbBackend, column: impl ColumnTrait, ids: &[Uuid]) -> Expr {
    let column = Expr::col(column.as_column_ref());
    if backend == DbBackend::Postgres {
        return column.eq(PgFunc::any(ids.to_vec()));
    }
    let list = Expr::cust_with_values("(SELECT unhex(value) FROM json_each(?))", [json_list(ids)]);
    column.binary(BinOper::In, list)
}

/// The same in a text of SQL, as parameter `$1`, and the parameter.
pub fn is_one_of_first(backend: DbBackend, ids: &[Uuid]) -> (&'static str, Value) {
    match backend {
        DbBackend::Postgres => ("= ANY($1)", ids.to_vec().into()),
        _ => ("IN (SELECT unhex(value) FROM json_each($1))", json_list(ids).into()),
    }
}

/// Two lists of ids of the same length as rows of two columns, in a text of SQL, as parameters `$1`
/// and `$2`, and the parameters.
pub fn id_pairs_first(
    backend: DbBackend,
    first: &[Uuid],
    second: &[Uuid],
) -> (&'static str, [Value; 2]) {
    match backend {
        DbBackend::Postgres => (
            "unnest(CAST($1 AS uuid[]), CAST($2 AS uuid[]))",
            [first.to_vec().into(), second.to_vec().into()],
        ),
        _ => (
            "(SELECT unhex(a.value) AS a, unhex(b.value) AS b \
             FROM json_each($1) a JOIN json_each($2) b ON b.key = a.key)",
            [json_list(first).into(), json_list(second).into()],
        ),
    }
}

fn json_list(ids: &[Uuid]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| format!("\"{}\"", id.simple())).collect();
    format!("[{}]", ids.join(","))
}

/// Rows that belong to memos by way of a link: each with the memo's id. `rows` is `FROM … JOIN …`
/// with `l` as the link and `t` as the row, which are sorted by `order`.
///
/// # Errors
/// What the database answers.
pub async fn linked<M: FromQueryResult>(
    database: &Database,
    memo_ids: &[Uuid],
    rows: &str,
    order: &str,
) -> Result<Vec<(Uuid, M)>> {
    linked_by(database, "memo_id", memo_ids, rows, order).await
}

/// The same for rows that belong to anything else, by the link's column `owner`.
///
/// # Errors
/// What the database answers.
pub async fn linked_by<M: FromQueryResult>(
    database: &Database,
    owner: &str,
    owner_ids: &[Uuid],
    rows: &str,
    order: &str,
) -> Result<Vec<(Uuid, M)>> {
    let backend = database.backend();
    let (one_of, list) = is_one_of_first(backend, owner_ids);
    let sql = format!(
        "SELECT l.{owner} AS linked_to, t.* {rows} WHERE l.{owner} {one_of} ORDER BY {order}"
    );
    let rows = database.connection().query_all_raw(statement(backend, sql, [list])).await?;
    rows.iter()
        .map(|row| Ok((row.try_get("", "linked_to")?, M::from_query_result(row, "")?)))
        .collect()
}

/// That a column contains the text, in capitals or not. Unlike LIKE, that knows no wildcards.
/// SQLite knows the capitals of a–z alone.
pub fn contains_text(backend: DbBackend, column: impl ColumnTrait, text: &str) -> Expr {
    place_of(
        backend,
        Func::lower(Expr::col(column.as_column_ref())),
        Func::lower(Expr::value(text)),
    )
    .gt(0)
}

/// Where a text stands in another one, from 1; 0 if it does not.
pub fn place_of(backend: DbBackend, whole: impl Into<Expr>, part: impl Into<Expr>) -> Expr {
    let find = match backend {
        DbBackend::Postgres => "strpos",
        _ => "instr",
    };
    Func::cust(find).arg(whole).arg(part).into()
}

/// That a column equals the text, in capitals or not. SQLite knows the capitals of a–z alone.
pub fn equals_text(column: impl ColumnTrait, text: &str) -> Expr {
    Expr::from(Func::lower(Expr::col(column.as_column_ref()))).eq(Func::lower(Expr::value(text)))
}

/// An id as text that `uuid` parses, for use inside JSON.
pub fn id_text(backend: DbBackend, id: &str) -> String {
    match backend {
        DbBackend::Postgres => format!("({id})::text"),
        _ => format!("lower(hex({id}))"),
    }
}

/// A JSON array of expressions.
pub fn json_array(backend: DbBackend, expressions: &str) -> String {
    match backend {
        DbBackend::Postgres => format!("json_build_array({expressions})"),
        _ => format!("json_array({expressions})"),
    }
}

/// Aggregates rows of JSON, in no particular order, into the text of one JSON array; null or an
/// empty array where there are none.
pub fn json_rows(backend: DbBackend, row: &str) -> String {
    match backend {
        DbBackend::Postgres => format!("json_agg({row})::text"),
        _ => format!("json_group_array({row})"),
    }
}

/// The database's own clock, if it has one.
pub(crate) async fn database_clock<C: ConnectionTrait>(
    connection: &C,
) -> Result<Option<DateTime<Utc>>> {
    if connection.get_database_backend() != DbBackend::Postgres {
        return Ok(None);
    }
    let asked = statement(DbBackend::Postgres, "SELECT clock_timestamp() AS now", []);
    let row = connection.query_one_raw(asked).await?;
    Ok(row.map(|row| row.try_get("", "now")).transpose()?)
}

/// The entity's columns, separated by commas, each with the prefix.
pub fn column_names<E: EntityTrait>(prefix: &str) -> String {
    let names: Vec<String> =
        E::Column::iter().map(|column| format!("{prefix}{}", column.as_str())).collect();
    names.join(", ")
}

/// The clause that locks the rows of `alias` until the transaction ends. SQLite's immediate
/// transaction has locked everything already.
pub fn lock_rows(backend: DbBackend, alias: &str) -> String {
    match backend {
        DbBackend::Postgres => format!(" FOR UPDATE OF {alias}"),
        _ => String::new(),
    }
}

/// The same, leaving out the rows that somebody else has locked: for work that several processes
/// share.
pub fn lock_free_rows(backend: DbBackend, alias: &str) -> String {
    match backend {
        DbBackend::Postgres => format!("{} SKIP LOCKED", lock_rows(backend, alias)),
        _ => String::new(),
    }
}

/// Lets nobody else change the table until the transaction ends: for what is decided by looking at
/// other rows than the one that changes, such as that a name is free. Reading goes on meanwhile,
/// and so do rows of other tables that come to refer to these. SQLite's immediate transaction has
/// locked everything already.
///
/// # Errors
/// What the database answers.
pub async fn lock_table<E: EntityTrait>(transaction: &DatabaseTransaction) -> Result<()> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        let sql = format!("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", E::default().table_name());
        transaction.execute_unprepared(&sql).await?;
    }
    Ok(())
}
