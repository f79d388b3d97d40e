//! The rules of erasing a person, as synchronous functions of facts. No database, no clock, no
//! GraphQL.
//!
//! | blocker | when |
//! | --- | --- |
//! | `ALREADY_ERASED` | the person is erased; then nothing else is said |
//! | `ONESELF` | administrators may not erase themselves |
//! | `LAST_ADMIN` | no active administrator would be left |
//! | `ON_HOLD` | the person has a part in memos on hold, which are evidence |
//! | `OPEN_MEMOS` | memos wait for the person as their recipient: pass them on first |
//! | `OPEN_WORK` | nobody else who is active is responsible for open tasks or projects |
//!
//! Only administrators erase people. An erasure cannot be undone, so it always needs a confirmation
//! and a reason.
//!
//! `tests/snapshots` contains the table of every case. A change of the rules shows there as a diff.

use crate::people::policy::AccountState;
use entity::{DeletionVerdict, UserRole};
use uuid::Uuid;

/// What the rules need to know about an administrator and a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonErasureState {
    /// The administrator.
    pub administrator: Uuid,
    /// The person.
    pub account: AccountState,
    /// Whether the person is erased.
    pub is_erased: bool,
    /// How many memos on hold the person has a part in.
    pub held_memos: i64,
    /// How many memos wait for the person as their recipient. Memos on hold do not count.
    pub open_memos: i64,
    /// For how many open tasks and projects nobody else who is active is responsible.
    pub open_work: i64,
}

/// Why an administrator may not erase a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockerCode {
    /// The person is erased already.
    AlreadyErased,
    /// Administrators may not erase themselves.
    Oneself,
    /// No active administrator would be left.
    LastAdmin,
    /// The person has a part in memos on hold.
    OnHold,
    /// Memos wait for the person.
    OpenMemos,
    /// Open tasks or projects have nobody else who is responsible.
    OpenWork,
}

impl BlockerCode {
    /// The code as in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AlreadyErased => "ALREADY_ERASED",
            Self::Oneself => "ONESELF",
            Self::LastAdmin => "LAST_ADMIN",
            Self::OnHold => "ON_HOLD",
            Self::OpenMemos => "OPEN_MEMOS",
            Self::OpenWork => "OPEN_WORK",
        }
    }
}

/// A reason that forbids an erasure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blocker {
    /// The reason.
    pub code: BlockerCode,
    /// How many memos, tasks or projects are concerned. `None` if the reason is the person.
    pub count: Option<i64>,
}

/// What forbids the erasure. If it is empty, nothing does.
pub fn decide(state: &PersonErasureState) -> Vec<Blocker> {
    if state.is_erased {
        return vec![Blocker { code: BlockerCode::AlreadyErased, count: None }];
    }
    let account = &state.account;
    let runs_the_system = account.role == UserRole::Admin && account.active;
    let by_person = [
        (BlockerCode::Oneself, account.id == state.administrator),
        (BlockerCode::LastAdmin, runs_the_system && account.other_active_admins == 0),
    ];
    let by_count = [
        (BlockerCode::OnHold, state.held_memos),
        (BlockerCode::OpenMemos, state.open_memos),
        (BlockerCode::OpenWork, state.open_work),
    ];
    let by_person = by_person.into_iter().filter(|(_, holds)| *holds);
    let by_count = by_count.into_iter().filter(|(_, count)| *count > 0);
    by_person
        .map(|(code, _)| Blocker { code, count: None })
        .chain(by_count.map(|(code, count)| Blocker { code, count: Some(count) }))
        .collect()
}

/// The verdict. There are no warnings, since each erasure needs a confirmation.
pub fn verdict(blockers: &[Blocker]) -> DeletionVerdict {
    if blockers.is_empty() { DeletionVerdict::Allowed } else { DeletionVerdict::Denied }
}
