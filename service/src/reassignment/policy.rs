//! When memos can be passed on, as a synchronous function of facts. No database, no clock, no
//! GraphQL.
//!
//! | blocker | when |
//! | --- | --- |
//! | `SAME_PERSON` | both are one person |
//! | `STILL_ACTIVE` | the person whose memos they are is active, and can act |
//! | `NOT_ACTIVE` | the person who is to get them is not active |
//!
//! Only sent memos that are neither deleted nor on hold are passed on. A draft exists for its
//! author alone, so nobody else may learn that there is one. A hold preserves a memo together with
//! its people. A deleted memo must be restored first.

use uuid::Uuid;

/// A person, as the rules see them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Party {
    /// The person's id.
    pub id: Uuid,
    /// Whether the person is active.
    pub active: bool,
}

/// Why memos cannot be passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockerCode {
    /// Both people are the same person.
    SamePerson,
    /// The owner of the memos is still active.
    StillActive,
    /// The person who would get them is not active.
    NotActive,
}

/// What forbids to pass memos on. If it is empty, nothing does.
pub fn blockers(from: Party, to: Party) -> Vec<BlockerCode> {
    if from.id == to.id {
        return vec![BlockerCode::SamePerson];
    }
    let mut blockers = Vec::new();
    if from.active {
        blockers.push(BlockerCode::StillActive);
    }
    if !to.active {
        blockers.push(BlockerCode::NotActive);
    }
    blockers
}

#[cfg(test)]
mod tests {
    use super::{
        BlockerCode::{NotActive, SamePerson, StillActive},
        Party, blockers,
    };
    use uuid::Uuid;

    #[test]
    fn memos_go_from_those_who_have_left_to_those_who_work_here() {
        let party = |n, active| Party { id: Uuid::from_u128(n), active };
        for (from, to, expected) in [
            (party(1, false), party(2, true), vec![]),
            (party(1, true), party(2, true), vec![StillActive]),
            (party(1, false), party(2, false), vec![NotActive]),
            (party(1, true), party(2, false), vec![StillActive, NotActive]),
            (party(1, false), party(1, false), vec![SamePerson]),
            (party(1, true), party(1, true), vec![SamePerson]),
        ] {
            assert_eq!(blockers(from, to), expected, "{from:?} {to:?}");
        }
    }
}
