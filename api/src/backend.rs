//! The parts that a server works with.

use service::{Services, blobs::FileStore, memo_deletion::DeletionSettings};

/// The database with clock and randomness, the bytes of files, and how memos are deleted. Cheap to
/// clone.
#[derive(Debug, Clone)]
pub struct Backend {
    /// Database, clock and randomness.
    pub services: Services,
    /// The bytes of files.
    pub file_store: FileStore,
    /// How deletions are confirmed, and how long they can be undone.
    pub deletion: DeletionSettings,
}
