//! The inventory's table as SQL: what belongs to a memo, counted and listed.

use super::{Item, ItemKind, KeptReason, SOURCES, Sees, Source, word};
use crate::{
    access::sees_work,
    database::sql::{id_hex, id_text, json_array, json_rows},
};
use entity::Disposition;
use sea_orm::DbBackend;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Whose belongings are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::memo_deletion) enum Whose {
    /// Those of a memo.
    Memo,
    /// Those of a deleted memo, as its record `$3` lists them.
    Record,
}

/// The memo `$1` as `m`, and what belongs to it as the viewer `$2` may see it, each read once: the
/// common table expressions on which everything else here works. Comments and reminders, of which
/// there may be many, are read where they are needed. Whoever uses them selects `FROM m`: once the
/// memo's row is moved, there is nothing to see.
pub(in crate::memo_deletion) fn belongings(backend: DbBackend, whose: Whose) -> String {
    let memo = match whose {
        Whose::Memo => "m AS MATERIALIZED (SELECT * FROM memos WHERE id = $1)".to_owned(),
        Whose::Record => format!("m AS MATERIALIZED (SELECT * FROM deleted_memos WHERE id = $1), {RECORD}"),
    };
    let reason = match whose {
        Whose::Memo => WHERE_ELSE_USED.to_owned(),
        Whose::Record => format!("(SELECT {} FROM record)", kept_file_reason(backend)),
    };
    let sees = |work: &str| sees_work(work, "t", "$2", "EXISTS (SELECT 1 FROM chief)");
    let (sees_task, sees_project) = (sees("task"), sees("project"));
    format!(
        "{memo}, \
         chief AS MATERIALIZED (SELECT id FROM users WHERE id = $2 AND role = 'CHIEF'), \
         subscriber AS MATERIALIZED (SELECT u.id AS node, u.full_name AS name \
            FROM memo_subscribers x JOIN users u ON u.id = x.user_id WHERE x.memo_id = $1), \
         person AS MATERIALIZED (SELECT id AS node, full_name AS name FROM users \
            WHERE id IN ((SELECT author_id FROM m), (SELECT recipient_id FROM m)) \
            UNION SELECT node, name FROM subscriber), \
         tag AS MATERIALIZED (SELECT t.id AS node, t.name \
            FROM memo_tags x JOIN tags t ON t.id = x.tag_id WHERE x.memo_id = $1), \
         unread AS MATERIALIZED (SELECT u.id AS node, u.full_name AS name \
            FROM unread_marks x JOIN users u ON u.id = x.user_id WHERE x.memo_id = $1), \
         task AS MATERIALIZED (SELECT t.id AS node, t.name, {sees_task} AS sees FROM tasks t \
            WHERE t.id = (SELECT task_id FROM m)), \
         project AS MATERIALIZED (SELECT t.id AS node, t.name, {sees_project} AS sees FROM projects t \
            WHERE t.id = (SELECT project_id FROM m)), \
         deal AS MATERIALIZED (SELECT id AS node, name FROM deals WHERE id = (SELECT deal_id FROM m)), \
         resolution AS MATERIALIZED (SELECT id AS node, name FROM resolutions \
            WHERE id = (SELECT resolution_id FROM m)), \
         attached AS MATERIALIZED (SELECT f.id AS node, f.name, f.size, f.blob_sha256, {reason} AS reason \
            FROM memo_files x JOIN files f ON f.id = x.file_id WHERE x.memo_id = $1)"
    )
}

/// The record, and what of its things was deleted later, with the names that the viewer may know.
const RECORD: &str = "record AS MATERIALIZED (SELECT * FROM memo_deletions WHERE id = $3), \
    missing AS MATERIALIZED (SELECT x.kind, x.node_id AS node, \
        CASE WHEN (x.author_sees AND r.author_id = $2) OR (x.recipient_sees AND r.recipient_id = $2) \
            THEN x.label END AS name \
        FROM record r JOIN memo_deletion_missing x ON x.deletion_id = r.id)";

/// Where else the file of an attachment is used; null if nowhere: then it goes with the memo.
/// Deleted memos do not count.
const WHERE_ELSE_USED: &str = "CASE \
    WHEN EXISTS (SELECT 1 FROM task_files o WHERE o.file_id = x.file_id) THEN 'TRANSFERRED_TO_TASK' \
    WHEN EXISTS (SELECT 1 FROM project_files o WHERE o.file_id = x.file_id) THEN 'TRANSFERRED_TO_PROJECT' \
    WHEN EXISTS (SELECT 1 FROM memo_files o JOIN memos n ON n.id = o.memo_id \
        WHERE o.file_id = x.file_id AND o.memo_id <> $1) THEN 'ATTACHED_TO_ANOTHER_MEMO' END";

/// Why the record says that the file of an attachment stayed; null if it went.
fn kept_file_reason(backend: DbBackend) -> String {
    let key = id_hex(backend, "x.file_id");
    match backend {
        DbBackend::Postgres => format!("kept_files ->> {key}"),
        _ => format!("json_extract(kept_files, '$.\"' || {key} || '\"')"),
    }
}

/// Raises the revision of every other memo that has a file of the memo `$1`: when that one is
/// deleted or restored, the deletion of the others takes the file along, or does not any more.
pub(in crate::memo_deletion) const REVISE_SHARING: &str = "UPDATE memos SET revision = revision + 1 WHERE id IN \
    (SELECT o.memo_id FROM memo_files x JOIN memo_files o ON o.file_id = x.file_id \
     WHERE x.memo_id = $1 AND o.memo_id <> $1)";

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

/// The attached files as a JSON array of arrays: id, why it stays (null: it goes), content, size, and
/// how many files have that content.
pub(in crate::memo_deletion) fn attached_sql(backend: DbBackend) -> String {
    let holders = "(SELECT count(*) FROM files o WHERE o.blob_sha256 = a.blob_sha256)";
    let row = format!("{}, a.reason, a.blob_sha256, a.size, {holders}", id_text(backend, "a.node"));
    format!("(SELECT {} FROM attached a)", json_rows(backend, &json_array(backend, &row), "a.node"))
}

/// What [`attached_sql`] says of the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::memo_deletion) struct AttachedFiles {
    /// Which stay and why, as the record stores it.
    pub(in crate::memo_deletion) kept: serde_json::Value,
    /// Size in bytes of what the purge will remove: contents of the files that go, each once, but
    /// for those that another file shares.
    pub(in crate::memo_deletion) bytes_freed: i64,
}

/// Reads what [`attached_sql`] answers.
pub(in crate::memo_deletion) fn read_attached(json: &str) -> serde_json::Result<AttachedFiles> {
    type Row = (Uuid, Option<KeptReason>, String, i64, usize);
    let rows: Vec<Row> = serde_json::from_str(json)?;
    let mut kept = serde_json::Map::new();
    let mut gone: BTreeMap<&str, (i64, usize, usize)> = BTreeMap::new();
    for (id, reason, content, size, holders) in &rows {
        match reason {
            Some(reason) => drop(kept.insert(id.simple().to_string(), serde_json::to_value(reason)?)),
            None => gone.entry(content).or_insert((*size, *holders, 0)).2 += 1,
        }
    }
    let freed = gone.values().filter(|(_, holders, going)| going == holders).map(|(size, ..)| size);
    Ok(AttachedFiles { bytes_freed: freed.sum(), kept: kept.into() })
}

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
    /// Rank, number and node after which it begins.
    pub(in crate::memo_deletion) after: Option<(&'a str, &'a str, &'a str)>,
}

impl Window<'_> {
    /// The condition that rows of a source, of which `number` or `node` tells the place, are after
    /// the beginning.
    fn begin(&self, rank: usize, place: Place<'_>) -> String {
        let Some((after_rank, after_number, after_node)) = self.after else { return String::new() };
        let later = match place {
            Place::Number(number) => format!("{number} > {after_number}"),
            Place::Node(node) => format!("{node} > {after_node}"),
        };
        format!(" AND ({after_rank} < {rank} OR ({after_rank} = {rank} AND {later}))")
    }
}

/// What tells the place of a row within its source.
#[derive(Clone, Copy)]
enum Place<'a> {
    Number(&'a str),
    Node(&'a str),
}

/// A page of one of the two lists, as the text of a JSON array of arrays: rank, node, kind, shown
/// node, shown label, reason. A source with many rows is asked for no more than the page can hold,
/// so that a long discussion costs no more than a short one.
pub(in crate::memo_deletion) fn list_sql(
    backend: DbBackend,
    whose: Whose,
    disposition: Disposition,
    window: &Window<'_>,
) -> String {
    let mut branches = Vec::new();
    for (rank, source) in sources(disposition) {
        branches.push(rows_of(rank, source, window));
        if whose == Whose::Record
            && let Some(kind) = source.missing
        {
            branches.push(missing_of(rank, source, kind, window));
        }
    }
    let row = json_array(
        backend,
        &format!(
            "rank, number, {}, kind, {}, label, reason",
            shown_id(backend, "node"),
            shown_id(backend, "shown_node")
        ),
    );
    let order = "rank, number, node";
    format!(
        "(SELECT {} FROM (SELECT * FROM ({}) AS items ORDER BY {order} LIMIT {}) AS page)",
        json_rows(backend, &row, order),
        branches.join(" UNION ALL "),
        window.limit
    )
}

/// The rows of one source.
fn rows_of(rank: usize, source: &Source, window: &Window<'_>) -> String {
    let Source { rows, node, label, .. } = source;
    let (kind, reason) = (word(source.kind), reason(source));
    let sees = match source.sees {
        Sees::Everybody => {
            let begin = window.begin(rank, Place::Node(node));
            let branch = format!(
                "SELECT {rank} AS rank, 0 AS number, {node} AS node, '{kind}' AS kind, {node} AS shown_node, \
                 {label} AS label, {reason} AS reason {rows}{begin}"
            );
            // Rows that are not read already are read in order, and no further than needed.
            return if source.many {
                format!("SELECT * FROM ({branch} ORDER BY {node} LIMIT {}) AS s{rank}", window.limit)
            } else {
                branch
            };
        }
        // There is at most one: a task, a project.
        Sees::Column => {
            let begin = window.begin(rank, Place::Number("1"));
            return format!(
                "SELECT {rank} AS rank, 1 AS number, CAST(NULL AS uuid) AS node, '{kind}' AS kind, \
                 CASE WHEN s.sees THEN {node} END AS shown_node, CASE WHEN s.sees THEN {label} END AS label, \
                 {reason} AS reason {rows}{begin}"
            );
        }
        Sees::Person(column) => format!("{column} = $2"),
    };
    let begin = window.begin(rank, Place::Number("number"));
    format!(
        "SELECT * FROM (SELECT {rank} AS rank, row_number() OVER (ORDER BY {node}) AS number, \
         CAST(NULL AS uuid) AS node, '{kind}' AS kind, CASE WHEN {sees} THEN {node} END AS shown_node, \
         CASE WHEN {sees} THEN {label} END AS label, {reason} AS reason {rows}) AS s{rank} WHERE TRUE{begin}"
    )
}

/// What was deleted later, after the rest of its source.
fn missing_of(rank: usize, source: &Source, noted_as: ItemKind, window: &Window<'_>) -> String {
    let begin = window.begin(rank, Place::Number("number"));
    format!(
        "SELECT * FROM (SELECT {rank} AS rank, {AFTER_THE_REST} + row_number() OVER (ORDER BY s.node) AS number, \
         CAST(NULL AS uuid) AS node, '{kind}' AS kind, CAST(NULL AS uuid) AS shown_node, \
         s.name AS label, {reason} AS reason FROM missing s WHERE s.kind = '{noted_as}') AS d{rank} WHERE TRUE{begin}",
        kind = word(source.kind),
        reason = reason(source),
        noted_as = word(noted_as),
    )
}

/// A number above those of all rows of a source.
const AFTER_THE_REST: i64 = 1_000_000_000;

fn reason(source: &Source) -> &'static str {
    source.kept_reason.unwrap_or("CAST(NULL AS text)")
}

fn shown_id(backend: DbBackend, id: &str) -> String {
    format!("CASE WHEN {id} IS NULL THEN NULL ELSE {} END", id_text(backend, id))
}

fn sources(disposition: Disposition) -> impl Iterator<Item = (usize, &'static Source)> {
    SOURCES.iter().enumerate().filter(move |(_, source)| source.disposition == disposition)
}

/// Reads what [`list_sql`] answers.
pub(in crate::memo_deletion) fn read_list(json: &str) -> serde_json::Result<Vec<Item>> {
    type Row = (i64, i64, Option<Uuid>, ItemKind, Option<Uuid>, Option<String>, Option<KeptReason>);
    let rows: Vec<Row> = serde_json::from_str(json)?;
    Ok(rows
        .into_iter()
        .map(|(rank, number, key, kind, node, label, kept_reason)| Item {
            key: (rank, number, key.unwrap_or_default()),
            kind,
            node,
            label,
            kept_reason,
        })
        .collect())
}
