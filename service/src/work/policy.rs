//! Who may change a task or a project, as a synchronous function of facts. No database, no clock,
//! no GraphQL.
//!
//! Only people responsible may change, complete and delete it and transfer files to it. Others who
//! see it get the denial that they are not responsible. [`crate::access`] decides who sees it.

use crate::access::WorkAccess;
use entity::WorkRole;

/// Why a person may not change a task or a project that they see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkDenial {
    /// Only people responsible may do this.
    NotResponsible,
}

/// Whether a person may change it. The person sees it.
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
