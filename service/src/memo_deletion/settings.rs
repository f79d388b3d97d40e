//! Settings of deletions, chosen by the operator.

use chrono::TimeDelta;

/// How deletions are confirmed, how long they can be undone, and who may end that time.
#[derive(Clone)]
pub struct DeletionSettings {
    /// How long a deleted memo can be restored.
    pub restorable_for: TimeDelta,
    /// Whether people who may restore a deleted memo may also erase it before its time.
    /// Administrators always may.
    pub erase_by_owner: bool,
    /// Key of the confirmation tokens. All processes on one database use the same key.
    pub confirmation_key: [u8; 32],
}

impl std::fmt::Debug for DeletionSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeletionSettings")
            .field("restorable_for", &self.restorable_for)
            .field("erase_by_owner", &self.erase_by_owner)
            .finish_non_exhaustive()
    }
}
