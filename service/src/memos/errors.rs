//! What refuses the verbs that write memos.

use super::{
    fields::{FieldDenial, MemoField},
    policy::{ActDenial, ParticipantDenial},
};
use crate::{text::TextProblem, verb_error::verb_error};
use entity::memo;

verb_error! {
    /// Why a memo is not written.
    pub enum CreateMemoError {
        /// These parts of it are wrong; at least one.
        Invalid(Vec<Invalid<InputProblem>>),
    }
}

verb_error! {
    /// Why a memo stays as it is.
    pub enum UpdateMemoError {
        /// There is no such memo for this person.
        NotFound,
        /// The memo is not what the person has seen: its row as it is now.
        VersionConflict(Box<memo::Model>),
        /// These fields are wrong; at least one.
        Invalid(Vec<Invalid<UpdateProblem>>),
    }
}

verb_error! {
    /// Why a draft is not sent.
    pub enum SendMemoError {
        /// There is no such memo for this person.
        NotFound,
        /// Only its author sends it.
        NotTheAuthor,
        /// The draft is not what the person has seen: its row as it is now.
        VersionConflict(Box<memo::Model>),
        /// The recipient does not work here any more.
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
    /// Why a memo does not get tags.
    pub enum AddTagsError {
        /// There is no such memo for this person.
        NotFound,
        /// The rules forbid it.
        Denied from ParticipantDenial,
        /// These tags do not exist, by their places in the list; at least one.
        NoSuchTags(Vec<usize>),
    }
}

verb_error! {
    /// Why a memo keeps its tags.
    pub enum RemoveTagsError {
        /// There is no such memo for this person.
        NotFound,
        /// The rules forbid it.
        Denied from ParticipantDenial,
    }
}

verb_error! {
    /// Why a memo does not get subscribers.
    pub enum AddSubscribersError {
        /// There is no such memo for this person.
        NotFound,
        /// The rules forbid it.
        Denied from ParticipantDenial,
        /// These people cannot subscribe, by their places in the list; at least one.
        People(Vec<(usize, PersonProblem)>),
    }
}

verb_error! {
    /// Why a memo keeps its subscribers.
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
        /// It is on hold: it can be reviewed, but its conclusion stays as it is.
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

/// What is wrong at one place of what was wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invalid<P> {
    /// Where.
    pub place: FieldPath,
    /// What.
    pub problem: P,
}

/// A place in what was wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldPath {
    /// A field of the memo.
    Field(MemoField),
    /// One of the subscribers, by its place in the list.
    Subscriber(usize),
    /// One of the tags, by its place in the list.
    Tag(usize),
    /// One of the files, by its place in the list.
    File(usize),
}

impl FieldPath {
    pub(super) fn has<P>(self, problem: P) -> Invalid<P> {
        Invalid { place: self, problem }
    }
}

/// What is wrong with a part of a new memo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputProblem {
    /// It names nothing that exists for this person.
    NotFound,
    /// It names somebody who does not work here any more.
    Inactive,
    /// The text is not acceptable.
    Text(TextProblem),
}

/// What is wrong with the new value of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpdateProblem {
    /// It names nothing that exists for this person.
    NotFound,
    /// It names somebody who does not work here any more.
    Inactive,
    /// It cannot be cleared.
    Required,
    /// The text is not acceptable.
    Text(TextProblem),
    /// The rules forbid it.
    Denied(FieldDenial),
}

/// Why a memo cannot name a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonProblem {
    /// There is nobody with that id.
    NotFound,
    /// They do not work here any more.
    Inactive,
}

impl From<PersonProblem> for InputProblem {
    fn from(problem: PersonProblem) -> Self {
        match problem {
            PersonProblem::NotFound => Self::NotFound,
            PersonProblem::Inactive => Self::Inactive,
        }
    }
}

impl From<PersonProblem> for UpdateProblem {
    fn from(problem: PersonProblem) -> Self {
        match problem {
            PersonProblem::NotFound => Self::NotFound,
            PersonProblem::Inactive => Self::Inactive,
        }
    }
}
