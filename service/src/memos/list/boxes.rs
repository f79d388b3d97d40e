//! Which memos of a person: each box is one range of an index, or several.

use crate::access::IndexRange;

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

impl MemoBox {
    /// The ranges that the box is made of. They may overlap.
    pub fn ranges(self, is_chief: bool) -> &'static [IndexRange] {
        match self {
            Self::Inbox => &[IndexRange::Inbox],
            Self::Sent => &[IndexRange::Sent],
            Self::Subscribed => &[IndexRange::Subscribed],
            Self::Drafts => &[IndexRange::Drafts],
            Self::AllVisible => IndexRange::of_all_visible(is_chief),
        }
    }
}
