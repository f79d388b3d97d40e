//! Small pieces of SQL that differ between the two databases, and statements from text.

use super::{Database, columns::unreadable};
use crate::Result;
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, ExprTrait, FromQueryResult,
    IdenStatic, Iterable, QueryResult, Statement, Value,
    sea_query::{BinOper, Expr, Func, extension::postgres::PgFunc},
};
use sqlx::Row;
use uuid::Uuid;

/// A statement from its text and its values, starting with `$1`. Prefer
/// [`Parameters`](super::Parameters), where values have names.
pub fn statement(
    backend: DbBackend,
    sql: impl Into<String>,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    Statement::from_sql_and_values(backend, sql, values)
}

/// The condition that a column is one of the ids. The list is one parameter, so one prepared
/// statement serves lists of any length.
pub fn is_one_of(backend: DbBackend, column: impl ColumnTrait, ids: &[Uuid]) -> Expr {
    let column = Expr::col(column.as_column_ref());
    if backend == DbBackend::Postgres {
        return column.eq(PgFunc::any(ids.to_vec()));
    }
    let list = Expr::cust_with_values("(SELECT unhex(value) FROM json_each(?))", [json_list(ids)]);
    column.binary(BinOper::In, list)
}

/// The condition that a row meets one of the conditions. No row meets one of none.
pub fn any_of(conditions: impl IntoIterator<Item = Condition>) -> Condition {
    let mut conditions = conditions.into_iter().peekable();
    if conditions.peek().is_none() {
        return Condition::all().add(Expr::cust("1 = 2"));
    }
    conditions.fold(Condition::any(), Condition::add)
}

/// Ids in the form in which SQLite accepts a list of them.
pub(super) fn json_list(ids: &[Uuid]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| format!("\"{}\"", id.simple())).collect();
    format!("[{}]", ids.join(","))
}

/// Rows that are linked to other rows, each with the id of the other row. The statement returns
/// that id as `linked_to`.
///
/// # Errors
/// Returns errors of the database.
pub async fn linked<M: FromQueryResult>(
    database: &Database,
    statement: Statement,
) -> Result<Vec<(Uuid, M)>> {
    let rows = database.connection().query_all_raw(statement).await?;
    rows.iter()
        .map(|row| Ok((row.try_get("", "linked_to")?, M::from_query_result(row, "")?)))
        .collect()
}

/// The ids in a column of the rows.
///
/// # Errors
/// Returns an error if the column contains no ids.
pub fn ids_in(rows: &[QueryResult], column: &str) -> Result<Vec<Uuid>> {
    Ok(rows.iter().map(|row| row.try_get("", column)).collect::<Result<_, _>>()?)
}

/// The condition that a column contains the text, ignoring case. Unlike LIKE, it has no wildcards.
/// SQLite ignores the case of a–z only.
pub fn contains_text(backend: DbBackend, column: impl ColumnTrait, text: &str) -> Expr {
    place_of(
        backend,
        Func::lower(Expr::col(column.as_column_ref())),
        Func::lower(Expr::value(text)),
    )
    .gt(0)
}

/// The position of a text in another one, starting with 1. 0 if it is not there.
pub fn place_of(backend: DbBackend, whole: impl Into<Expr>, part: impl Into<Expr>) -> Expr {
    let find = match backend {
        DbBackend::Postgres => "strpos",
        _ => "instr",
    };
    Func::cust(find).arg(whole).arg(part).into()
}

/// The condition that a column equals the text, ignoring case. SQLite ignores the case of a–z only.
pub fn equals_text(column: impl ColumnTrait, text: &str) -> Expr {
    Expr::from(Func::lower(Expr::col(column.as_column_ref()))).eq(Func::lower(Expr::value(text)))
}

/// An id as text that `uuid` can parse, for use inside JSON.
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

/// Aggregates rows of JSON, in no particular order, into the text of one JSON array. Without rows,
/// the result is null or an empty array.
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

/// The columns of an entity, separated by commas. Each has the prefix.
pub fn column_names<E: EntityTrait>(prefix: &str) -> String {
    let names: Vec<String> =
        E::Column::iter().map(|column| format!("{prefix}{}", column.as_str())).collect();
    names.join(", ")
}

/// The columns of an entity, separated by commas, each renamed by a prefix. `from` is the prefix of
/// the columns themselves.
pub fn column_names_as<E: EntityTrait>(from: &str, prefix: &str) -> String {
    let names = E::Column::iter().map(|column| {
        let name = column.as_str();
        format!("{from}{name} AS {prefix}{name}")
    });
    names.collect::<Vec<_>>().join(", ")
}

/// Aggregates a column of ids, in no particular order. [`ids_of`] reads it.
pub fn ids_column(backend: DbBackend, id: &str) -> String {
    match backend {
        DbBackend::Postgres => format!("array_agg({id})"),
        _ => format!("group_concat(hex({id}), ' ')"),
    }
}

/// The ids that [`ids_column`] has aggregated.
///
/// # Errors
/// Returns an error if the column contains something else.
pub fn ids_of(row: &QueryResult, column: &str) -> Result<Vec<Uuid>> {
    if let Some(row) = row.try_as_pg_row() {
        let ids: Option<Vec<Uuid>> = row.try_get(column).map_err(unreadable)?;
        return Ok(ids.unwrap_or_default());
    }
    let text = row.try_get::<Option<String>>("", column)?.unwrap_or_default();
    let ids = text.split_ascii_whitespace().map(Uuid::try_parse).collect::<Result<_, _>>();
    ids.map_err(|_| crate::Error::Inconsistent(format!("the column {column} holds no ids")))
}
