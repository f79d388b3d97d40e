//! The idempotency keys of requests that have created something.
//!
//! A key is written in the transaction of the creation. `created_id` has no foreign key, because
//! what was created may be deleted before the key expires.

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
        dialect::drop_tables(manager, &["idempotency_keys"]).await
    }
}

const UP: &str = "
CREATE TABLE idempotency_keys (
    user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 128),
    verb text NOT NULL,
    input_sha256 text NOT NULL CHECK (length(input_sha256) = 64),
    created_id {uuid} NOT NULL,
    created_at {timestamp} NOT NULL,
    PRIMARY KEY (user_id, key)
) {strict};
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
";
