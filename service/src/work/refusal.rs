//! Why something is not done with a task or a project.

use super::policy;
use crate::memos::policy::Denial;
use entity::WorkPart;

/// Why a verb of work is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such memo for this person.
    NoSuchMemo,
    /// The rules of memos forbid it.
    Memo(Denial),
    /// There is no such task or project for this person.
    NoSuchWork,
    /// Only those responsible for the work do this.
    NotResponsible,
    /// The memo has a task, or a project, already: its name, if this person may see it.
    AlreadyHas(Option<String>),
    /// Somebody who was to get this part does not exist.
    NoSuchPerson(WorkPart),
    /// Somebody who was to get this part does not work here any more: their name.
    Inactive(WorkPart, String),
    /// Nobody would be responsible for it.
    NobodyResponsible,
    /// The name was to be the memo's, which some of the people do not see.
    NameOfUnseenMemo,
    /// A file is not attached to the memo.
    NoSuchFile,
    /// The day on which to look at the memo again has passed.
    PastDate,
}

impl From<policy::Denial> for Refusal {
    fn from(denial: policy::Denial) -> Self {
        match denial {
            policy::Denial::NotVisible => Self::NoSuchWork,
            policy::Denial::NotResponsible => Self::NotResponsible,
        }
    }
}
