//! When memos are passed on, as a synchronous function of facts. No database, no clock, no GraphQL.
//!
//! | blocker | when |
//! | --- | --- |
//! | `SAME_PERSON` | both are one person |
//! | `STILL_ACTIVE` | the person whose memos they are is active, and can act |
//! | `NOT_ACTIVE` | the person who is to get them is not active |
//!
//! Passed on are sent memos that are not deleted and not on hold. A draft belongs to its author:
//! for everybody else it does not exist, so that nobody could be told that there is one to pass on.
//! A hold keeps a memo as it is, with the people that it has. A deleted memo is restored first.

use uuid::Uuid;

/// A person, as the rules see them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Party {
    /// Who.
    pub id: Uuid,
    /// Whether the person works here.
    pub active: bool,
}

/// Why memos are not passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockerCode {
    /// Both are one person.
    SamePerson,
    /// The person whose memos they are still works here.
    StillActive,
    /// The person who is to get them does not work here.
    NotActive,
}

/// What forbids to pass memos on. Empty: nothing does.
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
