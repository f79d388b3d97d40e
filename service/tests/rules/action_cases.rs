//! The cases of the table of every action beside deletion: action × memo state × actor. The rules
//! are asked here, and through HTTP by the end-to-end tests.

use entity::MemoStage;
use service::memos::policy::Action;
use std::fmt::Write;

pub const ACTORS: [&str; 6] = ["author", "recipient", "subscriber", "stranger", "chief", "admin"];

/// What a memo can be. If it is to its author, the recipient of the other states is a stranger to
/// it.
#[derive(Clone, Copy)]
pub struct State {
    pub name: &'static str,
    pub stage: MemoStage,
    pub draft: bool,
    pub hold: bool,
    pub to_self: bool,
}

/// Every state that matters to a rule. A draft that was acted on cannot exist.
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

/// A row for every verb and state, a column for every actor.
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
