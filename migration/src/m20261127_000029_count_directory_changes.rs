//! Counts changes of people, tags, deals and resolutions, no matter who makes them.
//!
//! Servers keep such rows in memory. A statement that reads the number with its own rows shows
//! whether they are still current: the only row of `directory_counter` is changed in the same
//! transaction, so a statement that sees the old number also sees the old rows. New rows do not
//! count, because nobody keeps what does not exist.

use crate::dialect;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The tables whose changes count.
const TABLES: [&str; 4] = ["users", "tags", "deals", "resolutions"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, UP).await?;
        if dialect::is_postgres(manager) {
            dialect::run(manager, FUNCTION).await?;
            dialect::run(manager, &each(postgres_trigger)).await
        } else {
            dialect::run(manager, &each(sqlite_triggers)).await
        }
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if dialect::is_postgres(manager) {
            let drop = |table: &str| format!("DROP TRIGGER {table}_count_change ON {table};\n");
            dialect::run(manager, &each(drop)).await?;
            dialect::run(manager, "DROP FUNCTION memoranda_count_directory_change();").await?;
        } else {
            let drop = |table: &str| {
                format!("DROP TRIGGER {table}_count_change;\nDROP TRIGGER {table}_count_end;\n")
            };
            dialect::run(manager, &each(drop)).await?;
        }
        dialect::drop_tables(manager, &["directory_counter"]).await
    }
}

fn each(write: impl Fn(&str) -> String) -> String {
    TABLES.map(write).concat()
}

const UP: &str = "
CREATE TABLE directory_counter (
    id {bigint} PRIMARY KEY CHECK (id = 1),
    changes {bigint} NOT NULL
) {strict};
INSERT INTO directory_counter (id, changes) VALUES (1, 0);
";

const FUNCTION: &str = "
CREATE FUNCTION memoranda_count_directory_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE directory_counter SET changes = changes + 1 WHERE id = 1;
    RETURN NULL;
END $$;
";

fn postgres_trigger(table: &str) -> String {
    format!(
        "CREATE TRIGGER {table}_count_change AFTER UPDATE OR DELETE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION memoranda_count_directory_change();\n"
    )
}

fn sqlite_triggers(table: &str) -> String {
    [("change", "UPDATE"), ("end", "DELETE")]
        .map(|(name, event)| {
            format!(
                "CREATE TRIGGER {table}_count_{name} AFTER {event} ON {table} BEGIN
    UPDATE directory_counter SET changes = changes + 1 WHERE id = 1; END;\n"
            )
        })
        .concat()
}
