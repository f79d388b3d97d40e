//! Notifications of people.

mod list;
mod mark;
mod notify;
mod preferences;
mod sentence;
mod subscribe;

pub use list::{NotificationFilter, by_ids, count, count_unread, list};
pub use mark::{MAX_MARKED, mark_all_read, mark_read};
pub(crate) use notify::{NotificationDraft, Subject, notify};
pub use preferences::{choose_mail_kinds, mail_kinds};
pub use sentence::sentence;
pub use subscribe::{Notifications, SEQUENCE, listen};
