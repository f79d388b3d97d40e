//! An import adds memos with all that belongs to them, and knows their counts and words. So it
//! tells PostgreSQL's triggers to leave these to it, with a setting that ends with its transaction
//! (`memoranda.adds_memos`). Otherwise, each kind of belongings would write every memo once more,
//! with an entry in each index. SQLite writes no index for this.

use crate::{dialect, m20261126_000019_move_deleted_memos::triggers};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        replace(manager, LEAVE_TO_IMPORT).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        replace(manager, "").await
    }
}

/// What the functions do first.
const LEAVE_TO_IMPORT: &str =
    "    IF TG_OP = 'INSERT' AND current_setting('memoranda.adds_memos', true) = 'on' THEN
        RETURN NULL;
    END IF;
";

async fn replace(manager: &SchemaManager<'_>, first: &str) -> Result<(), DbErr> {
    if !dialect::is_postgres(manager) {
        return Ok(());
    }
    dialect::run(manager, &triggers::track_on_postgres(first)).await?;
    dialect::run(manager, &ENTER_SEARCH.replace("{first}", first)).await
}

const ENTER_SEARCH: &str = "
CREATE OR REPLACE FUNCTION memoranda_enter_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
{first}    INSERT INTO memo_search (memo_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
";
