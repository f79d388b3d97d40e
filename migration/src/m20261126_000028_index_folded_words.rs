//! The word index contains words that the program folds in the same way for both databases. It
//! remains while a memo is deleted, and a search reads it through `memos`.
//!
//! Triggers mark memos whose entries in the index are outdated. A program that writes a memo's
//! texts updates the index in the same transaction. A job indexes what other programs have written.

use crate::{dialect, m20261123_000016_find_memos as before};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        before::drop_words(manager).await?;
        if dialect::is_postgres(manager) {
            return dialect::run(manager, UP_ON_POSTGRES).await;
        }
        dialect::run(manager, UP_ON_SQLITE).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if dialect::is_postgres(manager) {
            dialect::run(manager, DOWN_ON_POSTGRES).await?;
        } else {
            dialect::run(manager, DOWN_ON_SQLITE).await?;
        }
        before::create_words(manager).await
    }
}

/// `memo_words` does not contain the memo's id, and SQLite may renumber rows when it compacts the
/// file. So `memo_search` maps its entries to memos. The words are already folded, and the
/// tokenizer splits them at spaces.
const UP_ON_SQLITE: &str = "
CREATE TABLE memo_search (
    entry INTEGER PRIMARY KEY,
    memo_id BLOB NOT NULL UNIQUE REFERENCES memo_ids (id) ON DELETE CASCADE,
    stale INTEGER NOT NULL DEFAULT TRUE
) STRICT;
CREATE INDEX memo_search_stale ON memo_search (entry) WHERE stale;
CREATE VIRTUAL TABLE memo_words USING fts5(
    name, description, note, content = '', contentless_delete = 1, prefix = '2 3', tokenize = \
    'ascii'
);
INSERT INTO memo_search (memo_id) SELECT id FROM memo_ids WHERE NOT erasing ORDER BY id;
CREATE TRIGGER memos_enter_search AFTER INSERT ON memos BEGIN
    INSERT INTO memo_search (memo_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER memos_change_words AFTER UPDATE OF name, description, note ON memos
    WHEN (OLD.name, OLD.description, OLD.note) IS NOT (NEW.name, NEW.description, NEW.note) BEGIN
    UPDATE memo_search SET stale = TRUE WHERE memo_id = NEW.id;
END;
CREATE TRIGGER memo_search_delete_words AFTER DELETE ON memo_search BEGIN
    DELETE FROM memo_words WHERE rowid = OLD.entry;
END;
";

const DOWN_ON_SQLITE: &str = "
DROP TRIGGER memos_enter_search;
DROP TRIGGER memos_change_words;
DROP TABLE memo_search;
DROP TABLE memo_words;
";

const UP_ON_POSTGRES: &str = "
CREATE TABLE memo_search (
    memo_id uuid PRIMARY KEY REFERENCES memo_ids (id) ON DELETE CASCADE,
    words tsvector NOT NULL DEFAULT '',
    stale boolean NOT NULL DEFAULT TRUE
);
CREATE INDEX memo_search_words ON memo_search USING gin (words);
CREATE INDEX memo_search_stale ON memo_search (memo_id) WHERE stale;
INSERT INTO memo_search (memo_id) SELECT id FROM memo_ids WHERE NOT erasing;
CREATE FUNCTION memoranda_enter_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO memo_search (memo_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER memos_enter_search AFTER INSERT ON memos
    FOR EACH ROW EXECUTE FUNCTION memoranda_enter_search();
CREATE FUNCTION memoranda_change_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE memo_search SET stale = TRUE WHERE memo_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER memos_change_words AFTER UPDATE OF name, description, note ON memos FOR EACH ROW
    WHEN ((OLD.name, OLD.description, OLD.note)
        IS DISTINCT FROM (NEW.name, NEW.description, NEW.note))
    EXECUTE FUNCTION memoranda_change_words();
";

const DOWN_ON_POSTGRES: &str = "
DROP TRIGGER memos_enter_search ON memos;
DROP TRIGGER memos_change_words ON memos;
DROP FUNCTION memoranda_enter_search();
DROP FUNCTION memoranda_change_words();
DROP TABLE memo_search;
";
