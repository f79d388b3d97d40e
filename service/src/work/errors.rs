//! The errors of operations on tasks and projects.

use super::policy::WorkDenial;
use crate::{
    memos::policy::{ActDenial, ConcludeDenial, ParticipantDenial},
    verb_error::verb_error,
};
use entity::WorkRole;

verb_error! {
    /// Why no task or project is created.
    pub enum CreateWorkError {
        /// These people cannot have these roles.
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
        /// The memo already has a task or project. Contains its name if this person may see it.
        AlreadyHas(Option<String>),
        /// The rules of memos forbid the conclusion.
        NoteDenied from ConcludeDenial,
        /// The day to which the memo would be postponed has passed.
        PastDate,
        /// A file is not attached to the memo.
        NoSuchFile,
        /// These people cannot have these roles.
        People from PeopleProblem,
        /// The work would get the memo's name, but some of its people do not see the memo.
        NameOfUnseenMemo,
    }
}

verb_error! {
    /// Why a task or a project is not changed.
    pub enum UpdateWorkError {
        /// There is no such task or project for this person.
        NotFound,
        /// The rules of work forbid it.
        Denied from WorkDenial,
        /// These people cannot have these roles.
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
        /// It was not created from the memo, and the rules of work forbid it.
        WorkDenied from WorkDenial,
        /// A file is not attached to the memo.
        NoSuchFile,
    }
}

/// Why people cannot have their roles in a task or project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeopleProblem {
    /// A person with this role does not exist.
    NotFound(WorkRole),
    /// A person with this role is not active any more. Contains their name.
    Inactive(WorkRole, String),
    /// Nobody would be responsible.
    NobodyResponsible,
}
