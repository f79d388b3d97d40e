//! What refuses the verbs of discussions and reminders.

use crate::{
    memos::policy::{CommentDenial, ReviseDenial},
    verb_error::verb_error,
};

verb_error! {
    /// Why nothing was said.
    pub enum AddCommentError {
        /// There is no such memo for this person.
        NotFound,
        /// The rules of memos forbid it.
        Denied from CommentDenial,
    }
}

verb_error! {
    /// Why a comment stays as it is.
    pub enum ReviseCommentError {
        /// There is no such comment for this person.
        NotFound,
        /// Only its author does this.
        NotYours,
        /// The rules of memos forbid it.
        Denied from ReviseDenial,
    }
}

verb_error! {
    /// Why a reminder is not set, or not changed.
    pub enum ReminderError {
        /// There is no such memo or reminder for this person.
        NotFound,
        /// The moment has passed.
        Past,
        /// The person has [`MAX_REMINDERS`](super::MAX_REMINDERS) of this memo already.
        TooMany,
    }
}

verb_error! {
    /// Why a reminder is not dismissed.
    pub enum DismissReminderError {
        /// There is no such reminder for this person.
        NotFound,
    }
}
