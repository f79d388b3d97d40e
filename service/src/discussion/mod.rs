//! Comments on a memo, and reminders of it.

mod comments;
mod due;
mod errors;
mod reminders;

pub use comments::{add_comment, comments, comments_by_ids, delete_comment, update_comment};
pub use due::fire_due;
pub use errors::{AddCommentError, DismissReminderError, ReminderError, ReviseCommentError};
pub use reminders::{
    MAX_REMINDERS, ReminderKey, count_reminders, create_reminder, delete_reminder,
    dismiss_reminder, list_reminders, reminders_by_ids, reminders_of_memos, update_reminder,
};
