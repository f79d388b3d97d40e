//! Whether a database is one of a Django CRM that the import knows.

use super::{
    Columns,
    sql::{as_text, rows, text},
};
use crate::{
    Result,
    error::ImportError,
    source::{
        SourceDescription,
        schema::{CONTENT_TYPES, Need, TABLES},
    },
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend};

/// The columns of all tables.
pub(super) async fn columns(transaction: &DatabaseTransaction) -> Result<Columns> {
    let sql = columns_statement(transaction.get_database_backend());
    let backend = transaction.get_database_backend();
    let mut columns = Columns::new();
    for row in rows(transaction, sql.to_owned()).await? {
        let (table, column) = (text(backend, &row, 0)?, text(backend, &row, 1)?);
        let columns = columns.entry(table.unwrap_or_default()).or_default();
        columns.insert(column.unwrap_or_default());
    }
    Ok(columns)
}

fn columns_statement(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Sqlite => {
            "SELECT CAST(t.name AS BLOB), CAST(c.name AS BLOB) \
             FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'"
        }
        DbBackend::MySql => {
            "SELECT CAST(table_name AS CHAR), CAST(column_name AS CHAR) \
             FROM information_schema.columns WHERE table_schema = database()"
        }
        _ => {
            "SELECT table_name::text, column_name::text FROM information_schema.columns \
             WHERE table_schema = ANY (current_schemas(false))"
        }
    }
}

/// Refuses a database that lacks a table or a column that is needed.
pub(super) fn check(backend: DbBackend, columns: &Columns) -> Result<SourceDescription> {
    let mut missing = Vec::new();
    let mut description = SourceDescription {
        kind: match backend {
            DbBackend::Sqlite => "SQLite",
            DbBackend::MySql => "MySQL",
            _ => "PostgreSQL",
        }
        .to_owned(),
        ..SourceDescription::default()
    };
    for table in TABLES {
        let Some(there) = columns.get(table.name) else {
            if !table.optional {
                missing.push(table.name.to_owned());
            }
            continue;
        };
        for column in table.columns {
            if column.need != Need::Nothing && !there.contains(column.name) {
                missing.push(format!("{}.{}", table.name, column.name));
            }
        }
        let is_known = |name: &String| table.columns.iter().any(|column| column.name == name);
        let others = there.iter().filter(|name| !is_known(name) && *name != table.key);
        description
            .columns_not_taken
            .extend(others.map(|column| format!("{}.{column}", table.name)));
    }
    if !columns.contains_key(CONTENT_TYPES) {
        missing.push(CONTENT_TYPES.to_owned());
    }
    if missing.is_empty() {
        return Ok(description);
    }
    Err(ImportError::refused(format_args!(
        "this is no database of a Django CRM of a version that is known (tasks 0001, chat 0001, \
         common 0005, crm 0011 and what differs from them in other columns alone). It lacks: {}. \
         Check --from; or run the CRM's own migrations first (`manage.py migrate`)",
        missing.join(", ")
    )))
}

/// The last migration of each application.
pub(super) async fn migrations(
    transaction: &DatabaseTransaction,
    columns: &Columns,
) -> Result<Vec<String>> {
    if !columns.contains_key("django_migrations") {
        return Ok(Vec::new());
    }
    let backend = transaction.get_database_backend();
    let cast = |column: &str| as_text(backend, column);
    let sql = format!(
        "SELECT {}, {} FROM django_migrations WHERE app IN ('auth', 'chat', 'common', 'crm', \
         'tasks') GROUP BY app ORDER BY app",
        cast("app"),
        cast("max(name)"),
    );
    let rows = rows(transaction, sql).await?;
    let each = rows.iter().map(|row| {
        let (app, name) = (text(backend, row, 0)?, text(backend, row, 1)?);
        Ok(format!("{}.{}", app.unwrap_or_default(), name.unwrap_or_default()))
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_database_of_something_else_is_refused_with_what_it_lacks() {
        let mut columns = Columns::new();
        for table in TABLES {
            let names = table.columns.iter().map(|column| column.name.to_owned());
            columns.insert(table.name.to_owned(), names.chain(["id".to_owned()]).collect());
        }
        columns.insert(CONTENT_TYPES.to_owned(), BTreeSet::new());
        assert!(check(DbBackend::Sqlite, &columns).is_ok());
        columns.get_mut("tasks_memo").unwrap().insert("colour".to_owned());
        columns.get_mut("tasks_memo").unwrap().remove("stage");
        columns.remove("chat_chatmessage");
        columns.remove("crm_deal");
        let refused = check(DbBackend::Sqlite, &columns).unwrap_err().to_string();
        assert!(refused.contains("It lacks: tasks_memo.stage, chat_chatmessage."), "{refused}");
    }
}
