//! A memo's state as the rules see it, for one of the actors of the tables.

use chrono::DateTime;
use entity::MemoStage;
use service::access::MemoState;
use uuid::Uuid;

/// A person by index in the list of actors. The author is the first, the recipient the second.
fn person(n: usize) -> Uuid {
    Uuid::from_u128(u128::try_from(n).unwrap_or(u128::MAX))
}

/// The state for the actor with index `n`. The memo is in this stage, not a draft and not on hold.
/// If it is `to_self`, its author is the recipient.
pub fn state(n: usize, actor: &str, stage: MemoStage, to_self: bool) -> MemoState {
    MemoState {
        viewer: person(n),
        viewer_is_chief: actor == "chief",
        viewer_is_subscriber: actor == "subscriber",
        author: person(0),
        recipient: person(usize::from(!to_self)),
        draft: false,
        stage,
        first_act: (stage != MemoStage::Pending).then_some((stage, DateTime::UNIX_EPOCH)),
        on_hold: false,
    }
}
