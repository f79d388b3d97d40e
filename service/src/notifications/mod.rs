//! What people are told.

mod list;
mod mark;
mod preferences;
mod sentence;
mod tell;

pub use list::{NotificationFilter, by_ids, count_unread, list};
pub use mark::{MAX_MARKED, mark_all_read, mark_read};
pub use preferences::{choose_mail_kinds, mail_kinds};
pub use sentence::sentence;
pub(crate) use tell::{About, News, tell};
