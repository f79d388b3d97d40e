//! What administrators may do with people, as synchronous functions of facts. No database, no
//! clock, no GraphQL.

use entity::UserRole;
use uuid::Uuid;

/// A person, as the rules see them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountState {
    /// The person's id.
    pub id: Uuid,
    /// What the person may do besides handling their own memos.
    pub role: UserRole,
    /// Whether the person is active.
    pub active: bool,
    /// How many other people are active administrators.
    pub other_active_admins: u64,
}

/// Why an administrator may not deactivate, demote or delete a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevokeDenial {
    /// Administrators may not do this to themselves.
    Oneself,
    /// No active administrator would be left.
    LastAdmin,
}

/// Whether this administrator may deactivate, demote or delete the person.
///
/// # Errors
/// Returns the reason of the denial.
pub fn revoke(administrator: Uuid, person: AccountState) -> Result<(), RevokeDenial> {
    if person.id == administrator {
        return Err(RevokeDenial::Oneself);
    }
    let runs_the_system = person.role == UserRole::Admin && person.active;
    if runs_the_system && person.other_active_admins == 0 {
        Err(RevokeDenial::LastAdmin)
    } else {
        Ok(())
    }
}
