//! Ids in the form that clients see, for the log. So an operator can search the log for an id from
//! a client.
//!
//! They are [TypeIDs](https://github.com/jetify-com/typeid): a prefix that names the kind, then the
//! UUID in base 32.

use std::fmt::{self, Display};
use type_safe_id::{DynamicType, TypeSafeId};
use uuid::Uuid;

/// An id with its kind, for display: `memo_01h…`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypedId {
    prefix: &'static str,
    uuid: Uuid,
}

impl Display for TypedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match DynamicType::new(self.prefix) {
            Ok(prefix) => TypeSafeId::from_type_and_uuid(prefix, self.uuid).fmt(f),
            Err(_) => self.uuid.fmt(f),
        }
    }
}

/// The id of a thing whose kind has this prefix.
pub const fn typed(prefix: &'static str, uuid: Uuid) -> TypedId {
    TypedId { prefix, uuid }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $function:ident $constant:ident = $prefix:literal;)+) => {
        $(
            $(#[$doc])*
            pub const $constant: &str = $prefix;

            $(#[$doc])*
            pub const fn $function(uuid: Uuid) -> TypedId {
                typed($constant, uuid)
            }
        )+
    };
}

kinds! {
    /// A memo, live or deleted.
    memo MEMO = "memo";
    /// A person.
    user USER = "user";
    /// A task.
    task TASK = "task";
    /// A project.
    project PROJECT = "project";
    /// A deal.
    deal DEAL = "deal";
    /// A tag.
    tag TAG = "tag";
    /// A resolution.
    resolution RESOLUTION = "resolution";
    /// A file.
    file FILE = "file";
    /// A comment.
    comment COMMENT = "comment";
    /// A reminder.
    reminder REMINDER = "reminder";
    /// A hold.
    memo_hold MEMO_HOLD = "memo_hold";
    /// A deletion record.
    memo_deletion MEMO_DELETION = "memo_deletion";
    /// What remains of a deleted memo.
    deleted_memo DELETED_MEMO = "deleted_memo";
    /// A refused attempt.
    refused_deletion REFUSED_DELETION = "refused_deletion";
    /// A notification.
    notification NOTIFICATION = "notification";
    /// The record of a reassignment of memos.
    memo_reassignment MEMO_REASSIGNMENT = "memo_reassignment";
    /// The record of a person's erasure.
    person_erasure PERSON_ERASURE = "person_erasure";
    /// A session, which clients do not see.
    session SESSION = "session";
    /// A mail, which clients do not see.
    mail MAIL = "mail";
}
