//! Who sees the record of a deletion, and how much of it.

use super::MemoAccess;
use crate::Viewer;
use entity::{MemoRole, memo_deletion};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

/// How a person is related to the record of a memo's deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RecordAccess {
    /// They wrote the memo.
    pub is_author: bool,
    /// They were its recipient.
    pub is_recipient: bool,
    /// They are an administrator.
    pub is_admin: bool,
    /// Whether the memo had not been sent.
    pub draft: bool,
}

/// How much of a record a person sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecordSight {
    /// It does not exist for them.
    Nothing,
    /// The persons, time, role and counts, but nothing of the memo's content.
    WithoutContent,
    /// All of it.
    Content,
}

impl RecordAccess {
    /// The viewer's relation to the record.
    pub fn of(record: &memo_deletion::Model, viewer: Viewer) -> Self {
        Self {
            is_author: record.author_id == viewer.id,
            is_recipient: record.recipient_id == viewer.id,
            is_admin: viewer.is_admin(),
            draft: record.draft,
        }
    }

    /// How much of the record the person sees. The record of a draft exists for its author alone,
    /// not for its recipient or for administrators.
    pub fn sight(self) -> RecordSight {
        if !self.roles().is_empty() {
            RecordSight::Content
        } else if self.is_admin && !self.draft {
            RecordSight::WithoutContent
        } else {
            RecordSight::Nothing
        }
    }

    /// The roles that the person had in the memo.
    fn roles(self) -> Vec<MemoRole> {
        let Self { is_author, is_recipient, draft, .. } = self;
        MemoAccess { is_author, is_recipient, draft, ..MemoAccess::default() }.roles()
    }
}

/// The roles that a person had in the memo of a record. Empty if they were not involved in it.
pub fn record_roles(record: &memo_deletion::Model, person: Uuid) -> Vec<MemoRole> {
    RecordAccess {
        is_author: record.author_id == person,
        is_recipient: record.recipient_id == person,
        is_admin: false,
        draft: record.draft,
    }
    .roles()
}

/// The condition on `memo_deletions` that [`RecordAccess::sight`] is not [`RecordSight::Nothing`].
pub fn visible_records(viewer: Viewer) -> Condition {
    use memo_deletion::Column;
    let mut sent_to = Condition::all().add(Column::Draft.eq(false));
    if !viewer.is_admin() {
        sent_to = sent_to.add(Column::RecipientId.eq(viewer.id));
    }
    Condition::any().add(Column::AuthorId.eq(viewer.id)).add(sent_to)
}

/// The condition that [`RecordAccess::sight`] is [`RecordSight::Content`], as SQL text. `record` is
/// the record's row, and `person` the person's id.
pub(super) fn sees_content(record: &str, person: &str) -> String {
    format!(
        "({record}.author_id = {person} OR (NOT {record}.draft AND {record}.recipient_id = \
         {person}))"
    )
}
