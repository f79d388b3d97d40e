//! Who changes a task or a project, as a synchronous function of facts. No database, no clock, no
//! GraphQL.
//!
//! Those responsible change, complete and delete it and transfer files to it; of the others,
//! whoever sees it is told that they are not responsible. Who sees it, [`crate::access`] says.

use crate::access::WorkAccess;
use entity::WorkRole;

/// Why a person may not change a task or a project that they see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkDenial {
    /// Only those responsible do this.
    NotResponsible,
}

/// Whether a person who sees it may change it.
///
/// # Errors
/// Returns the reason of the denial.
pub fn may_change(access: WorkAccess) -> Result<(), WorkDenial> {
    if access.part == Some(WorkRole::Responsible) {
        Ok(())
    } else {
        Err(WorkDenial::NotResponsible)
    }
}
