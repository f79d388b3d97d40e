//! The rules of deleting several memos as one, as synchronous functions of facts. No database, no
//! clock, no GraphQL. The rules of deleting one memo apply to each of them.
//!
//! | the selection has | `atomic` | otherwise |
//! | --- | --- | --- |
//! | a memo that is denied or not found | nothing is deleted | that memo is refused |
//! | a memo that the viewer has deleted before | it counts as deleted | the same |
//! | a memo that can be deleted, and the token is stale | nothing is deleted | the same |
//! | a discouraged memo, and no token | nothing is deleted | the same |
//!
//! A token confirms the deletion of all memos that can be deleted. If none can, there is nothing to
//! confirm. So a repeated request gets the same receipts, whatever its token.
//!
//! A file of several memos goes if all of them go. If one of them stays, so does the file.
//!
//! `tests/snapshots` contains the table of every case. A change of the rules shows there as a diff.

use crate::{
    access::MemoState,
    memo_deletion::policy::{Decision, Warning, WarningCode, blockers},
};
use entity::DeletionVerdict;

/// What the rules say about a memo of a selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MemberState {
    /// It does not exist for the viewer.
    NotFound,
    /// The viewer has deleted it before.
    Deleted,
    /// It exists, with this verdict.
    Decided(DeletionVerdict),
}

/// What a request's token confirms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Confirmation {
    /// There is no token.
    Missing,
    /// What would happen now.
    Current,
    /// Something else.
    Stale,
}

/// What happens to a selection as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ruling {
    /// Each memo that can be deleted is deleted. The others are refused.
    Delete,
    /// Nothing is deleted, because a memo cannot be deleted.
    Refuse,
    /// Nothing is deleted, because there are warnings and no token.
    RequireConfirmation,
    /// Nothing is deleted, because the token confirms something else.
    RefuseConfirmation,
}

/// Decides what happens to a selection.
pub fn rule(members: &[MemberState], atomic: bool, confirmation: Confirmation) -> Ruling {
    use DeletionVerdict::{Allowed, Denied, Discouraged};
    let has = |state: MemberState| members.contains(&state);
    let decided = |verdict| has(MemberState::Decided(verdict));
    if atomic && (has(MemberState::NotFound) || decided(Denied)) {
        return Ruling::Refuse;
    }
    let can_delete = decided(Allowed) || decided(Discouraged);
    match confirmation {
        _ if !can_delete => Ruling::Delete,
        Confirmation::Stale => Ruling::RefuseConfirmation,
        Confirmation::Missing if decided(Discouraged) => Ruling::RequireConfirmation,
        Confirmation::Missing | Confirmation::Current => Ruling::Delete,
    }
}

/// The verdict on deleting all memos of a selection. `None` stands for a memo that does not exist
/// for the viewer.
pub fn verdict(members: impl IntoIterator<Item = Option<DeletionVerdict>>) -> DeletionVerdict {
    use DeletionVerdict::{Allowed, Denied, Discouraged};
    let stricter = |one, other| match (one, other) {
        (Denied, _) | (_, Denied) => Denied,
        (Discouraged, _) | (_, Discouraged) => Discouraged,
        (Allowed, Allowed) => Allowed,
    };
    let verdicts = members.into_iter().map(|verdict| verdict.unwrap_or(Denied));
    verdicts.fold(Allowed, stricter)
}

/// Whether the viewer sees the memo and can delete it.
pub fn can_delete(state: &MemoState) -> bool {
    state.access().is_visible() && blockers(state).is_empty()
}

/// How many memos of a selection have a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sharing {
    /// How many of them.
    pub memos: u64,
    /// How many of these can be deleted.
    pub deletable: u64,
}

impl Sharing {
    /// Whether the file stays for the sake of another memo of the selection. A memo that can be
    /// deleted goes with the others, and any other memo is looked at on its own.
    pub fn keeps(self, can_delete: bool) -> bool {
        if can_delete { self.memos > self.deletable } else { self.memos > 1 }
    }
}

/// The warnings about all memos of a selection that can be deleted. `files` is the number of files
/// that go; a file of several memos counts once.
pub fn warnings<'a>(decisions: impl IntoIterator<Item = &'a Decision>, files: u64) -> Vec<Warning> {
    let mut counts = std::collections::BTreeMap::new();
    let decided = decisions.into_iter().filter(|decision| decision.blockers.is_empty());
    for warning in decided.flat_map(|decision| &decision.warnings) {
        *counts.entry(warning.code).or_insert(0) += warning.count;
    }
    if let Some(count) = counts.get_mut(&WarningCode::UntransferredFiles) {
        *count = files;
    }
    counts.into_iter().map(|(code, count)| Warning { code, count }).collect()
}
