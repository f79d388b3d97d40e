//! The rows of the source, with the columns that the import needs.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::FromQueryResult;

/// A person.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct PersonRow {
    pub(crate) id: i64,
    pub(crate) username: String,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) password: Option<String>,
    pub(crate) is_superuser: Option<bool>,
    pub(crate) is_staff: Option<bool>,
    pub(crate) is_active: Option<bool>,
    pub(crate) date_joined: Option<DateTime<Utc>>,
}

/// A group of a person.
#[derive(Debug, FromQueryResult)]
pub(crate) struct GroupRow {
    pub(crate) user_id: i64,
    pub(crate) name: Option<String>,
}

/// A tag or a resolution.
#[derive(Debug, FromQueryResult)]
pub(crate) struct NamedRow {
    pub(crate) id: i64,
    pub(crate) name: Option<String>,
    /// Whether memos have it, or may have it.
    pub(crate) for_memos: bool,
}

/// A deal.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct DealRow {
    pub(crate) id: i64,
    pub(crate) name: Option<String>,
    pub(crate) creation_date: Option<DateTime<Utc>>,
    pub(crate) closing_date: Option<NaiveDate>,
    pub(crate) active: Option<bool>,
    /// Its stage's flags.
    pub(crate) is_first: Option<bool>,
    pub(crate) is_success: Option<bool>,
    /// Whether it was closed for a reason, and whether the reason is a success.
    pub(crate) closed: bool,
    pub(crate) closed_well: Option<bool>,
}

/// A task or a project.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct WorkSourceRow {
    pub(crate) id: i64,
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) workflow: Option<String>,
    pub(crate) creation_date: Option<DateTime<Utc>>,
    pub(crate) due_date: Option<NaiveDate>,
    pub(crate) active: Option<bool>,
    pub(crate) owner_id: Option<i64>,
    pub(crate) co_owner_id: Option<i64>,
    pub(crate) stage: Option<String>,
    pub(crate) is_done: Option<bool>,
    pub(crate) is_in_progress: Option<bool>,
    /// The first memo that refers to it.
    pub(crate) memo_id: Option<i64>,
    pub(crate) memo_created: Option<DateTime<Utc>>,
    pub(crate) memo_updated: Option<DateTime<Utc>>,
}

/// A memo.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct MemoRow {
    pub(crate) id: i64,
    pub(crate) creation_date: Option<DateTime<Utc>>,
    pub(crate) update_date: Option<DateTime<Utc>>,
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) draft: Option<bool>,
    pub(crate) review_date: Option<NaiveDate>,
    pub(crate) stage: Option<String>,
    pub(crate) owner_id: Option<i64>,
    pub(crate) to_id: Option<i64>,
    pub(crate) deal_id: Option<i64>,
    pub(crate) task_id: Option<i64>,
    pub(crate) project_id: Option<i64>,
    pub(crate) resolution_id: Option<i64>,
}

/// A link: the owner, and the other one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub(crate) struct LinkRow {
    pub(crate) of: i64,
    pub(crate) to: i64,
}

/// A file on something.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct FileRow {
    pub(crate) id: i64,
    pub(crate) file: Option<String>,
    pub(crate) content_type_id: String,
    pub(crate) object_id: i64,
}

/// A reminder.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct ReminderRow {
    pub(crate) id: i64,
    pub(crate) object_id: i64,
    pub(crate) description: Option<String>,
    pub(crate) reminder_date: DateTime<Utc>,
    pub(crate) active: Option<bool>,
    pub(crate) creation_date: Option<DateTime<Utc>>,
    pub(crate) owner_id: Option<i64>,
}

/// A message.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct MessageRow {
    pub(crate) id: i64,
    pub(crate) object_id: i64,
    pub(crate) content: Option<String>,
    pub(crate) creation_date: Option<DateTime<Utc>>,
    pub(crate) answer_to_id: Option<i64>,
    pub(crate) topic_id: Option<i64>,
    pub(crate) owner_id: Option<i64>,
}

/// An entry of the log.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct LogRow {
    pub(crate) id: i64,
    pub(crate) object_id: Option<i64>,
    pub(crate) action_flag: Option<i64>,
    pub(crate) change_message: Option<String>,
    pub(crate) user_id: Option<i64>,
    pub(crate) action_time: Option<DateTime<Utc>>,
}

/// Ids of a range.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Range {
    pub(crate) first: i64,
    pub(crate) last: i64,
}

/// An id and a table, as they are counted.
#[derive(Debug, FromQueryResult)]
pub(crate) struct IdRow {
    pub(crate) id: i64,
}
