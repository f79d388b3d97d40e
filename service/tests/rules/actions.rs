//! The rules of every action beside deletion on every case.

use crate::{
    action_cases::{ACTORS, table},
    snapshots::assert_snapshot,
};
use chrono::DateTime;
use entity::MemoStage;
use service::{
    access::MemoState,
    memos::policy::{Denial, denial},
};
use uuid::Uuid;

#[test]
fn the_rules_answer_as_the_table_of_actions_says() {
    let id = |n: usize| Uuid::from_u128(u128::try_from(n).unwrap());
    let table = table(|verb, state, actor| {
        let n = ACTORS.iter().position(|name| *name == actor).unwrap();
        let state = MemoState {
            viewer: id(n),
            viewer_is_chief: actor == "chief",
            viewer_is_subscriber: actor == "subscriber",
            author: id(0),
            recipient: id(usize::from(!state.to_self)),
            draft: state.draft,
            stage: state.stage,
            first_act: (state.stage != MemoStage::Pending)
                .then_some((state.stage, DateTime::UNIX_EPOCH)),
            on_hold: state.hold,
        };
        if !state.access().is_visible() {
            return "NOT_FOUND".to_owned();
        }
        match denial(verb, &state) {
            // Sending what is sent is answered like any other repetition: nothing happens twice.
            None | Some(Denial::AlreadySent) => "yes".to_owned(),
            Some(denial) => denial.as_str().to_owned(),
        }
    });
    assert_snapshot("verb_table", &table);
}
