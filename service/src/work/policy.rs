//! Who changes a task or a project, as a synchronous function of facts. No database, no clock, no GraphQL.
//!
//! Those responsible change, complete and delete it and transfer files to it; of the others, whoever
//! sees it is told that they are not responsible. Who sees it, [`crate::access`] says.

use crate::access::WorkAccess;
use entity::WorkPart;

/// Why a person may not change a task or a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// It does not exist for them.
    NotVisible,
    /// Only those responsible do this.
    NotResponsible,
}

/// What the rules have against this person changing it; `None` if they may.
pub fn denial(access: WorkAccess) -> Option<Denial> {
    match access.part {
        Some(WorkPart::Responsible) => None,
        _ if access.is_visible() => Some(Denial::NotResponsible),
        _ => Some(Denial::NotVisible),
    }
}
