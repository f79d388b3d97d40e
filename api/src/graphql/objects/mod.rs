//! The objects of the schema, one file each.

mod catalogue;
mod comment;
mod deleted_memo;
mod deletion_item;
mod file;
mod file_attachment;
mod mail_preferences;
mod memo;
mod memo_deletion;
mod memo_deletion_preview;
mod memo_erasure_preview;
mod memo_event;
mod memo_hold;
mod memo_reassignment;
mod memos_deletion_preview;
mod node;
mod notification;
mod person_erasure;
mod personal_data;
mod refused_memo_deletion;
mod reminder;
mod user;
mod work;

pub use catalogue::{Deal, Resolution, Tag};
pub use comment::Comment;
pub use deleted_memo::DeletedMemo;
pub use deletion_item::DeletionItemConnection;

pub use file::{File, FileTarget, url as file_url};
pub use mail_preferences::MailPreferences;
pub use memo::Memo;
pub use memo_deletion::MemoDeletion;
pub use memo_deletion_preview::{MemoDeletionPreview, blocker_message, wanted_lists};
pub use memo_erasure_preview::MemoErasurePreview;
pub use memo_event::{MemoEvent, event_position};
pub use memo_hold::MemoHold;
pub use memo_reassignment::{MemoReassignment, MemoReassignmentPreview, reassignment_message};
pub use memos_deletion_preview::MemosDeletionPreview;
pub use node::{Deletable, Node, find_node};
pub use notification::Notification;
pub use person_erasure::{PersonErasure, PersonErasurePreview};
pub use personal_data::{PERSONAL_DATA_TYPE, PersonalData};
pub use refused_memo_deletion::RefusedMemoDeletion;
pub use reminder::Reminder;
pub use user::User;
pub use work::{Project, Task};
