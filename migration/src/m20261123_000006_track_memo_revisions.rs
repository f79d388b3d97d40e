//! Triggers that maintain facts for previews in the memo's own row.
//!
//! `revision` rises with every change to the memo or to anything tied to it, no matter who makes
//! the change. A confirmation of a deletion is bound to the revision. After a wait for the row's
//! lock, a changed revision tells a deletion that its facts are outdated. With the counts of
//! comments, a preview costs the same for ten comments as for 100,000. With `on_hold`, a list knows
//! without a further query who may delete a memo.
//!
//! PostgreSQL's triggers run once per statement. So a statement that adds many comments updates the
//! memo once. SQLite has row triggers only.

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
        let sql = if dialect::is_postgres(manager) { up_postgres() } else { up_sqlite() };
        dialect::run(manager, &sql).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = if dialect::is_postgres(manager) { down_postgres() } else { down_sqlite() };
        dialect::run(manager, &sql).await
    }
}

/// A table whose changes concern memos. Its fields are the table's name, the function that
/// PostgreSQL runs, and the statement that SQLite runs, with `ROW` for the changed row.
/// `skip_cascades` says whether the trigger may skip rows that the memo's own deletion removes by a
/// cascade.
struct Tracked {
    table: &'static str,
    function: &'static str,
    skip_cascades: bool,
    on_sqlite: &'static str,
}

const TOUCH_OWN: &str = "UPDATE memos SET revision = revision + 1 WHERE id = ROW.memo_id";
const TOUCH_BY_FILE: &str = "UPDATE memos SET revision = revision + 1 WHERE id IN (SELECT memo_id \
    FROM memo_files WHERE file_id = ROW.file_id)";

const TRACKED: [Tracked; 8] = [
    Tracked {
        table: "comments",
        function: "count_comments",
        skip_cascades: true,
        on_sqlite: TOUCH_OWN,
    },
    Tracked {
        table: "reminders",
        function: "touch_memos",
        skip_cascades: true,
        on_sqlite: TOUCH_OWN,
    },
    Tracked {
        table: "memo_subscribers",
        function: "touch_memos",
        skip_cascades: true,
        on_sqlite: TOUCH_OWN,
    },
    Tracked {
        table: "memo_tags",
        function: "touch_memos",
        skip_cascades: true,
        on_sqlite: TOUCH_OWN,
    },
    // If another memo shares the file, the file goes with that memo after this attachment is
    // removed. So the other memo has changed too.
    Tracked {
        table: "memo_files",
        function: "touch_memos_by_own_file",
        skip_cascades: false,
        on_sqlite: "UPDATE memos SET revision = revision + 1 WHERE id = ROW.memo_id \
            OR id IN (SELECT memo_id FROM memo_files WHERE file_id = ROW.file_id)",
    },
    Tracked {
        table: "task_files",
        function: "touch_memos_by_file",
        skip_cascades: false,
        on_sqlite: TOUCH_BY_FILE,
    },
    Tracked {
        table: "project_files",
        function: "touch_memos_by_file",
        skip_cascades: false,
        on_sqlite: TOUCH_BY_FILE,
    },
    Tracked {
        table: "memo_holds",
        function: "track_holds",
        skip_cascades: false,
        on_sqlite: "UPDATE memos SET revision = revision + 1, \
            on_hold = EXISTS (SELECT 1 FROM memo_holds h WHERE h.held_memo_id = memos.id) WHERE id \
            = ROW.memo_id",
    },
];

/// The event, PostgreSQL's name for the changed rows, SQLite's name for the changed row, and the
/// change of the comment counts.
const EVENTS: [(&str, &str, &str, i8); 3] =
    [("INSERT", "NEW", "NEW", 1), ("UPDATE", "NEW", "NEW", 0), ("DELETE", "OLD", "OLD", -1)];

fn trigger_name(table: &str, event: &str) -> String {
    format!("{table}_{}_tracked", event.to_lowercase())
}

fn up_postgres() -> String {
    let mut sql = FUNCTIONS_ON_POSTGRES.to_owned();
    for Tracked { table, function, skip_cascades, .. } in TRACKED {
        for (event, rows, _, change) in EVENTS {
            let name = trigger_name(table, event);
            let when = if skip_cascades { "WHEN (pg_trigger_depth() = 0) " } else { "" };
            sql.push_str(&format!(
                "CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {rows} TABLE AS \
                 changed FOR EACH STATEMENT {when}\
                 EXECUTE FUNCTION memoranda_{function}('{change}');\n"
            ));
        }
    }
    sql
}

const FUNCTIONS_ON_POSTGRES: &str = "
CREATE FUNCTION memoranda_revise_memo() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.revision = OLD.revision THEN
        NEW.revision := OLD.revision + 1;
    END IF;
    IF NEW.author_id <> OLD.author_id OR NEW.recipient_id <> OLD.recipient_id THEN
        SELECT count(*) FILTER (WHERE author_id = NEW.author_id), count(*) FILTER (WHERE author_id \
    = NEW.recipient_id)
            INTO NEW.author_comment_count, NEW.recipient_comment_count FROM comments WHERE memo_id \
    = NEW.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER memos_revised BEFORE UPDATE ON memos FOR EACH ROW EXECUTE FUNCTION \
    memoranda_revise_memo();

CREATE FUNCTION memoranda_touch_memos() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE memos SET revision = revision + 1 WHERE id IN (SELECT memo_id FROM changed);
    RETURN NULL;
END $$;

CREATE FUNCTION memoranda_touch_memos_by_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE memos SET revision = revision + 1
        WHERE id IN (SELECT f.memo_id FROM memo_files f JOIN changed c ON c.file_id = f.file_id);
    RETURN NULL;
END $$;

CREATE FUNCTION memoranda_touch_memos_by_own_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A statement's trigger fires for no rows as well, and every deletion of a memo is such a \
    statement.
    IF NOT EXISTS (SELECT 1 FROM changed) THEN
        RETURN NULL;
    END IF;
    UPDATE memos SET revision = revision + 1
        WHERE id IN (SELECT memo_id FROM changed UNION SELECT f.memo_id FROM memo_files f JOIN \
    changed c ON c.file_id = f.file_id);
    RETURN NULL;
END $$;

CREATE FUNCTION memoranda_count_comments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE memos SET revision = memos.revision + 1,
            comment_count = memos.comment_count + TG_ARGV[0]::bigint * c.written,
            author_comment_count = memos.author_comment_count + TG_ARGV[0]::bigint * c.by_author,
            recipient_comment_count = memos.recipient_comment_count + TG_ARGV[0]::bigint * \
    c.by_recipient
        FROM (SELECT m.id, count(*) AS written, count(*) FILTER (WHERE changed.author_id = \
    m.author_id) AS by_author,
                     count(*) FILTER (WHERE changed.author_id = m.recipient_id) AS by_recipient
              FROM changed JOIN memos m ON m.id = changed.memo_id GROUP BY m.id) c
        WHERE memos.id = c.id;
    RETURN NULL;
END $$;

CREATE FUNCTION memoranda_track_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE memos SET revision = revision + 1,
            on_hold = EXISTS (SELECT 1 FROM memo_holds h WHERE h.held_memo_id = memos.id)
        WHERE id IN (SELECT memo_id FROM changed);
    RETURN NULL;
END $$;

CREATE FUNCTION memoranda_rename_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE memos SET revision = revision + 1 WHERE id IN (SELECT memo_id FROM memo_files WHERE \
    file_id = NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER files_renamed AFTER UPDATE ON files FOR EACH ROW EXECUTE FUNCTION \
    memoranda_rename_file();
";

fn down_postgres() -> String {
    let mut sql =
        "DROP TRIGGER memos_revised ON memos; DROP TRIGGER files_renamed ON files;\n".to_owned();
    for Tracked { table, .. } in TRACKED {
        for (event, ..) in EVENTS {
            sql.push_str(&format!("DROP TRIGGER {} ON {table};\n", trigger_name(table, event)));
        }
    }
    for function in [
        "revise_memo",
        "touch_memos",
        "touch_memos_by_file",
        "touch_memos_by_own_file",
        "count_comments",
        "track_holds",
        "rename_file",
    ] {
        sql.push_str(&format!("DROP FUNCTION memoranda_{function}();\n"));
    }
    sql
}

pub(crate) fn up_sqlite() -> String {
    let mut sql = TRIGGERS_ON_SQLITE.to_owned();
    for Tracked { table, on_sqlite, .. } in TRACKED {
        for (event, _, row, change) in EVENTS {
            let name = trigger_name(table, event);
            let statement = if table == "comments" && change != 0 {
                format!(
                    "UPDATE memos SET revision = revision + 1, comment_count = comment_count + \
                     {change}, \
                     author_comment_count = author_comment_count + {change} * (author_id = \
                     {row}.author_id), \
                     recipient_comment_count = recipient_comment_count + {change} * (recipient_id \
                     = {row}.author_id) \
                     WHERE id = {row}.memo_id"
                )
            } else {
                on_sqlite.replace("ROW", row)
            };
            sql.push_str(&format!(
                "CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {statement}; END;\n"
            ));
        }
    }
    sql
}

const TRIGGERS_ON_SQLITE: &str = "
CREATE TRIGGER memos_revised AFTER UPDATE ON memos WHEN NEW.revision = OLD.revision
BEGIN
    UPDATE memos SET revision = OLD.revision + 1 WHERE id = NEW.id;
END;
CREATE TRIGGER memos_passed_on AFTER UPDATE OF author_id, recipient_id ON memos
    WHEN NEW.author_id <> OLD.author_id OR NEW.recipient_id <> OLD.recipient_id
BEGIN
    UPDATE memos SET revision = revision + 1,
        author_comment_count = (SELECT count(*) FROM comments WHERE memo_id = NEW.id AND author_id \
    = NEW.author_id),
        recipient_comment_count = (SELECT count(*) FROM comments WHERE memo_id = NEW.id AND \
    author_id = NEW.recipient_id)
        WHERE id = NEW.id;
END;
CREATE TRIGGER files_renamed AFTER UPDATE ON files
BEGIN
    UPDATE memos SET revision = revision + 1 WHERE id IN (SELECT memo_id FROM memo_files WHERE \
    file_id = NEW.id);
END;
";

pub(crate) fn down_sqlite() -> String {
    let mut sql =
        "DROP TRIGGER memos_revised; DROP TRIGGER memos_passed_on; DROP TRIGGER files_renamed;\n"
            .to_owned();
    for Tracked { table, .. } in TRACKED {
        for (event, ..) in EVENTS {
            sql.push_str(&format!("DROP TRIGGER {};\n", trigger_name(table, event)));
        }
    }
    sql
}
