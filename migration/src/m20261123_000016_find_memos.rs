//! Search for memos: an index for every box in every order, and a word index, which triggers
//! maintain.

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
        dialect::run(manager, BOXES).await?;
        create_words(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_words(manager).await?;
        dialect::run(manager, NO_BOXES).await
    }
}

/// Creates the word index and fills it.
pub(crate) async fn create_words(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if dialect::is_postgres(manager) {
        return dialect::run(manager, WORDS_ON_POSTGRES).await;
    }
    dialect::run(manager, WORDS_ON_SQLITE).await?;
    dialect::run(manager, WORD_TRIGGERS_ON_SQLITE).await
}

/// Removes the word index.
pub(crate) async fn drop_words(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if dialect::is_postgres(manager) {
        return dialect::run(manager, NO_WORDS_ON_POSTGRES).await;
    }
    dialect::run(manager, NO_WORD_TRIGGERS_ON_SQLITE).await?;
    dialect::run(manager, NO_WORDS_ON_SQLITE).await
}

/// The date that represents "no review date" comes after all others. Queries must use the same
/// text, because an index of an expression serves only that expression.
const BOXES: &str = "
DROP INDEX memos_author;
DROP INDEX memos_recipient;
CREATE INDEX memos_author_id ON memos (author_id, draft, id);
CREATE INDEX memos_author_updated ON memos (author_id, draft, updated_at, id);
CREATE INDEX memos_author_name ON memos (author_id, draft, name, id);
CREATE INDEX memos_author_review ON memos (author_id, draft, coalesce(review_date, '9999-12-31'), \
    id);
CREATE INDEX memos_recipient_id ON memos (recipient_id, draft, id);
CREATE INDEX memos_recipient_updated ON memos (recipient_id, draft, updated_at, id);
CREATE INDEX memos_recipient_name ON memos (recipient_id, draft, name, id);
CREATE INDEX memos_recipient_review ON memos (recipient_id, draft, coalesce(review_date, \
    '9999-12-31'), id);
CREATE INDEX memos_id ON memos (draft, id);
CREATE INDEX memos_updated ON memos (draft, updated_at, id);
CREATE INDEX memos_name ON memos (draft, name, id);
CREATE INDEX memos_review ON memos (draft, coalesce(review_date, '9999-12-31'), id);
";

const NO_BOXES: &str = "
DROP INDEX memos_author_id;
DROP INDEX memos_author_updated;
DROP INDEX memos_author_name;
DROP INDEX memos_author_review;
DROP INDEX memos_recipient_id;
DROP INDEX memos_recipient_updated;
DROP INDEX memos_recipient_name;
DROP INDEX memos_recipient_review;
DROP INDEX memos_id;
DROP INDEX memos_updated;
DROP INDEX memos_name;
DROP INDEX memos_review;
CREATE INDEX memos_author ON memos (author_id, id);
CREATE INDEX memos_recipient ON memos (recipient_id, id);
";

/// `memo_words` does not contain the memo's id, and SQLite may renumber rows when it compacts the
/// file. So `memo_search` maps its entries to memos.
const WORDS_ON_SQLITE: &str = "
CREATE TABLE memo_search (
    entry INTEGER PRIMARY KEY,
    memo_id BLOB NOT NULL UNIQUE
) STRICT;
CREATE VIRTUAL TABLE memo_words USING fts5(
    name, description, note, content = '', contentless_delete = 1, prefix = '2 3', tokenize = \
    \"unicode61 remove_diacritics 2\"
);
INSERT INTO memo_search (memo_id) SELECT id FROM memos ORDER BY id;
INSERT INTO memo_words (rowid, name, description, note)
    SELECT e.entry, m.name, m.description, m.note FROM memos m JOIN memo_search e ON e.memo_id = \
    m.id;
";

/// These triggers keep the word index up to date.
pub(crate) const WORD_TRIGGERS_ON_SQLITE: &str = "
CREATE TRIGGER memos_insert_words AFTER INSERT ON memos BEGIN
    INSERT INTO memo_search (memo_id) VALUES (NEW.id);
    INSERT INTO memo_words (rowid, name, description, note)
        SELECT entry, NEW.name, NEW.description, NEW.note FROM memo_search WHERE memo_id = NEW.id;
END;
CREATE TRIGGER memos_update_words AFTER UPDATE OF name, description, note ON memos
    WHEN (OLD.name, OLD.description, OLD.note) IS NOT (NEW.name, NEW.description, NEW.note) BEGIN
    UPDATE memo_words SET name = NEW.name, description = NEW.description, note = NEW.note
        WHERE rowid = (SELECT entry FROM memo_search WHERE memo_id = NEW.id);
END;
CREATE TRIGGER memos_delete_words AFTER DELETE ON memos BEGIN
    DELETE FROM memo_words WHERE rowid = (SELECT entry FROM memo_search WHERE memo_id = OLD.id);
    DELETE FROM memo_search WHERE memo_id = OLD.id;
END;
";

pub(crate) const NO_WORD_TRIGGERS_ON_SQLITE: &str = "
DROP TRIGGER memos_insert_words;
DROP TRIGGER memos_update_words;
DROP TRIGGER memos_delete_words;
";

const NO_WORDS_ON_SQLITE: &str = "
DROP TABLE memo_words;
DROP TABLE memo_search;
";

/// `memoranda_fold` folds a text like SQLite's tokenizer: lower case without accents. It also
/// puts a space for each character with which PostgreSQL's parser would join words, as in an
/// address or a fraction.
const WORDS_ON_POSTGRES: &str = r#"
CREATE FUNCTION memoranda_fold(folded text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT translate(
        regexp_replace(
            normalize(lower(folded COLLATE "und-x-icu"), NFD), '[\u0300-\u036f]', '', 'g'),
        $signs$-_./:@,;!?#$%&*+=<>()[]{}|\~^"'`´§°„“”‚‘’«»‹›–—…·•$signs$,
        repeat(' ', 60))
$$;
CREATE FUNCTION memoranda_words(name text, description text, note text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT setweight(to_tsvector('simple', memoranda_fold(name)), 'A')
        || setweight(to_tsvector('simple', memoranda_fold(description)), 'B')
        || setweight(to_tsvector('simple', memoranda_fold(coalesce(note, ''))), 'C')
$$;
CREATE TABLE memo_search (
    memo_id uuid PRIMARY KEY,
    words tsvector NOT NULL
);
INSERT INTO memo_search SELECT id, memoranda_words(name, description, note) FROM memos;
CREATE INDEX memo_search_words ON memo_search USING gin (words);
CREATE FUNCTION memoranda_keep_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM memo_search WHERE memo_id = OLD.id;
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO memo_search
        VALUES (NEW.id, memoranda_words(NEW.name, NEW.description, NEW.note));
    ELSE
        UPDATE memo_search SET words = memoranda_words(NEW.name, NEW.description, NEW.note)
        WHERE memo_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER memos_insert_words AFTER INSERT ON memos FOR EACH ROW
    EXECUTE FUNCTION memoranda_keep_words();
CREATE TRIGGER memos_update_words AFTER UPDATE OF name, description, note ON memos FOR EACH ROW
    WHEN ((OLD.name, OLD.description, OLD.note)
        IS DISTINCT FROM (NEW.name, NEW.description, NEW.note))
    EXECUTE FUNCTION memoranda_keep_words();
CREATE TRIGGER memos_delete_words AFTER DELETE ON memos FOR EACH ROW
    EXECUTE FUNCTION memoranda_keep_words();
"#;

const NO_WORDS_ON_POSTGRES: &str = "
DROP TRIGGER memos_insert_words ON memos;
DROP TRIGGER memos_update_words ON memos;
DROP TRIGGER memos_delete_words ON memos;
DROP FUNCTION memoranda_keep_words();
DROP TABLE memo_search;
DROP FUNCTION memoranda_words(text, text, text);
DROP FUNCTION memoranda_fold(text);
";
