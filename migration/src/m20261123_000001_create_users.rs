//! People.

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
        dialect::drop_tables(manager, &["users"]).await
    }
}

const UP: &str = "
CREATE TABLE users (
    id {uuid} PRIMARY KEY,
    username text NOT NULL UNIQUE CHECK (length(username) BETWEEN 1 AND 64),
    full_name text NOT NULL CHECK (length(full_name) BETWEEN 1 AND 250),
    email text NOT NULL UNIQUE CHECK (length(email) BETWEEN 3 AND 254),
    role text NOT NULL CHECK (role IN ('MEMBER', 'CHIEF', 'ADMIN')),
    active {bool} NOT NULL,
    created_at {timestamp} NOT NULL
) {strict};
";
