//! Deleting a memo safely: preview, delete, restore, erase, purge. `repeat` does it again on an
//! older database, as the ledger says.
//!
//! `policy` contains the rules as pure functions, and `inventory` what a deletion touches. `facts`
//! reads, and `decision` derives a confirmation token from rules and facts. `effects` moves the
//! memo's row and writes the record. `selection` does the same with several memos as one. `content`
//! erases what a purge or an erasure erases.

mod content;
mod decision;
mod delete;
mod drafts;
mod effects;
pub mod erasure;
mod facts;
mod inventory;
pub mod policy;
mod preview;
mod purge;
mod records;
mod refusals;
mod repeat;
mod restore;
pub mod selection;
mod settings;

pub use decision::Preview;
pub use delete::{Deletion, Outcome, Precondition, delete};
pub(crate) use drafts::erase_drafts_of;
pub use facts::Lists;
pub use inventory::{Item, ItemCount, ItemKey, ItemKind, KeptReason, MissingThing};
pub use preview::{preview, preview_items, verdict};
pub use purge::{Purged, purge};
pub use records::{
    RecordFilter, RecordState, count as count_records, find_current, list as list_records,
    record_counts, record_items, record_warnings, records_by_ids,
};
pub use refusals::{count as count_refusals, list as list_refusals};
pub use repeat::StepResult;
pub(crate) use repeat::{RepeatedDeletion, repeat};
pub use restore::{RestoreMemoError, Restored, can_restore, restore};
pub use settings::DeletionSettings;

/// The largest number of memos that one request can delete or preview.
pub const MAX_DELETIONS: usize = 100;
