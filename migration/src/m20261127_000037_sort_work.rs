//! Lists of deals, tasks and projects are sorted by due date and by name too.

use crate::dialect;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            // The day is the one that stands for "no due date" in the lists.
            let indexes = format!(
                "CREATE INDEX {table}_by_due_date
                    ON {table} (coalesce(due_date, '9999-12-31'), id);
                CREATE INDEX {table}_by_name ON {table} (name, id);"
            );
            dialect::run(manager, &indexes).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            let indexes = format!("DROP INDEX {table}_by_due_date; DROP INDEX {table}_by_name;");
            dialect::run(manager, &indexes).await?;
        }
        Ok(())
    }
}

const TABLES: [&str; 3] = ["deals", "tasks", "projects"];
