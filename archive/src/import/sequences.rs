//! Rows whose numbers the database gives out keep those that they have.

use crate::{Error, Result, manifest::Manifest, snapshot::NUMBERED};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement};

/// Lets an import write the numbers. SQLite always does.
pub(super) async fn open(transaction: &DatabaseTransaction) -> Result<()> {
    generate(transaction, "BY DEFAULT").await
}

/// Lets the database give out the numbers after those of the archive.
pub(super) async fn close(transaction: &DatabaseTransaction, manifest: &Manifest) -> Result<()> {
    generate(transaction, "ALWAYS").await?;
    for table in NUMBERED {
        let last = manifest.sequences.get(table).copied().unwrap_or_default();
        let backend = transaction.get_database_backend();
        let largest = format!("SELECT coalesce(max(id), 0) AS largest FROM {table}");
        let row = transaction.query_one_raw(Statement::from_string(backend, largest)).await?;
        let largest: i64 = row.map(|row| row.try_get("", "largest")).transpose()?.unwrap_or(0);
        if largest > last {
            return Err(Error::refused(format_args!(
                "tables/{table}.ndjson has a row with the number {largest}, but by the manifest \
                 {last} was the last one: take the archive from `memoranda export` as it is"
            )));
        }
        let next = match backend {
            // Unlike `setval`, this is rolled back with the transaction.
            DbBackend::Postgres => {
                format!("ALTER TABLE {table} ALTER COLUMN id RESTART WITH {}", last + 1)
            }
            _ => format!(
                "DELETE FROM sqlite_sequence WHERE name = '{table}';
                 INSERT INTO sqlite_sequence (name, seq) SELECT '{table}', {last} WHERE {last} > 0"
            ),
        };
        transaction.execute_unprepared(&next).await?;
    }
    Ok(())
}

async fn generate(transaction: &DatabaseTransaction, when: &str) -> Result<()> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        for table in NUMBERED {
            let alter = format!("ALTER TABLE {table} ALTER COLUMN id SET GENERATED {when}");
            transaction.execute_unprepared(&alter).await?;
        }
    }
    Ok(())
}
