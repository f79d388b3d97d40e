//! PostgreSQL builds an index of millions of rows much faster at once than row by row.

use crate::Result;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use service::database::Database;

/// Drops the indexes of these tables that no constraint needs. Returns the statements that create
/// them.
///
/// # Errors
/// The error of the database.
pub(super) async fn drop_all(database: &Database, tables: &[&str]) -> Result<Vec<String>> {
    let question = format!(
        "SELECT i.indexname, i.indexdef FROM pg_indexes i \
         WHERE i.schemaname = 'public' AND i.tablename IN ('{}') \
         AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname) \
         ORDER BY i.indexname",
        tables.join("', '")
    );
    let connection = database.connection();
    let rows =
        connection.query_all_raw(Statement::from_string(DbBackend::Postgres, question)).await?;
    let mut definitions = Vec::new();
    for row in rows {
        let name: String = row.try_get("", "indexname")?;
        connection.execute_unprepared(&format!("DROP INDEX {name}")).await?;
        definitions.push(row.try_get("", "indexdef")?);
    }
    Ok(definitions)
}

/// Creates the indexes again.
///
/// # Errors
/// The error of the database.
pub(super) async fn create(database: &Database, definitions: &[String]) -> Result<()> {
    for definition in definitions {
        database.connection().execute_unprepared(definition).await?;
    }
    Ok(())
}
