//! The errors of operations that write memos.

use super::{
    fields::MemoField,
    policy::{ActDenial, ParticipantDenial},
    problems::{InputProblem, PersonProblem, UpdateProblem},
};
use crate::verb_error::verb_error;
use entity::memo;

verb_error! {
    /// Why a memo is not written.
    pub enum CreateMemoError {
        /// These parts of it are wrong. There is at least one.
        Invalid(Vec<Invalid<InputProblem>>),
    }
}

verb_error! {
    /// Why a memo is not changed.
    pub enum UpdateMemoError {
        /// There is no such memo for this person.
        NotFound,
        /// The memo differs from what the person has seen. Contains the current row.
        VersionConflict(Box<memo::Model>),
        /// These fields are wrong. There is at least one.
        Invalid(Vec<Invalid<UpdateProblem>>),
    }
}

verb_error! {
    /// Why a draft is not sent.
    pub enum SendMemoError {
        /// There is no such memo for this person.
        NotFound,
        /// Only its author may send it.
        NotTheAuthor,
        /// The draft differs from what the person has seen. Contains the current row.
        VersionConflict(Box<memo::Model>),
        /// The recipient is not active any more.
        InactiveRecipient,
    }
}

verb_error! {
    /// Why a memo is not copied.
    pub enum CopyMemoError {
        /// There is no such memo for this person.
        NotFound,
    }
}

verb_error! {
    /// Why no tags are added to a memo.
    pub enum AddTagsError {
        /// There is no such memo for this person.
        NotFound,
        /// The rules forbid it.
        Denied from ParticipantDenial,
        /// These tags do not exist, by their indexes in the list. There is at least one.
        NoSuchTags(Vec<usize>),
    }
}

verb_error! {
    /// Why no tags are removed from a memo.
    pub enum RemoveTagsError {
        /// There is no such memo for this person.
        NotFound,
        /// The rules forbid it.
        Denied from ParticipantDenial,
    }
}

verb_error! {
    /// Why no subscribers are added to a memo.
    pub enum AddSubscribersError {
        /// There is no such memo for this person.
        NotFound,
        /// The rules forbid it.
        Denied from ParticipantDenial,
        /// These people cannot subscribe, by their indexes in the list. There is at least one.
        People(Vec<(usize, PersonProblem)>),
    }
}

verb_error! {
    /// Why no subscribers are removed from a memo.
    pub enum RemoveSubscribersError {
        /// There is no such memo for this person.
        NotFound,
        /// The rules forbid it.
        Denied from ParticipantDenial,
    }
}

verb_error! {
    /// Why a memo is not reviewed.
    pub enum ReviewMemoError {
        /// There is no such memo for this person.
        NotFound,
        /// The rules forbid it.
        Denied from ActDenial,
        /// It is on hold. It can be reviewed, but its conclusion must not change.
        OnHold,
    }
}

verb_error! {
    /// Why a memo is not postponed.
    pub enum PostponeMemoError {
        /// There is no such memo for this person.
        NotFound,
        /// The rules forbid it.
        Denied from ActDenial,
        /// The day has passed.
        PastDate,
    }
}

/// A problem and the part of the input that has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invalid<P> {
    /// The part of the input.
    pub place: FieldPath,
    /// The problem.
    pub problem: P,
}

/// A part of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldPath {
    /// A field of the memo.
    Field(MemoField),
    /// A subscriber, by index in the list.
    Subscriber(usize),
    /// A tag, by index in the list.
    Tag(usize),
    /// A file, by index in the list.
    File(usize),
}

impl FieldPath {
    pub(super) fn has<P>(self, problem: P) -> Invalid<P> {
        Invalid { place: self, problem }
    }
}
