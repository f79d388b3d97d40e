//! Triggers do not run while rows are imported: the archive has what they wrote.
//!
//! Both databases switch them off within the import's transaction. So they are there again if it is
//! rolled back, and nobody else ever sees the database without them.

use crate::Result;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement};

/// The statements that switch the triggers on again.
pub(super) struct Triggers(Vec<String>);

/// Switches off the triggers of all tables that are on.
pub(super) async fn switch_off(transaction: &DatabaseTransaction) -> Result<Triggers> {
    let backend = transaction.get_database_backend();
    let rows = transaction.query_all_raw(Statement::from_string(backend, list(backend))).await?;
    let mut again = Vec::with_capacity(rows.len());
    for row in rows {
        let (off, on): (String, String) =
            (row.try_get("", "switched_off")?, row.try_get("", "switched_on")?);
        transaction.execute_unprepared(&off).await?;
        again.push(on);
    }
    Ok(Triggers(again))
}

impl Triggers {
    /// Switches them on again.
    pub(super) async fn switch_on(self, transaction: &DatabaseTransaction) -> Result<()> {
        for on in self.0 {
            transaction.execute_unprepared(&on).await?;
        }
        Ok(())
    }
}

/// Lists the triggers, each with the statements that switch it off and on.
fn list(backend: DbBackend) -> &'static str {
    match backend {
        // The owner of a table may do this. Its keys are still checked.
        DbBackend::Postgres => {
            "SELECT format('ALTER TABLE %s DISABLE TRIGGER %I', t.tgrelid::regclass, t.tgname)
                AS switched_off,
                format('ALTER TABLE %s ENABLE TRIGGER %I', t.tgrelid::regclass, t.tgname)
                AS switched_on
            FROM pg_trigger t
            JOIN pg_class c ON c.oid = t.tgrelid
            WHERE NOT t.tgisinternal AND t.tgenabled = 'O'
                AND c.relnamespace = current_schema()::regnamespace
            ORDER BY t.oid"
        }
        _ => {
            "SELECT 'DROP TRIGGER \"' || name || '\"' AS switched_off, sql AS switched_on
            FROM sqlite_master
            WHERE type = 'trigger'
            ORDER BY rowid"
        }
    }
}
