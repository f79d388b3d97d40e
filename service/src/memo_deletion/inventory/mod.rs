//! What a deletion removes and what it keeps: one table of sources. The preview's counts, its lists
//! and the record's lists are all made of it by `sql`. What was previewed is what happens, because
//! a deletion moves the memo's row and leaves everything else as it was listed.
//!
//! In the texts `m` is the memo's row, live or deleted, `$1` its id and `$2` the viewer.

mod sql;

pub(super) use sql::{
    REVISE_SHARING, Whose, Window, attached_sql, belongings, counted_kinds, counts_sql, kept_names_sql,
    list_sql, read_attached, read_list,
};

use entity::Disposition;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The tables whose rows belong to one memo each, by their column `memo_id`. They go with the
/// memo's id.
pub(super) const BELONGINGS: [&str; 6] =
    ["memo_subscribers", "memo_tags", "memo_files", "comments", "reminders", "unread_marks"];

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
    /// That somebody has not read it.
    UnreadMark,
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

/// Who may know which thing an item is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sees {
    /// Whoever sees the memo.
    Everybody,
    /// Who sees the work: the column says.
    Column,
    /// The one person in that column.
    Person(&'static str),
}

/// Where one kind of items comes from.
#[derive(Clone, Copy)]
struct Source {
    disposition: Disposition,
    kind: ItemKind,
    /// `FROM … WHERE …` of its rows, as `s`.
    rows: &'static str,
    /// How many rows.
    count: &'static str,
    /// Whether there may be many: then no more are read than a page holds.
    many: bool,
    /// The thing itself, or the other end of a removed link. Unique among the rows; the list is
    /// sorted by it.
    node: &'static str,
    label: &'static str,
    sees: Sees,
    /// Why it stays, as text.
    kept_reason: Option<&'static str>,
    /// Under which kind a record notes that the thing was deleted later; `None` if it cannot be.
    missing: Option<ItemKind>,
}

const fn removed(kind: ItemKind, rows: &'static str, count: &'static str) -> Source {
    Source {
        disposition: Disposition::Removed,
        kind,
        rows,
        count,
        many: false,
        node: "s.node",
        label: "s.name",
        sees: Sees::Everybody,
        kept_reason: None,
        missing: Some(kind),
    }
}

/// A thing stays, and the link to it goes.
const fn kept(
    kind: ItemKind,
    link: Option<ItemKind>,
    rows: &'static str,
    count: &'static str,
    reason: &'static str,
) -> Source {
    Source {
        disposition: Disposition::Kept,
        kept_reason: Some(reason),
        missing: link,
        ..removed(kind, rows, count)
    }
}

const SUBSCRIBERS: &str = "(SELECT count(*) FROM subscriber)";
const TAGS: &str = "(SELECT count(*) FROM tag)";
const TASK: &str = "CASE WHEN m.task_id IS NULL THEN 0 ELSE 1 END";
const PROJECT: &str = "CASE WHEN m.project_id IS NULL THEN 0 ELSE 1 END";
const DEAL: &str = "CASE WHEN m.deal_id IS NULL THEN 0 ELSE 1 END";
const RESOLUTION: &str = "CASE WHEN m.resolution_id IS NULL THEN 0 ELSE 1 END";

/// Every source, in the order of the lists.
const SOURCES: [Source; 19] = [
    Source { node: "s.id", missing: None, ..removed(ItemKind::Memo, "FROM m s WHERE TRUE", "1") },
    removed(ItemKind::SubscriberLink, "FROM subscriber s WHERE TRUE", SUBSCRIBERS),
    removed(ItemKind::TagLink, "FROM tag s WHERE TRUE", TAGS),
    Source { sees: Sees::Column, ..removed(ItemKind::TaskLink, "FROM task s WHERE TRUE", TASK) },
    Source { sees: Sees::Column, ..removed(ItemKind::ProjectLink, "FROM project s WHERE TRUE", PROJECT) },
    removed(ItemKind::DealLink, "FROM deal s WHERE TRUE", DEAL),
    removed(ItemKind::ResolutionLink, "FROM resolution s WHERE TRUE", RESOLUTION),
    Source {
        many: true,
        node: "s.id",
        label: "substr(s.body, 1, 80)",
        ..removed(ItemKind::Comment, "FROM comments s WHERE s.memo_id = $1", "m.comment_count")
    },
    Source {
        many: true,
        node: "s.id",
        label: "substr(replace(CAST(s.due_at AS text), 'T', ' '), 1, 16) || ' UTC'",
        sees: Sees::Person("s.user_id"),
        ..removed(ItemKind::Reminder, "FROM reminders s WHERE s.memo_id = $1", "(SELECT n FROM reminded)")
    },
    Source {
        sees: Sees::Person("s.node"),
        ..removed(ItemKind::UnreadMark, "FROM unread s WHERE TRUE", "(SELECT count(*) FROM unread)")
    },
    removed(ItemKind::Attachment, "FROM attached s WHERE TRUE", "(SELECT count(*) FROM attached)"),
    removed(
        ItemKind::File,
        "FROM attached s WHERE s.reason IS NULL",
        "(SELECT count(*) FROM attached WHERE reason IS NULL)",
    ),
    kept(
        ItemKind::User,
        Some(ItemKind::SubscriberLink),
        "FROM person s WHERE TRUE",
        "(SELECT count(*) FROM person)",
        "'PERSON'",
    ),
    Source {
        sees: Sees::Column,
        ..kept(ItemKind::Task, Some(ItemKind::TaskLink), "FROM task s WHERE TRUE", TASK, "'WORK'")
    },
    Source {
        sees: Sees::Column,
        ..kept(ItemKind::Project, Some(ItemKind::ProjectLink), "FROM project s WHERE TRUE", PROJECT, "'WORK'")
    },
    kept(ItemKind::Deal, Some(ItemKind::DealLink), "FROM deal s WHERE TRUE", DEAL, "'SHARED'"),
    kept(ItemKind::Tag, Some(ItemKind::TagLink), "FROM tag s WHERE TRUE", TAGS, "'SHARED'"),
    kept(
        ItemKind::Resolution,
        Some(ItemKind::ResolutionLink),
        "FROM resolution s WHERE TRUE",
        RESOLUTION,
        "'SHARED'",
    ),
    // A file cannot be deleted while an attachment of a deleted memo refers to it.
    kept(
        ItemKind::File,
        None,
        "FROM attached s WHERE s.reason IS NOT NULL",
        "(SELECT count(*) FROM attached WHERE reason IS NOT NULL)",
        "s.reason",
    ),
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

/// The place of an item in a list: its source, then its number or its node. A source whose things
/// the viewer may not see all counts them, since a cursor must not name what the list hides.
pub type ItemKey = (i64, i64, Uuid);

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

/// Why a kind of things stays; `None` for files, each of which has a reason of its own.
pub(super) fn reason_of(kind: ItemKind) -> Option<KeptReason> {
    match kind {
        ItemKind::User => Some(KeptReason::Person),
        ItemKind::Task | ItemKind::Project => Some(KeptReason::Work),
        ItemKind::Deal | ItemKind::Tag | ItemKind::Resolution => Some(KeptReason::Shared),
        _ => None,
    }
}

/// The word of a kind as stored and as shown in the API.
pub(in crate::memo_deletion) fn word(kind: ItemKind) -> String {
    match serde_json::to_value(kind) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
