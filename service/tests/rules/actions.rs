//! The rules of every action except deletion, in every case.

use crate::{
    action_cases::{ACTORS, table},
    snapshots::assert_snapshot,
    states::state,
};
use service::{
    access::MemoState,
    memos::policy::{Denial, denial},
};

#[test]
fn the_rules_answer_as_the_table_of_actions_says() {
    let table = table(|verb, case, actor| {
        let n = ACTORS.iter().position(|name| *name == actor).unwrap();
        let state = state(n, actor, case.stage, case.to_self);
        let state = MemoState { draft: case.draft, on_hold: case.hold, ..state };
        if !state.access().is_visible() {
            return "NOT_FOUND".to_owned();
        }
        match denial(verb, &state) {
            // Sending a sent memo again succeeds like any other repetition, and nothing happens
            // twice.
            None | Some(Denial::AlreadySent) => "yes".to_owned(),
            Some(denial) => denial.as_str().to_owned(),
        }
    });
    assert_snapshot("verb_table", &table);
}
