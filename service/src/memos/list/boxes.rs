//! Boxes: which of a person's memos to list. Each box is one or several ranges of an index.

use crate::access::IndexRange;

/// Which of a person's memos to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MemoBox {
    /// Memos sent to them.
    Inbox,
    /// Memos sent by them.
    Sent,
    /// Memos to which they subscribe.
    Subscribed,
    /// Their own drafts.
    Drafts,
    /// All memos that they see.
    AllVisible,
}

impl MemoBox {
    /// The ranges of which the box consists. They may overlap.
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
