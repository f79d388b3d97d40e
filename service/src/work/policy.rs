//! Who sees and who changes a task or a project, as a synchronous function of facts. No database, no clock, no GraphQL.
//!
//! | | sees it | changes, completes, deletes it, transfers files to it |
//! | --- | --- | --- |
//! | responsible | yes | yes |
//! | subscriber, creator, chief | yes | no |
//! | anybody else | no | no |
//!
//! The lists read the same rule of seeing as a condition of their statement.

use entity::WorkPart;

/// What a person is to a task or a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// They read everything, as company management.
    pub is_chief: bool,
    /// They created it.
    pub is_creator: bool,
    /// Their part in it.
    pub part: Option<WorkPart>,
}

/// Why a person may not change a task or a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Objection {
    /// It does not exist for them.
    NotVisible,
    /// Only those responsible do this.
    NotResponsible,
}

/// What the rules have against this person changing it; `None` if they may.
pub fn objection(standing: Standing) -> Option<Objection> {
    match standing.part {
        Some(WorkPart::Responsible) => None,
        Some(WorkPart::Subscriber) => Some(Objection::NotResponsible),
        None if standing.is_creator || standing.is_chief => Some(Objection::NotResponsible),
        None => Some(Objection::NotVisible),
    }
}
