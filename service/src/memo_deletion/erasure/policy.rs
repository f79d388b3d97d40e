//! The rules of erasing a deleted memo before its time, as a synchronous function of facts. No
//! database, no clock, no GraphQL.
//!
//! | blocker | when |
//! | --- | --- |
//! | `NOT_ALLOWED` | the viewer is no administrator, and no owner who may erase |
//! | `ALREADY_RESTORED` | the memo was restored |
//! | `ALREADY_ERASED` | the content is erased already, by a person or by the purge |
//! | `ON_HOLD` | an administrator has placed a hold |
//!
//! The owners of a deleted memo are the person who deleted it and its author. They may erase it
//! only if the operator has allowed that. An erasure cannot be undone, so it always needs a
//! confirmation.
//!
//! `tests/snapshots` contains the table of every case. A change of the rules shows there as a diff.

use crate::access::RecordSight;
use entity::DeletionVerdict;

/// What the rules need to know about a viewer and a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErasureState {
    /// How much of the record the viewer sees.
    pub sight: RecordSight,
    /// Whether the viewer is an administrator.
    pub is_admin: bool,
    /// Whether the viewer deleted the memo or wrote it.
    pub is_owner: bool,
    /// Whether owners may erase.
    pub erase_by_owner: bool,
    /// Whether the memo was restored.
    pub is_restored: bool,
    /// Whether the content is erased.
    pub is_erased: bool,
    /// Whether a hold is active.
    pub on_hold: bool,
}

/// Why a viewer may not erase a deleted memo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockerCode {
    /// The viewer may not erase.
    NotAllowed,
    /// The memo was restored.
    AlreadyRestored,
    /// The content is erased already.
    AlreadyErased,
    /// A hold is active.
    OnHold,
}

impl BlockerCode {
    /// The code as in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotAllowed => "NOT_ALLOWED",
            Self::AlreadyRestored => "ALREADY_RESTORED",
            Self::AlreadyErased => "ALREADY_ERASED",
            Self::OnHold => "ON_HOLD",
        }
    }
}

/// What forbids the viewer to erase. If it is empty, they may erase. `None` if the record does not
/// exist for the viewer.
pub fn decide(state: ErasureState) -> Option<Vec<BlockerCode>> {
    if state.sight == RecordSight::Nothing {
        return None;
    }
    let may = state.is_admin || (state.is_owner && state.erase_by_owner);
    let blockers = [
        (BlockerCode::NotAllowed, !may),
        (BlockerCode::AlreadyRestored, state.is_restored),
        (BlockerCode::AlreadyErased, state.is_erased && !state.is_restored),
        (BlockerCode::OnHold, state.on_hold),
    ];
    Some(blockers.into_iter().filter(|(_, holds)| *holds).map(|(code, _)| code).collect())
}

/// The verdict. There are no warnings, since each erasure needs a confirmation.
pub fn verdict(blockers: &[BlockerCode]) -> DeletionVerdict {
    if blockers.is_empty() { DeletionVerdict::Allowed } else { DeletionVerdict::Denied }
}
