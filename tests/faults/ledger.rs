//! What people remember: every acknowledged change, and every change whose answer was lost.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};
use uuid::Uuid;

/// A change of a memo, as in its event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) kind: &'static str,
    /// Whether it was acknowledged. If not, it may have happened or not.
    pub(crate) sure: bool,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Comment {
    pub(crate) body: String,
    pub(crate) sure: bool,
}

/// Three people, by their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parties {
    pub(crate) author: usize,
    pub(crate) recipient: usize,
    pub(crate) subscriber: usize,
}

impl Parties {
    /// Whether the person is one of them.
    pub(crate) fn include(&self, person: usize) -> bool {
        [self.author, self.recipient, self.subscriber].contains(&person)
    }
}

/// A memo, as the people who work with it remember it. Only one worker at a time changes it.
#[derive(Debug, Clone)]
pub(crate) struct Memo {
    /// No other memo has this name.
    pub(crate) name: String,
    pub(crate) parties: Parties,
    /// Its global id and its UUID; unknown if its creation was not acknowledged.
    pub(crate) id: Option<(String, Uuid)>,
    pub(crate) sent: bool,
    pub(crate) reviewed: bool,
    pub(crate) deleted: bool,
    /// The record of the last deletion, and the person who deleted.
    pub(crate) record: Option<(String, usize)>,
    pub(crate) comments: Vec<Comment>,
    /// Files that are attached to it.
    pub(crate) files: Vec<String>,
    pub(crate) steps: Vec<Step>,
    /// An answer was lost. Nobody continues to use the memo, and the stored state decides.
    pub(crate) doubtful: bool,
}

/// An acknowledged upload.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    pub(crate) id: String,
    pub(crate) content: String,
    pub(crate) owner: usize,
}

/// The results of a round.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    /// Changes that were acknowledged.
    pub(crate) acknowledged: u64,
    /// Errors that clients saw, by kind.
    pub(crate) errors: BTreeMap<String, u64>,
    /// Violations.
    pub(crate) violations: Vec<String>,
}

#[derive(Debug, Default)]
struct State {
    memos: Vec<Memo>,
    uploads: Vec<Upload>,
    tally: Tally,
}

/// Everything that people remember.
#[derive(Debug, Default)]
pub(crate) struct Ledger(Mutex<State>);

impl Ledger {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers a memo, and returns its number.
    pub(crate) fn add(&self, memo: Memo) -> usize {
        let mut state = self.state();
        state.memos.push(memo);
        state.memos.len() - 1
    }

    /// The remembered memo.
    pub(crate) fn memo(&self, number: usize) -> Option<Memo> {
        self.state().memos.get(number).cloned()
    }

    /// All memos.
    pub(crate) fn memos(&self) -> Vec<Memo> {
        self.state().memos.clone()
    }

    /// Changes what is remembered of a memo.
    pub(crate) fn change(&self, number: usize, change: impl FnOnce(&mut Memo)) {
        if let Some(memo) = self.state().memos.get_mut(number) {
            change(memo);
        }
    }

    /// Remembers an upload.
    pub(crate) fn uploaded(&self, upload: Upload) {
        self.state().uploads.push(upload);
    }

    /// All uploads.
    pub(crate) fn uploads(&self) -> Vec<Upload> {
        self.state().uploads.clone()
    }

    /// Counts an acknowledged change.
    pub(crate) fn acknowledged(&self) {
        self.state().tally.acknowledged += 1;
    }

    /// Counts an error that a client saw.
    pub(crate) fn saw(&self, error: &str) {
        *self.state().tally.errors.entry(error.to_owned()).or_default() += 1;
    }

    /// Records a violation.
    pub(crate) fn violated(&self, what: impl Into<String>) {
        self.state().tally.violations.push(what.into());
    }

    /// The results of the round. The next round starts without any.
    pub(crate) fn close_round(&self) -> Tally {
        std::mem::take(&mut self.state().tally)
    }
}
