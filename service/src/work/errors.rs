//! What refuses the verbs of tasks and projects.

use super::policy::WorkDenial;
use crate::{
    memos::policy::{ActDenial, ConcludeDenial, ParticipantDenial},
    verb_error::verb_error,
};
use entity::WorkRole;

verb_error! {
    /// Why no task or project is created.
    pub enum CreateWorkError {
        /// These people cannot have these parts.
        People from PeopleProblem,
    }
}

verb_error! {
    /// Why no task or project is created from a memo.
    pub enum CreateFromMemoError {
        /// There is no such memo for this person.
        NoSuchMemo,
        /// The rules of memos forbid it.
        Denied from ActDenial,
        /// The memo has a task, or a project, already: its name, if this person may see it.
        AlreadyHas(Option<String>),
        /// The rules of memos forbid the conclusion.
        NoteDenied from ConcludeDenial,
        /// The day on which to look at the memo again has passed.
        PastDate,
        /// A file is not attached to the memo.
        NoSuchFile,
        /// These people cannot have these parts.
        People from PeopleProblem,
        /// The name was to be the memo's, which some of the people do not see.
        NameOfUnseenMemo,
    }
}

verb_error! {
    /// Why a task or a project stays as it is.
    pub enum UpdateWorkError {
        /// There is no such task or project for this person.
        NotFound,
        /// The rules of work forbid it.
        Denied from WorkDenial,
        /// These people cannot have these parts.
        People from PeopleProblem,
    }
}

verb_error! {
    /// Why a task or a project is not completed, or not deleted.
    pub enum EndWorkError {
        /// There is no such task or project for this person.
        NotFound,
        /// The rules of work forbid it.
        Denied from WorkDenial,
    }
}

verb_error! {
    /// Why files of a memo are not transferred.
    pub enum TransferFilesError {
        /// There is no such memo for this person.
        NoSuchMemo,
        /// The rules of memos forbid it.
        Denied from ParticipantDenial,
        /// There is no such task or project for this person.
        NoSuchWork,
        /// It is not the memo's own, and the rules of work forbid it.
        WorkDenied from WorkDenial,
        /// A file is not attached to the memo.
        NoSuchFile,
    }
}

/// Why people cannot have the parts in work that they were to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeopleProblem {
    /// Somebody who was to get this part does not exist.
    NotFound(WorkRole),
    /// Somebody who was to get this part does not work here any more: their name.
    Inactive(WorkRole, String),
    /// Nobody would be responsible.
    NobodyResponsible,
}
