//! Visible memos as ranges of indexes. Lists are built from these ranges.

use super::MemoAccess;

/// A person's memos that are adjacent in an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexRange {
    /// Sent to the viewer.
    Inbox,
    /// Sent by the viewer.
    Sent,
    /// Memos to which the viewer subscribes.
    Subscribed,
    /// The viewer's own drafts.
    Drafts,
    /// All sent memos.
    Everything,
}

impl IndexRange {
    /// The ranges that hold all memos that a person sees. They may overlap.
    pub fn of_all_visible(is_chief: bool) -> &'static [Self] {
        if is_chief {
            &[Self::Everything, Self::Drafts]
        } else {
            &[Self::Inbox, Self::Sent, Self::Subscribed, Self::Drafts]
        }
    }

    /// Whether the range contains a memo to which the person has this relation.
    pub fn holds(self, access: MemoAccess) -> bool {
        match self {
            Self::Inbox => access.is_recipient && !access.draft,
            Self::Sent => access.is_author && !access.draft,
            Self::Subscribed => access.is_subscriber && !access.draft,
            Self::Drafts => access.is_author && access.draft,
            Self::Everything => !access.draft,
        }
    }

    /// The `FROM` and `WHERE` clauses that read its rows. `me` is the viewer's placeholder.
    pub fn rows(self, me: &str) -> String {
        match self {
            Self::Subscribed => format!(
                "FROM memo_subscribers s JOIN memos ON memos.id = s.memo_id \
                 WHERE s.user_id = {me} AND memos.draft = FALSE"
            ),
            _ => format!("FROM memos WHERE {}", self.condition(me)),
        }
    }

    /// [`Self::holds`] as a condition on `memos`.
    pub fn condition(self, me: &str) -> String {
        match self {
            Self::Inbox => format!("memos.recipient_id = {me} AND memos.draft = FALSE"),
            Self::Sent => format!("memos.author_id = {me} AND memos.draft = FALSE"),
            Self::Subscribed => format!(
                "EXISTS (SELECT 1 FROM memo_subscribers s WHERE s.memo_id = memos.id AND s.user_id \
                 = {me}) \
                 AND memos.draft = FALSE"
            ),
            Self::Drafts => format!("memos.author_id = {me} AND memos.draft = TRUE"),
            Self::Everything => "memos.draft = FALSE".to_owned(),
        }
    }

    /// The memo's id, as a column of the table whose index is ordered by it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Subscribed => "s.memo_id",
            _ => "memos.id",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{IndexRange, MemoAccess};

    #[test]
    fn the_ranges_of_all_visible_hold_what_is_visible() {
        for access in MemoAccess::every() {
            let held =
                IndexRange::of_all_visible(access.is_chief).iter().any(|range| range.holds(access));
            assert_eq!(held, access.is_visible(), "{access:?}");
        }
    }
}
