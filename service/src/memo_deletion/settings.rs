//! What an operator decides about deletions.

use chrono::TimeDelta;

/// How deletions are confirmed and how long they can be undone.
#[derive(Clone)]
pub struct DeletionSettings {
    /// For how long a deleted memo can be restored.
    pub restorable_for: TimeDelta,
    /// Key of the confirmation tokens; the same for all processes on one database.
    pub confirmation_key: [u8; 32],
}

impl std::fmt::Debug for DeletionSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeletionSettings")
            .field("restorable_for", &self.restorable_for)
            .finish_non_exhaustive()
    }
}
