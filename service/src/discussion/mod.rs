//! What people say about a memo, and when they want to be reminded of it.

mod comments;
mod due;
mod reminders;

pub use comments::{add_comment, comments, comments_by_ids, delete_comment, update_comment};
pub use due::fire_due;
pub use reminders::{
    MAX_REMINDERS, ReminderKey, change_reminder, dismiss_reminder, list_reminders, reminders_by_ids,
    reminders_of_memos, set_reminder,
};

use crate::memos::policy::Objection;

/// Why something about a comment or a reminder is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such memo, comment or reminder for this person.
    NotFound,
    /// The rules of memos forbid it.
    Memo(Objection),
    /// Only who has written the comment does this.
    NotYours,
    /// The moment of the reminder has passed.
    Past,
    /// The person has [`MAX_REMINDERS`] of this memo already.
    TooMany,
}
