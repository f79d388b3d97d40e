//! The errors of operations on comments and reminders.

use crate::{
    memos::policy::{CommentDenial, ReviseDenial},
    verb_error::verb_error,
};

verb_error! {
    /// Why no comment was added.
    pub enum AddCommentError {
        /// There is no such memo for this person.
        NotFound,
        /// The rules of memos forbid it.
        Denied from CommentDenial,
    }
}

verb_error! {
    /// Why a comment is not changed or deleted.
    pub enum ReviseCommentError {
        /// There is no such comment for this person.
        NotFound,
        /// Only its author may do this.
        NotYours,
        /// The rules of memos forbid it.
        Denied from ReviseDenial,
    }
}

verb_error! {
    /// Why a reminder is not created, or not changed.
    pub enum ReminderError {
        /// There is no such memo or reminder for this person.
        NotFound,
        /// The time has passed.
        Past,
        /// The person already has [`MAX_REMINDERS`](super::MAX_REMINDERS) for this memo.
        TooMany,
    }
}

verb_error! {
    /// Why a reminder is not dismissed or deleted.
    pub enum DismissReminderError {
        /// There is no such reminder for this person.
        NotFound,
    }
}
