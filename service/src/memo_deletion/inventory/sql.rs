//! The inventory's table as SQL: what belongs to a memo, counted, listed, recorded.

use super::{Content, Item, ItemCount, ItemKind, KeptReason, SOURCES, Sees, Source, word};
use crate::database::sql::{id_text, json_array, json_rows, lock_rows, row_as_json};
use entity::Disposition;
use sea_orm::DbBackend;
use uuid::Uuid;

/// For whom the belongings of a memo are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::memo_deletion) enum Purpose {
    /// To show them to the viewer `$2`.
    Show,
    /// The same, with the memo's row locked.
    ShowLocked,
    /// To record them: with what author and recipient see, and with the rows as JSON.
    Record,
}

/// The memo `$1` as `m`, and what belongs to it, each read once: the common table expressions on which everything else here works. Comments and reminders,
/// of which there may be many, are read where they are needed.
pub(in crate::memo_deletion) fn belongings(backend: DbBackend, purpose: Purpose) -> String {
    let json = |name: &str, row: String| {
        if purpose == Purpose::Record { format!(", {row} AS {name}") } else { String::new() }
    };
    let subscription = json("link", row_as_json::<entity::memo_subscriber::Entity>(backend, "x"));
    let unread = json("link", row_as_json::<entity::unread_mark::Entity>(backend, "x"));
    let tagging = json("link", row_as_json::<entity::memo_tag::Entity>(backend, "x"));
    let attachment = json("link", row_as_json::<entity::memo_file::Entity>(backend, "x"));
    let file = json("file", row_as_json::<entity::file::Entity>(backend, "f"));
    let lock = if purpose == Purpose::ShowLocked { lock_rows(backend, "memos") } else { String::new() };
    let people = match purpose {
        Purpose::Show | Purpose::ShowLocked => "$2",
        Purpose::Record => "(SELECT author_id FROM m), (SELECT recipient_id FROM m)",
    };
    let (sees_task, sees_project) = (sees_columns(purpose, "task"), sees_columns(purpose, "project"));
    format!(
        "m AS MATERIALIZED (SELECT * FROM memos WHERE id = $1{lock}), \
         chief AS MATERIALIZED (SELECT id FROM users WHERE id IN ({people}) AND role = 'CHIEF'), \
         subscriber AS MATERIALIZED (SELECT u.id AS node, u.full_name AS name{subscription} \
            FROM memo_subscribers x JOIN users u ON u.id = x.user_id WHERE x.memo_id = $1), \
         person AS MATERIALIZED (SELECT id AS node, full_name AS name FROM users \
            WHERE id IN ((SELECT author_id FROM m), (SELECT recipient_id FROM m)) UNION SELECT node, name FROM subscriber), \
         tag AS MATERIALIZED (SELECT t.id AS node, t.name{tagging} \
            FROM memo_tags x JOIN tags t ON t.id = x.tag_id WHERE x.memo_id = $1), \
         unread AS MATERIALIZED (SELECT u.id AS node, u.full_name AS name{unread} \
            FROM unread_marks x JOIN users u ON u.id = x.user_id WHERE x.memo_id = $1), \
         task AS MATERIALIZED (SELECT t.id AS node, t.name, {sees_task} FROM tasks t WHERE t.id = (SELECT task_id FROM m)), \
         project AS MATERIALIZED (SELECT t.id AS node, t.name, {sees_project} FROM projects t \
            WHERE t.id = (SELECT project_id FROM m)), \
         deal AS MATERIALIZED (SELECT id AS node, name FROM deals WHERE id = (SELECT deal_id FROM m)), \
         resolution AS MATERIALIZED (SELECT id AS node, name FROM resolutions WHERE id = (SELECT resolution_id FROM m)), \
         attached AS MATERIALIZED (SELECT f.id AS node, f.name, f.size, f.blob_sha256, {WHERE_ELSE_USED} AS reason{attachment}{file} \
            FROM memo_files x JOIN files f ON f.id = x.file_id WHERE x.memo_id = $1)"
    )
}

/// Where else the file of an attachment is used; null if nowhere: then it goes with the memo.
const WHERE_ELSE_USED: &str = "CASE WHEN EXISTS (SELECT 1 FROM task_files o WHERE o.file_id = x.file_id) THEN 'TRANSFERRED_TO_TASK' \
    WHEN EXISTS (SELECT 1 FROM project_files o WHERE o.file_id = x.file_id) THEN 'TRANSFERRED_TO_PROJECT' \
    WHEN EXISTS (SELECT 1 FROM memo_files o WHERE o.file_id = x.file_id AND o.memo_id <> $1) THEN 'ATTACHED_TO_ANOTHER_MEMO' END";

/// Whether a person sees the task or project `t`: who created it, its members, chiefs.
fn sees_columns(purpose: Purpose, work: &str) -> String {
    let sees = |person: &str| {
        format!(
            "t.created_by = {person} OR EXISTS (SELECT 1 FROM {work}_members w WHERE w.{work}_id = t.id AND w.user_id = {person}) \
             OR {person} IN (SELECT id FROM chief)"
        )
    };
    match purpose {
        Purpose::Show | Purpose::ShowLocked => format!("({}) AS sees", sees("$2")),
        Purpose::Record => {
            format!("({}) AS author_sees, ({}) AS recipient_sees", sees(AUTHOR), sees(RECIPIENT))
        }
    }
}

const AUTHOR: &str = "(SELECT author_id FROM m)";
const RECIPIENT: &str = "(SELECT recipient_id FROM m)";

/// The disposition and kind of each source, in the order of [`counts_sql`]'s columns.
pub(in crate::memo_deletion) fn counted_kinds() -> impl Iterator<Item = (Disposition, ItemKind)> {
    SOURCES.iter().map(|source| (source.disposition, source.kind))
}

/// Columns that count the rows of every source: `n0`, `n1`, …
pub(in crate::memo_deletion) fn counts_sql() -> String {
    let columns: Vec<String> = SOURCES
        .iter()
        .enumerate()
        .map(|(rank, source)| format!("CAST({} AS bigint) AS n{rank}", source.count))
        .collect();
    columns.join(", ")
}

/// Size in bytes of the files that would go.
pub(in crate::memo_deletion) const BYTES_FREED: &str =
    "(SELECT CAST(coalesce(sum(size), 0) AS bigint) FROM attached WHERE reason IS NULL)";

/// The names of everything that stays, in one text: part of what a confirmation is bound to.
pub(in crate::memo_deletion) fn kept_names_sql(backend: DbBackend) -> String {
    let branches: Vec<String> = sources(Disposition::Kept)
        .map(|(rank, source)| {
            format!("SELECT {rank} AS rank, s.node AS node, s.name AS name {}", source.rows)
        })
        .collect();
    let row = format!("rank || ':' || {} || ':' || name", id_text(backend, "node"));
    format!(
        "(SELECT string_agg({row}, ';' ORDER BY rank, node) FROM ({}) AS kept)",
        branches.join(" UNION ALL ")
    )
}

/// Where a page of a list begins and ends, and how long it is: names of parameters, or constants.
pub(in crate::memo_deletion) struct Window<'a> {
    pub(in crate::memo_deletion) limit: &'a str,
    /// Rank and node after which it begins.
    pub(in crate::memo_deletion) after: Option<(&'a str, &'a str)>,
}

/// A page of one of the two lists, as the text of a JSON array of arrays: rank, node, kind, shown node, shown label, reason. Each source is
/// asked for no more rows than the page can hold, so that a long discussion costs no more than a short one.
pub(in crate::memo_deletion) fn list_sql(
    backend: DbBackend,
    disposition: Disposition,
    window: &Window<'_>,
) -> String {
    let branches: Vec<String> = sources(disposition)
        .map(|(rank, source)| {
            let Source { rows, node, label, .. } = source;
            let (shown_node, shown_label) = match source.sees {
                Sees::Everybody => (node.to_string(), label.to_string()),
                Sees::Column => (format!("CASE WHEN s.sees THEN {node} END"), format!("CASE WHEN s.sees THEN {label} END")),
                Sees::Person(column) => (
                    format!("CASE WHEN {column} = $2 THEN {node} END"),
                    format!("CASE WHEN {column} = $2 THEN {label} END"),
                ),
            };
            let begin = match window.after {
                Some((after_rank, after_node)) => {
                    format!(" AND ({after_rank} < {rank} OR ({after_rank} = {rank} AND {node} > {after_node}))")
                }
                None => String::new(),
            };
            let branch = format!(
                "SELECT {rank} AS rank, {node} AS node, '{kind}' AS kind, {shown_node} AS shown_node, {shown_label} AS label, \
                 {reason} AS reason {rows}{begin}",
                kind = word(source.kind),
                reason = source.kept_reason.unwrap_or("CAST(NULL AS text)"),
            );
            // Rows that are not read already are read in order, and no further than needed.
            if rows.contains("memo_id = $1") {
                format!("SELECT * FROM ({branch} ORDER BY {node} LIMIT {}) AS s{rank}", window.limit)
            } else {
                branch
            }
        })
        .collect();
    let row = json_array(
        backend,
        &format!(
            "rank, {}, kind, {}, label, reason",
            id_text(backend, "node"),
            shown_id(backend, "shown_node")
        ),
    );
    format!(
        "(SELECT {} FROM (SELECT * FROM ({}) AS items ORDER BY rank, node LIMIT {}) AS page)",
        json_rows(backend, &row, "rank, node"),
        branches.join(" UNION ALL "),
        window.limit
    )
}

fn shown_id(backend: DbBackend, id: &str) -> String {
    format!("CASE WHEN {id} IS NULL THEN NULL ELSE {} END", id_text(backend, id))
}

/// All items of both lists, with what the record stores of each, from [`belongings`] read to be recorded. Sources that the counts, taken under the same
/// lock, found empty are left out: most memos have few, and setting up a statement costs more than running it.
pub(in crate::memo_deletion) fn record_items_sql(backend: DbBackend, counts: &[ItemCount]) -> String {
    let branches: Vec<String> = SOURCES
        .iter()
        .enumerate()
        .filter(|(_, source)| counts.iter().any(|c| (c.disposition, c.kind) == (source.disposition, source.kind)))
        .map(|(rank, source)| {
            let Source { rows, node, label, .. } = source;
            let (author_sees, recipient_sees) = match source.sees {
                Sees::Everybody => ("TRUE".to_owned(), "TRUE".to_owned()),
                Sees::Column => ("s.author_sees".to_owned(), "s.recipient_sees".to_owned()),
                Sees::Person(column) => (format!("{column} = {AUTHOR}"), format!("{column} = {RECIPIENT}")),
            };
            let blob = match (source.kind, source.disposition) {
                (ItemKind::File, Disposition::Removed) => "s.blob_sha256",
                _ => "CAST(NULL AS text)",
            };
            let content = match source.content {
                Content::None => "CAST(NULL AS text)".to_owned(),
                Content::Column(column) => column.to_owned(),
                Content::Row(json) => json(backend),
            };
            format!(
                "SELECT {rank} AS rank, {node} AS node, '{disposition}' AS disposition, '{kind}' AS kind, {author_sees} AS author_sees, \
                 {recipient_sees} AS recipient_sees, {label} AS label, {reason} AS reason, {blob} AS blob, {content} AS content {rows}",
                disposition = source.disposition.word(),
                kind = word(source.kind),
                reason = source.kept_reason.unwrap_or("CAST(NULL AS text)"),
            )
        })
        .collect();
    branches.join(" UNION ALL ")
}

fn sources(disposition: Disposition) -> impl Iterator<Item = (usize, &'static Source)> {
    SOURCES.iter().enumerate().filter(move |(_, source)| source.disposition == disposition)
}

/// Reads what [`list_sql`] answers.
pub(in crate::memo_deletion) fn read_list(json: &str) -> serde_json::Result<Vec<Item>> {
    type Row = (i64, Uuid, ItemKind, Option<Uuid>, Option<String>, Option<KeptReason>);
    let rows: Vec<Row> = serde_json::from_str(json)?;
    Ok(rows
        .into_iter()
        .map(|(rank, key, kind, node, label, kept_reason)| Item {
            key: (rank, key),
            kind,
            node,
            label,
            kept_reason,
        })
        .collect())
}
