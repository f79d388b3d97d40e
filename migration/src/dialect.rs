//! One text of data definition for both databases.
//!
//! The statements are plain SQL, since no portable builder has checks, partial indexes, deferred
//! keys and triggers. The databases differ only in the names of types, which are in braces.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// For each type: its name in braces, in PostgreSQL, and in SQLite (whose tables are `STRICT`).
const TYPES: [(&str, &str, &str); 7] = [
    ("{uuid}", "uuid", "BLOB"),
    ("{timestamp}", "timestamptz", "TEXT"),
    ("{date}", "date", "TEXT"),
    ("{bool}", "boolean", "INTEGER"),
    ("{bigint}", "bigint", "INTEGER"),
    ("{json}", "jsonb", "TEXT"),
    ("{strict}", "", "STRICT"),
];

/// Whether the migration runs on PostgreSQL; otherwise on SQLite.
pub(crate) fn is_postgres(manager: &SchemaManager<'_>) -> bool {
    manager.get_database_backend() == DbBackend::Postgres
}

/// Runs statements, separated by semicolons, after replacing the types in braces.
pub(crate) async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    let postgres = is_postgres(manager);
    let sql = TYPES.iter().fold(sql.to_owned(), |sql, (name, on_postgres, on_sqlite)| {
        sql.replace(name, if postgres { on_postgres } else { on_sqlite })
    });
    manager.get_connection().execute_unprepared(&sql).await?;
    Ok(())
}

/// Drops tables in the given order.
pub(crate) async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&str]) -> Result<(), DbErr> {
    for table in tables {
        manager.get_connection().execute_unprepared(&format!("DROP TABLE {table}")).await?;
    }
    Ok(())
}
