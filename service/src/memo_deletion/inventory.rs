//! What a deletion removes and what it keeps: one table of sources, from which the preview's counts, its lists and the record's items are all
//! made. What was previewed is what happens because it is the same text of SQL.
//!
//! In the texts `$1` is the memo and `m` its row; `{person}` is the person whose view is asked for.

use crate::database::sql::{id_text, json_array, json_rows, row_as_json};
use entity::Disposition;
use sea_orm::DbBackend;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The kind of a thing that a deletion removes or keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ItemKind {
    /// The memo itself.
    Memo,
    /// The link to a subscriber.
    SubscriberLink,
    /// The link to a tag.
    TagLink,
    /// The link to the task.
    TaskLink,
    /// The link to the project.
    ProjectLink,
    /// The link to the deal.
    DealLink,
    /// The link to the resolution.
    ResolutionLink,
    /// A comment.
    Comment,
    /// A reminder.
    Reminder,
    /// The attachment of a file to the memo.
    Attachment,
    /// A file.
    File,
    /// A person.
    User,
    /// A task.
    Task,
    /// A project.
    Project,
    /// A deal.
    Deal,
    /// A tag.
    Tag,
    /// A resolution.
    Resolution,
}

/// Why something stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum KeptReason {
    /// People are never deleted with a memo.
    Person,
    /// Tasks and projects are never deleted with a memo.
    Work,
    /// Deals, tags and resolutions are never deleted with a memo.
    Shared,
    /// The file was transferred to a task.
    TransferredToTask,
    /// The file was transferred to a project.
    TransferredToProject,
    /// Another memo has the same file.
    AttachedToAnotherMemo,
}

/// Where one kind of items comes from.
struct Source {
    disposition: Disposition,
    kind: ItemKind,
    /// `FROM … WHERE …` of its rows.
    rows: &'static str,
    /// How many rows, where the memo's row tells it.
    count: Option<&'static str>,
    /// The thing itself, or the other end of a removed link. Unique among the rows; the list is sorted by it.
    node: &'static str,
    label: &'static str,
    /// Whether `{person}` may know which one it is; `None`: whoever sees the memo may.
    visible: Option<&'static str>,
    /// Text of the reason for which it stays.
    kept_reason: Option<&'static str>,
    /// What a restore needs: the row `x`, as JSON of its entity.
    content: Option<fn(DbBackend) -> String>,
}

const WHOLE_MEMO: Source = Source {
    disposition: Disposition::Removed,
    kind: ItemKind::Memo,
    rows: "FROM memos x WHERE x.id = $1",
    count: Some("1"),
    node: "x.id",
    label: "x.name",
    visible: None,
    kept_reason: None,
    content: Some(|backend| row_as_json::<entity::memo::Entity>(backend, "x")),
};

const SEES_TASK: &str = "t.created_by = {person} OR EXISTS (SELECT 1 FROM task_members w WHERE w.task_id = t.id AND w.user_id = {person}) \
    OR EXISTS (SELECT 1 FROM users w WHERE w.id = {person} AND w.role = 'CHIEF')";
const SEES_PROJECT: &str = "t.created_by = {person} OR EXISTS (SELECT 1 FROM project_members w WHERE w.project_id = t.id AND w.user_id = {person}) \
    OR EXISTS (SELECT 1 FROM users w WHERE w.id = {person} AND w.role = 'CHIEF')";

/// Attachments of the memo whose file is used nowhere else. The order of the questions is that of [`FILE_KEPT_REASON`].
const UNUSED_FILES: &str = "FROM memo_files x JOIN files f ON f.id = x.file_id WHERE x.memo_id = $1 \
    AND NOT EXISTS (SELECT 1 FROM task_files o WHERE o.file_id = x.file_id) \
    AND NOT EXISTS (SELECT 1 FROM project_files o WHERE o.file_id = x.file_id) \
    AND NOT EXISTS (SELECT 1 FROM memo_files o WHERE o.file_id = x.file_id AND o.memo_id <> $1)";
const USED_FILES: &str = "FROM memo_files x JOIN files f ON f.id = x.file_id WHERE x.memo_id = $1 AND (\
    EXISTS (SELECT 1 FROM task_files o WHERE o.file_id = x.file_id) \
    OR EXISTS (SELECT 1 FROM project_files o WHERE o.file_id = x.file_id) \
    OR EXISTS (SELECT 1 FROM memo_files o WHERE o.file_id = x.file_id AND o.memo_id <> $1))";
const FILE_KEPT_REASON: &str = "CASE WHEN EXISTS (SELECT 1 FROM task_files o WHERE o.file_id = x.file_id) THEN 'TRANSFERRED_TO_TASK' \
    WHEN EXISTS (SELECT 1 FROM project_files o WHERE o.file_id = x.file_id) THEN 'TRANSFERRED_TO_PROJECT' ELSE 'ATTACHED_TO_ANOTHER_MEMO' END";

const fn removed(kind: ItemKind, rows: &'static str, node: &'static str, label: &'static str) -> Source {
    Source { kind, rows, count: None, node, label, ..WHOLE_MEMO_WITHOUT_CONTENT }
}

const WHOLE_MEMO_WITHOUT_CONTENT: Source = Source { content: None, ..WHOLE_MEMO };

const fn kept(
    kind: ItemKind,
    rows: &'static str,
    node: &'static str,
    label: &'static str,
    reason: &'static str,
) -> Source {
    Source { disposition: Disposition::Kept, kept_reason: Some(reason), ..removed(kind, rows, node, label) }
}

/// Every source, in the order of the lists.
const SOURCES: [Source; 18] = [
    WHOLE_MEMO,
    Source {
        content: Some(|backend| row_as_json::<entity::memo_subscriber::Entity>(backend, "x")),
        ..removed(
            ItemKind::SubscriberLink,
            "FROM memo_subscribers x JOIN users t ON t.id = x.user_id WHERE x.memo_id = $1",
            "x.user_id",
            "t.full_name",
        )
    },
    Source {
        content: Some(|backend| row_as_json::<entity::memo_tag::Entity>(backend, "x")),
        ..removed(
            ItemKind::TagLink,
            "FROM memo_tags x JOIN tags t ON t.id = x.tag_id WHERE x.memo_id = $1",
            "x.tag_id",
            "t.name",
        )
    },
    Source {
        count: Some("CASE WHEN m.task_id IS NULL THEN 0 ELSE 1 END"),
        visible: Some(SEES_TASK),
        ..removed(
            ItemKind::TaskLink,
            "FROM memos x JOIN tasks t ON t.id = x.task_id WHERE x.id = $1",
            "t.id",
            "t.name",
        )
    },
    Source {
        count: Some("CASE WHEN m.project_id IS NULL THEN 0 ELSE 1 END"),
        visible: Some(SEES_PROJECT),
        ..removed(
            ItemKind::ProjectLink,
            "FROM memos x JOIN projects t ON t.id = x.project_id WHERE x.id = $1",
            "t.id",
            "t.name",
        )
    },
    Source {
        count: Some("CASE WHEN m.deal_id IS NULL THEN 0 ELSE 1 END"),
        ..removed(
            ItemKind::DealLink,
            "FROM memos x JOIN deals t ON t.id = x.deal_id WHERE x.id = $1",
            "t.id",
            "t.name",
        )
    },
    Source {
        count: Some("CASE WHEN m.resolution_id IS NULL THEN 0 ELSE 1 END"),
        ..removed(
            ItemKind::ResolutionLink,
            "FROM memos x JOIN resolutions t ON t.id = x.resolution_id WHERE x.id = $1",
            "t.id",
            "t.name",
        )
    },
    Source {
        count: Some("m.comment_count"),
        content: Some(|backend| row_as_json::<entity::comment::Entity>(backend, "x")),
        ..removed(ItemKind::Comment, "FROM comments x WHERE x.memo_id = $1", "x.id", "substr(x.body, 1, 80)")
    },
    Source {
        visible: Some("x.user_id = {person}"),
        content: Some(|backend| row_as_json::<entity::reminder::Entity>(backend, "x")),
        ..removed(
            ItemKind::Reminder,
            "FROM reminders x WHERE x.memo_id = $1",
            "x.id",
            "substr(replace(CAST(x.due_at AS text), 'T', ' '), 1, 16) || ' UTC'",
        )
    },
    Source {
        content: Some(|backend| row_as_json::<entity::memo_file::Entity>(backend, "x")),
        ..removed(
            ItemKind::Attachment,
            "FROM memo_files x JOIN files f ON f.id = x.file_id WHERE x.memo_id = $1",
            "x.file_id",
            "f.name",
        )
    },
    Source {
        content: Some(|backend| row_as_json::<entity::file::Entity>(backend, "f")),
        ..removed(ItemKind::File, UNUSED_FILES, "f.id", "f.name")
    },
    kept(
        ItemKind::User,
        "FROM users t WHERE t.id IN (SELECT author_id FROM memos WHERE id = $1 UNION SELECT recipient_id FROM memos WHERE id = $1 \
         UNION SELECT user_id FROM memo_subscribers WHERE memo_id = $1)",
        "t.id",
        "t.full_name",
        "'PERSON'",
    ),
    Source {
        count: Some("CASE WHEN m.task_id IS NULL THEN 0 ELSE 1 END"),
        visible: Some(SEES_TASK),
        ..kept(
            ItemKind::Task,
            "FROM memos x JOIN tasks t ON t.id = x.task_id WHERE x.id = $1",
            "t.id",
            "t.name",
            "'WORK'",
        )
    },
    Source {
        count: Some("CASE WHEN m.project_id IS NULL THEN 0 ELSE 1 END"),
        visible: Some(SEES_PROJECT),
        ..kept(
            ItemKind::Project,
            "FROM memos x JOIN projects t ON t.id = x.project_id WHERE x.id = $1",
            "t.id",
            "t.name",
            "'WORK'",
        )
    },
    Source {
        count: Some("CASE WHEN m.deal_id IS NULL THEN 0 ELSE 1 END"),
        ..kept(
            ItemKind::Deal,
            "FROM memos x JOIN deals t ON t.id = x.deal_id WHERE x.id = $1",
            "t.id",
            "t.name",
            "'SHARED'",
        )
    },
    kept(
        ItemKind::Tag,
        "FROM memo_tags x JOIN tags t ON t.id = x.tag_id WHERE x.memo_id = $1",
        "t.id",
        "t.name",
        "'SHARED'",
    ),
    Source {
        count: Some("CASE WHEN m.resolution_id IS NULL THEN 0 ELSE 1 END"),
        ..kept(
            ItemKind::Resolution,
            "FROM memos x JOIN resolutions t ON t.id = x.resolution_id WHERE x.id = $1",
            "t.id",
            "t.name",
            "'SHARED'",
        )
    },
    kept(ItemKind::File, USED_FILES, "f.id", "f.name", FILE_KEPT_REASON),
];

/// How many things of a kind go or stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemCount {
    /// Whether they go or stay.
    pub disposition: Disposition,
    /// Their kind.
    pub kind: ItemKind,
    /// How many.
    pub count: u64,
}

/// The place of an item in a list: its source, then its node.
pub type ItemKey = (i64, Uuid);

/// A thing that goes or stays, as one person may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its place.
    pub key: ItemKey,
    /// Its kind.
    pub kind: ItemKind,
    /// The thing itself, or the other end of a removed link; `None` if the person may not see it.
    pub node: Option<Uuid>,
    /// Its name or beginning; `None` if the person may not see it, or after the purge.
    pub label: Option<String>,
    /// Why it stays.
    pub kept_reason: Option<KeptReason>,
}

/// The disposition and kind of each source, in the order of [`counts_sql`]'s columns.
pub(super) fn counted_kinds() -> impl Iterator<Item = (Disposition, ItemKind)> {
    SOURCES.iter().map(|source| (source.disposition, source.kind))
}

/// Columns that count the rows of every source: `n0`, `n1`, …
pub(super) fn counts_sql() -> String {
    let columns: Vec<String> = SOURCES
        .iter()
        .enumerate()
        .map(|(rank, source)| match source.count {
            Some(count) => format!("CAST({count} AS bigint) AS n{rank}"),
            None => format!("(SELECT count(*) {}) AS n{rank}", source.rows),
        })
        .collect();
    columns.join(", ")
}

/// Size in bytes of the files that would go.
pub(super) fn bytes_freed_sql() -> String {
    format!("(SELECT CAST(coalesce(sum(f.size), 0) AS bigint) {UNUSED_FILES})")
}

/// The names of everything that stays, in one text: part of what a confirmation is bound to.
pub(super) fn kept_names_sql(backend: DbBackend) -> String {
    let branches: Vec<String> = sources(Disposition::Kept)
        .map(|(rank, source)| {
            format!(
                "SELECT {rank} AS rank, {} AS node, {} AS name {}",
                source.node, source.label, source.rows
            )
        })
        .collect();
    let row = format!("rank || ':' || {} || ':' || name", id_text(backend, "node"));
    format!(
        "(SELECT string_agg({row}, ';' ORDER BY rank, node) FROM ({}) AS kept)",
        branches.join(" UNION ALL ")
    )
}

/// Where a page of a list begins and ends, and how long it is: names of parameters, or constants.
pub(super) struct Window<'a> {
    pub(super) limit: &'a str,
    /// Rank and node after which it begins.
    pub(super) after: Option<(&'a str, &'a str)>,
}

/// A page of one of the two lists, as the text of a JSON array of arrays: rank, node, kind, shown node, shown label, reason. Each source is
/// asked for no more rows than the page can hold, so that a long discussion costs no more than a short one.
pub(super) fn list_sql(
    backend: DbBackend,
    disposition: Disposition,
    person: &str,
    window: &Window<'_>,
) -> String {
    let branches: Vec<String> = sources(disposition)
        .map(|(rank, source)| {
            let Source { rows, node, label, .. } = source;
            let visible = source.visible.map_or("TRUE".to_owned(), |visible| visible.replace("{person}", person));
            let begin = match window.after {
                Some((after_rank, after_node)) => {
                    format!(" AND ({after_rank} < {rank} OR ({after_rank} = {rank} AND {node} > {after_node}))")
                }
                None => String::new(),
            };
            format!(
                "SELECT * FROM (SELECT {rank} AS rank, {node} AS node, '{kind}' AS kind, \
                 CASE WHEN {visible} THEN {node} END AS shown_node, CASE WHEN {visible} THEN {label} END AS label, \
                 {reason} AS reason {rows}{begin} ORDER BY {node} LIMIT {limit}) AS s{rank}",
                kind = word(source.kind),
                reason = source.kept_reason.unwrap_or("CAST(NULL AS text)"),
                limit = window.limit,
            )
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

/// All items of both lists, with what the record stores of each. `m` is not available here.
pub(super) fn record_items_sql(backend: DbBackend) -> String {
    let author = "(SELECT author_id FROM memos WHERE id = $1)";
    let recipient = "(SELECT recipient_id FROM memos WHERE id = $1)";
    let branches: Vec<String> = SOURCES
        .iter()
        .enumerate()
        .map(|(rank, source)| {
            let Source { rows, node, label, .. } = source;
            let visible_to =
                |person: &str| source.visible.map_or("TRUE".to_owned(), |visible| visible.replace("{person}", person));
            let blob = if source.kind == ItemKind::File && source.disposition == Disposition::Removed {
                "f.blob_sha256"
            } else {
                "CAST(NULL AS text)"
            };
            format!(
                "SELECT {rank} AS rank, {node} AS node, '{disposition}' AS disposition, '{kind}' AS kind, \
                 ({}) AS author_sees, ({}) AS recipient_sees, {label} AS label, {reason} AS reason, {blob} AS blob, \
                 {content} AS content {rows}",
                visible_to(author),
                visible_to(recipient),
                disposition = source.disposition.word(),
                kind = word(source.kind),
                reason = source.kept_reason.unwrap_or("CAST(NULL AS text)"),
                content = source.content.map_or("CAST(NULL AS text)".to_owned(), |content| content(backend)),
            )
        })
        .collect();
    branches.join(" UNION ALL ")
}

fn sources(disposition: Disposition) -> impl Iterator<Item = (usize, &'static Source)> {
    SOURCES.iter().enumerate().filter(move |(_, source)| source.disposition == disposition)
}

/// The word of a kind as stored and as shown in the API.
pub(super) fn word(kind: ItemKind) -> String {
    match serde_json::to_value(kind) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// Reads what [`list_sql`] answers.
pub(super) fn read_list(json: &str) -> serde_json::Result<Vec<Item>> {
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
