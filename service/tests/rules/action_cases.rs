//! The cases of the table of every action except deletion: action × memo state × actor. These tests
//! ask the rules directly, and the end-to-end tests ask through HTTP.

use entity::MemoStage;
use service::memos::policy::Action;
use std::fmt::Write;

pub const ACTORS: [&str; 6] = ["author", "recipient", "subscriber", "stranger", "chief", "admin"];

/// A state of a memo. If its author is the recipient, the recipient of the other states is a
/// stranger.
#[derive(Clone, Copy)]
pub struct State {
    pub name: &'static str,
    pub stage: MemoStage,
    pub draft: bool,
    pub hold: bool,
    pub to_self: bool,
}

/// Every state that matters to a rule. A draft on which the recipient has acted cannot exist.
pub const STATES: [State; 9] = [
    State { name: "draft", stage: MemoStage::Pending, draft: true, hold: false, to_self: false },
    State { name: "pending", stage: MemoStage::Pending, draft: false, hold: false, to_self: false },
    State {
        name: "postponed",
        stage: MemoStage::Postponed,
        draft: false,
        hold: false,
        to_self: false,
    },
    State {
        name: "reviewed",
        stage: MemoStage::Reviewed,
        draft: false,
        hold: false,
        to_self: false,
    },
    State {
        name: "pending, on hold",
        stage: MemoStage::Pending,
        draft: false,
        hold: true,
        to_self: false,
    },
    State {
        name: "reviewed, on hold",
        stage: MemoStage::Reviewed,
        draft: false,
        hold: true,
        to_self: false,
    },
    State {
        name: "draft to oneself",
        stage: MemoStage::Pending,
        draft: true,
        hold: false,
        to_self: true,
    },
    State {
        name: "reviewed to oneself",
        stage: MemoStage::Reviewed,
        draft: false,
        hold: false,
        to_self: true,
    },
    State {
        name: "to oneself, on hold",
        stage: MemoStage::Pending,
        draft: false,
        hold: true,
        to_self: true,
    },
];

/// One row for every action and state, and one column for every actor.
pub fn table(mut answer: impl FnMut(Action, State, &str) -> String) -> String {
    let mut text = format!("{:<18} | {:<19}", "verb", "memo");
    for actor in ACTORS {
        let _ = write!(text, " | {actor:<21}");
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    for verb in Action::ALL {
        for state in STATES {
            let _ = write!(text, "{:<18} | {:<19}", format!("{verb:?}"), state.name);
            for actor in ACTORS {
                let _ = write!(text, " | {:<21}", answer(verb, state, actor));
            }
            text.truncate(text.trim_end().len());
            text.push('\n');
        }
    }
    text
}
