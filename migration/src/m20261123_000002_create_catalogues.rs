//! The catalogue: deals, tags and resolutions.

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
        dialect::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::drop_tables(manager, &["resolutions", "tags", "deals"]).await
    }
}

const UP: &str = "
CREATE TABLE deals (
    id {uuid} PRIMARY KEY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 250),
    stage text NOT NULL CHECK (stage IN ('OPEN', 'IN_PROGRESS', 'DONE', 'CANCELLED')),
    due_date {date},
    created_at {timestamp} NOT NULL
) {strict};

CREATE TABLE tags (
    id {uuid} PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 250)
) {strict};

CREATE TABLE resolutions (
    id {uuid} PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 250)
) {strict};
";
