//! Which memos of a person: each box is one range of an index, or several.

use crate::Viewer;

/// Which memos of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemoBox {
    /// Sent to them.
    Inbox,
    /// Sent by them.
    Sent,
    /// That they read along.
    Subscribed,
    /// Their own drafts.
    Drafts,
    /// All that they see.
    AllVisible,
}

/// Memos that stand together in an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Sent to the viewer.
    Inbox,
    /// Sent by the viewer.
    Sent,
    /// That the viewer reads along.
    Subscribed,
    /// The viewer's own drafts.
    Drafts,
    /// Everything that was sent.
    Everything,
}

impl MemoBox {
    /// The parts that the box is made of. They may overlap.
    pub(super) fn parts(self, viewer: Viewer) -> &'static [Part] {
        match self {
            Self::Inbox => &[Part::Inbox],
            Self::Sent => &[Part::Sent],
            Self::Subscribed => &[Part::Subscribed],
            Self::Drafts => &[Part::Drafts],
            Self::AllVisible if viewer.is_chief() => &[Part::Everything, Part::Drafts],
            Self::AllVisible => &[Part::Inbox, Part::Sent, Part::Subscribed, Part::Drafts],
        }
    }
}

impl Part {
    /// From where and under which condition its rows are read; `me` is the viewer's placeholder.
    pub(super) fn rows(self, me: &str) -> String {
        match self {
            Self::Subscribed => format!(
                "FROM memo_subscribers s JOIN memos ON memos.id = s.memo_id WHERE s.user_id = {me} AND memos.draft = FALSE"
            ),
            _ => format!("FROM memos WHERE {}", self.condition(me)),
        }
    }

    /// The condition that a memo belongs to it.
    pub(super) fn condition(self, me: &str) -> String {
        match self {
            Self::Inbox => format!("memos.recipient_id = {me} AND memos.draft = FALSE"),
            Self::Sent => format!("memos.author_id = {me} AND memos.draft = FALSE"),
            Self::Subscribed => format!(
                "EXISTS (SELECT 1 FROM memo_subscribers s WHERE s.memo_id = memos.id AND s.user_id = {me}) AND memos.draft = FALSE"
            ),
            Self::Drafts => format!("memos.author_id = {me} AND memos.draft = TRUE"),
            Self::Everything => "memos.draft = FALSE".to_owned(),
        }
    }

    /// The memo's id, in the table whose index has it in order.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Subscribed => "s.memo_id",
            _ => "memos.id",
        }
    }
}
