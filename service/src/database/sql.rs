//! Small pieces of SQL in which the two databases differ, and statements from text.

use sea_orm::{
    ColumnTrait, ColumnType, DbBackend, EntityTrait, IdenStatic, Iterable, Statement, Value,
};

/// A statement from its text and its values, `$1` first.
pub fn statement(backend: DbBackend, sql: impl Into<String>, values: impl IntoIterator<Item = Value>) -> Statement {
    Statement::from_sql_and_values(backend, sql, values)
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

/// Aggregates rows of JSON into the text of one JSON array; an empty array where there are none.
pub fn json_rows(backend: DbBackend, row: &str, order: &str) -> String {
    match backend {
        DbBackend::Postgres => format!("coalesce(json_agg({row} ORDER BY {order})::text, '[]')"),
        _ => format!("json_group_array({row} ORDER BY {order})"),
    }
}

/// A whole row as the text of a JSON object from which the entity's model can be read again, whatever columns the table has.
pub fn row_as_json<E: EntityTrait>(backend: DbBackend, alias: &str) -> String {
    if backend == DbBackend::Postgres {
        return format!("to_jsonb({alias}.*)::text");
    }
    let fields: Vec<String> = E::Column::iter()
        .map(|column| {
            let name = column.as_str().to_owned();
            let value = match column.def().get_column_type() {
                ColumnType::Uuid => format!("CASE WHEN {alias}.{name} IS NULL THEN NULL ELSE lower(hex({alias}.{name})) END"),
                ColumnType::Boolean => format!("json(CASE WHEN {alias}.{name} THEN 'true' ELSE 'false' END)"),
                _ => format!("{alias}.{name}"),
            };
            format!("'{name}', {value}")
        })
        .collect();
    format!("json_object({})", fields.join(", "))
}

/// The clause that locks the rows of `alias` until the transaction ends. SQLite's immediate transaction has locked everything already.
pub fn lock_rows(backend: DbBackend, alias: &str) -> String {
    match backend {
        DbBackend::Postgres => format!(" FOR UPDATE OF {alias}"),
        _ => String::new(),
    }
}
