//! Converts the items of records that can still be restored into rows of their original tables.

use super::tables::{
    ATTACHMENT, COMMENT, Columns, MEMO, REMINDER, SUBSCRIBER, TAG, UNREAD_MARK, names,
};
use crate::dialect;
use sea_orm_migration::prelude::*;

const FILE: Columns = &[
    ("id", "{uuid}"),
    ("name", "text"),
    ("media_type", "text"),
    ("size", "{bigint}"),
    ("blob_sha256", "text"),
    ("uploaded_by", "{uuid}"),
    ("created_at", "{timestamp}"),
    ("detached_at", "{timestamp}"),
];

/// The records that can still be restored.
const RECORDS: &str = "JOIN memo_deletions r ON r.id = i.deletion_id AND r.restored_at IS NULL AND \
    r.purged_at IS NULL";

/// Items of one kind become rows of a table if the other end still exists. Otherwise they are noted
/// as missing.
struct Source {
    kind: &'static str,
    table: &'static str,
    columns: Columns,
    /// The table of the other end, and the column that refers to it.
    end: (&'static str, &'static str),
}

/// Files come before the attachments that need them.
const SOURCES: [Source; 7] = [
    Source {
        kind: "SUBSCRIBER_LINK",
        table: "memo_subscribers",
        columns: SUBSCRIBER,
        end: ("users", "user_id"),
    },
    Source { kind: "TAG_LINK", table: "memo_tags", columns: TAG, end: ("tags", "tag_id") },
    Source { kind: "COMMENT", table: "comments", columns: COMMENT, end: ("users", "author_id") },
    Source { kind: "REMINDER", table: "reminders", columns: REMINDER, end: ("users", "user_id") },
    Source {
        kind: "UNREAD_MARK",
        table: "unread_marks",
        columns: UNREAD_MARK,
        end: ("users", "user_id"),
    },
    Source { kind: "FILE", table: "files", columns: FILE, end: ("users", "uploaded_by") },
    Source {
        kind: "ATTACHMENT",
        table: "memo_files",
        columns: ATTACHMENT,
        end: ("files", "file_id"),
    },
];

/// Links in the memo's own row: the kind of their items, the column, and the table of the other
/// end.
const OWN_LINKS: [(&str, &str, &str); 4] = [
    ("DEAL_LINK", "deal_id", "deals"),
    ("TASK_LINK", "task_id", "tasks"),
    ("PROJECT_LINK", "project_id", "projects"),
    ("RESOLUTION_LINK", "resolution_id", "resolutions"),
];

pub(super) async fn items_to_rows(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let postgres = dialect::is_postgres(manager);
    let mut sql = memos(postgres);
    for source in SOURCES {
        let Source { kind, table, columns, end: (end, column) } = source;
        let exists = format!(
            "EXISTS (SELECT 1 FROM {end} e WHERE e.id = {})",
            value(postgres, column, type_of(columns, column))
        );
        let of_kind = format!(
            "FROM memo_deletion_items i {RECORDS} WHERE i.kind = '{kind}' AND i.disposition = \
             'REMOVED'"
        );
        sql.push_str(&missing(&format!("{of_kind} AND NOT {exists}")));
        sql.push_str(&format!(
            "INSERT INTO {table} ({}) SELECT {} {of_kind} AND {exists};\n",
            names(columns),
            values(postgres, columns)
        ));
    }
    sql.push_str(COUNT_COMMENTS);
    sql.push_str(if postgres { KEPT_FILES_ON_POSTGRES } else { KEPT_FILES_ON_SQLITE });
    dialect::run(manager, &sql).await
}

/// The rows of the memos, without links to things that no longer exist.
fn memos(postgres: bool) -> String {
    let from = format!(
        "FROM memo_deletion_items i {RECORDS} WHERE i.kind = 'MEMO' AND i.disposition = 'REMOVED'"
    );
    let values: Vec<String> = MEMO
        .iter()
        .map(|(name, of_type)| {
            let value = value(postgres, name, of_type);
            match OWN_LINKS.iter().find(|(_, column, _)| column == name) {
                Some((_, _, end)) => format!("(SELECT e.id FROM {end} e WHERE e.id = {value})"),
                None => value,
            }
        })
        .collect();
    let mut sql = format!(
        "INSERT INTO deleted_memos ({}) SELECT {} {from};\n",
        names(MEMO),
        values.join(", ")
    );
    for (kind, _, end) in OWN_LINKS {
        sql.push_str(&missing(&format!(
            "FROM memo_deletion_items i {RECORDS} WHERE i.kind = '{kind}' AND i.disposition = \
             'REMOVED' \
             AND NOT EXISTS (SELECT 1 FROM {end} e WHERE e.id = i.node_id)"
        )));
    }
    sql
}

fn missing(from: &str) -> String {
    format!(
        "INSERT INTO memo_deletion_missing \
         (deletion_id, kind, node_id, label, author_sees, recipient_sees) \
         SELECT i.deletion_id, i.kind, i.node_id, i.label, i.author_sees, i.recipient_sees \
         {from};\n"
    )
}

fn type_of(columns: Columns, column: &str) -> &'static str {
    columns.iter().find(|(name, _)| *name == column).map_or("text", |(_, of_type)| *of_type)
}

fn values(postgres: bool, columns: Columns) -> String {
    columns
        .iter()
        .map(|(name, of_type)| value(postgres, name, of_type))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A column's value in the JSON of an item.
fn value(postgres: bool, name: &str, of_type: &str) -> String {
    match (postgres, of_type) {
        (true, _) => format!("CAST(CAST(i.content AS jsonb) ->> '{name}' AS {of_type})"),
        (false, "{uuid}") => format!("unhex(json_extract(i.content, '$.{name}'))"),
        (false, _) => format!("json_extract(i.content, '$.{name}')"),
    }
}

/// The authors of some comments may no longer exist.
const COUNT_COMMENTS: &str = "
UPDATE deleted_memos SET
    comment_count = (SELECT count(*) FROM comments c WHERE c.memo_id = deleted_memos.id),
    author_comment_count = (SELECT count(*) FROM comments c
        WHERE c.memo_id = deleted_memos.id AND c.author_id = deleted_memos.author_id),
    recipient_comment_count = (SELECT count(*) FROM comments c
        WHERE c.memo_id = deleted_memos.id AND c.author_id = deleted_memos.recipient_id);
";

const KEPT_FILES_ON_POSTGRES: &str = "
UPDATE memo_deletions SET kept_files = coalesce(
    (SELECT jsonb_object_agg(replace(i.node_id::text, '-', ''), i.kept_reason)
     FROM memo_deletion_items i
     WHERE i.deletion_id = memo_deletions.id AND i.kind = 'FILE' AND i.disposition = 'KEPT'
        AND i.node_id IS NOT NULL),
    '{}') WHERE purged_at IS NULL;
";

const KEPT_FILES_ON_SQLITE: &str = "
UPDATE memo_deletions SET kept_files =
    (SELECT json_group_object(lower(hex(i.node_id)), i.kept_reason)
     FROM memo_deletion_items i
     WHERE i.deletion_id = memo_deletions.id AND i.kind = 'FILE' AND i.disposition = 'KEPT'
        AND i.node_id IS NOT NULL)
    WHERE purged_at IS NULL;
";
