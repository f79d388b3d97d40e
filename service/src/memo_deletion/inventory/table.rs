//! The table of all kinds of belongings of a memo, one row each. A new belonging needs a row here,
//! with its two kinds. Everything else loops over the rows.

use super::select::{Reads, Select};
use crate::{database::sql::id_text, memos::losses::where_else_used};
use entity::memo;
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
    /// The mark that a person has not read the memo.
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

/// One kind of thing that belongs to a memo.
pub(super) struct Belonging {
    /// The name of its column in the statement.
    pub(super) name: &'static str,
    /// The table whose rows belong to one memo each, by their column `memo_id`. These rows go with
    /// the memo's id. `None` if the memo's own row contains the belonging.
    pub(super) table: Option<&'static str>,
    /// How it is read.
    pub(super) source: Source,
    /// What a deletion removes of it.
    pub(super) removes: ItemKind,
    /// What happens to the other end of a link.
    pub(super) other_end: OtherEnd,
    /// Whether the viewer may be unable to see some of them. Lists identify these by numbers, since
    /// a cursor must not name hidden things.
    pub(super) hides: bool,
}

/// How a belonging is read.
#[derive(Clone, Copy)]
pub(super) enum Source {
    /// It is the memo itself.
    Itself,
    /// The ids in this column of its table are read. The directory knows the names.
    Links(&'static str, Linked),
    /// The memo's own row has the id. The directory knows the name.
    Pointer(fn(&memo::Model) -> Option<Uuid>, Pointer),
    /// The memo's own row has the id of a task or project. That row is joined, since the viewer may
    /// not see it.
    Work(fn(&memo::Model) -> Option<Uuid>),
    /// All of it is read. The function writes the part of the statement: a JSON array of arrays.
    Rows(fn(&Select) -> String, Parser),
    /// One page of it is read, since there may be very many. The memo's row has the total.
    Page(fn(&Select) -> String, fn(&memo::Model) -> i64),
}

/// What the ids in a table of links are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Linked {
    /// Subscribers. Author and recipient are listed with them, although there is no link to them.
    Subscriber,
    /// Tags.
    Tag,
    /// People who have not read the memo. Each of them sees only their own mark.
    Unread,
}

/// What an id in the memo's row points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pointer {
    /// A deal.
    Deal,
    /// A resolution.
    Resolution,
}

/// What a row of a column's JSON contains.
#[derive(Clone, Copy)]
pub(super) enum Parser {
    /// Id, and the beginning of the text.
    Comment,
    /// Id, time, the person whom it reminds, and whether it is due later and not dismissed.
    Reminder,
    /// Id, name, why it stays (if so), content, size, and whether another file has the content.
    File,
}

/// What happens to the other end of a link that a deletion removes.
#[derive(Clone, Copy)]
pub(super) enum OtherEnd {
    /// There is no other end.
    None,
    /// It stays, always for the same reason.
    Stays(ItemKind, KeptReason),
    /// It goes too, unless a file has a reason to stay.
    MayStay(ItemKind),
}

/// Every belonging, in the order of the lists.
pub(super) static TABLE: [Belonging; 11] = [
    Belonging {
        name: "memo",
        table: None,
        source: Source::Itself,
        removes: ItemKind::Memo,
        other_end: OtherEnd::None,
        hides: false,
    },
    Belonging {
        name: "people",
        table: Some("memo_subscribers"),
        source: Source::Links("user_id", Linked::Subscriber),
        removes: ItemKind::SubscriberLink,
        other_end: OtherEnd::Stays(ItemKind::User, KeptReason::Person),
        hides: false,
    },
    Belonging {
        name: "tags",
        table: Some("memo_tags"),
        source: Source::Links("tag_id", Linked::Tag),
        removes: ItemKind::TagLink,
        other_end: OtherEnd::Stays(ItemKind::Tag, KeptReason::Shared),
        hides: false,
    },
    Belonging {
        name: "task",
        table: None,
        source: Source::Work(|memo| memo.task_id),
        removes: ItemKind::TaskLink,
        other_end: OtherEnd::Stays(ItemKind::Task, KeptReason::Work),
        hides: true,
    },
    Belonging {
        name: "project",
        table: None,
        source: Source::Work(|memo| memo.project_id),
        removes: ItemKind::ProjectLink,
        other_end: OtherEnd::Stays(ItemKind::Project, KeptReason::Work),
        hides: true,
    },
    Belonging {
        name: "deal",
        table: None,
        source: Source::Pointer(|memo| memo.deal_id, Pointer::Deal),
        removes: ItemKind::DealLink,
        other_end: OtherEnd::Stays(ItemKind::Deal, KeptReason::Shared),
        hides: false,
    },
    Belonging {
        name: "resolution",
        table: None,
        source: Source::Pointer(|memo| memo.resolution_id, Pointer::Resolution),
        removes: ItemKind::ResolutionLink,
        other_end: OtherEnd::Stays(ItemKind::Resolution, KeptReason::Shared),
        hides: false,
    },
    Belonging {
        name: "comments",
        table: Some("comments"),
        source: Source::Page(comments, |memo| memo.comment_count),
        removes: ItemKind::Comment,
        other_end: OtherEnd::None,
        hides: false,
    },
    Belonging {
        name: "reminders",
        table: Some("reminders"),
        source: Source::Rows(reminders, Parser::Reminder),
        removes: ItemKind::Reminder,
        other_end: OtherEnd::None,
        hides: true,
    },
    Belonging {
        name: "unread_marks",
        table: Some("unread_marks"),
        source: Source::Links("user_id", Linked::Unread),
        removes: ItemKind::UnreadMark,
        other_end: OtherEnd::None,
        hides: true,
    },
    Belonging {
        name: "files",
        table: Some("memo_files"),
        source: Source::Rows(files, Parser::File),
        removes: ItemKind::Attachment,
        other_end: OtherEnd::MayStay(ItemKind::File),
        hides: false,
    },
];

/// The beginnings of the comments in the window.
fn comments(select: &Select) -> String {
    select.rows(
        "t.beginning",
        "FROM (SELECT c.id, substr(c.body, 1, 80) AS beginning FROM comments c
            WHERE c.memo_id = m.id AND c.id > :after ORDER BY c.id LIMIT :limit) AS t",
    )
}

/// Reminders, named by the time at which they are due.
fn reminders(select: &Select) -> String {
    let person = id_text(select.backend, "t.user_id");
    select.rows(
        &format!(
            "substr(replace(CAST(t.due_at AS text), 'T', ' '), 1, 16) || ' UTC', {person},
            CAST(t.due_at > :now AND t.dismissed_at IS NULL AS integer)"
        ),
        "FROM reminders t WHERE t.memo_id = m.id",
    )
}

/// The attached files. For a deletion, deleted memos do not count, and for a selection, neither do
/// its memos. For a deleted memo, the record says which files stay and why. For an erasure, deleted
/// memos count too, because they keep their files.
fn files(select: &Select) -> String {
    let where_else_used = match select.reads {
        Reads::Live => where_else_used("memos", "o.memo_id <> m.id"),
        Reads::Selection => where_else_used("memos", "NOT (o.memo_id IN :memo_id)"),
        Reads::Deleted => "NULL".to_owned(),
        Reads::Erased => where_else_used("memo_ids", "o.memo_id <> m.id"),
    };
    select.rows(
        &format!(
            "t.name, {where_else_used}, t.blob_sha256, t.size,
            CAST(EXISTS (SELECT 1 FROM files o
                WHERE o.blob_sha256 = t.blob_sha256 AND o.id <> t.id) AS integer)"
        ),
        "FROM memo_files x JOIN files t ON t.id = x.file_id WHERE x.memo_id = m.id",
    )
}
