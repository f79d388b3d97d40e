//! What refusals say, in words for a person: each says why, and what to do instead.

use chrono::{DateTime, Utc};
use entity::MemoStage;
use service::{discussion::MAX_REMINDERS, memos::policy::Denial};

/// What a client reads when a memo does not exist for the viewer, whatever the cause.
pub const NO_SUCH_MEMO: &str =
    "There is no memo with this id that you can see. Check the id, or whether somebody has deleted it.";

/// A comment does not exist for the viewer.
pub const NO_SUCH_COMMENT: &str =
    "There is no comment with this id that you can see. Check the id, or whether somebody has taken it back.";

/// Somebody else has written the comment.
pub const NOT_YOUR_COMMENT: &str =
    "Somebody else has written this comment. Ask them, or answer with a comment of your own.";

/// A reminder does not exist for the viewer.
pub const NO_SUCH_REMINDER: &str =
    "You have no reminder with this id. Check the id, or whether somebody has deleted its memo.";

/// A moment that should be still to come is not.
pub const PAST_MOMENT: &str = "That moment has passed. Give one that is still to come.";

/// The viewer has as many reminders of a memo as there can be.
pub fn too_many_reminders() -> String {
    format!(
        "You have {MAX_REMINDERS} reminders of this memo already. Put one of them aside first, or change it."
    )
}

/// Why the rules of memos deny something.
pub fn denial(denial: impl Into<Denial>) -> String {
    match denial.into() {
        Denial::NotTheAuthor => "Only the memo's author can do this. Ask them.".to_owned(),
        Denial::NotTheRecipient => "Only the memo's recipient can do this. Ask them.".to_owned(),
        Denial::NotAParticipant => {
            "Only the memo's author or recipient can do this. Ask one of them.".to_owned()
        }
        Denial::NotInTheDiscussion => {
            "Only author, recipient and subscribers take part in a memo's discussion. Ask one of the first two to add you as a subscriber.".to_owned()
        }
        Denial::Draft => "This memo is a draft. Send it first.".to_owned(),
        Denial::AlreadySent => {
            "This memo has been sent already. Copy it with `copyMemo` and send the copy.".to_owned()
        }
        Denial::RecipientHasActed(act) => {
            format!("{}, so its author can no longer do this. Ask the recipient, or an administrator if they are not active any more.", what_the_recipient_did(act))
        }
        Denial::OnHold => {
            "This memo is on hold: this stays as it is until an administrator releases it.".to_owned()
        }
    }
}

/// How the recipient first acted on a memo, and when, as the beginning of a sentence.
pub fn what_the_recipient_did(act: Option<(MemoStage, DateTime<Utc>)>) -> String {
    match act {
        Some((stage, at)) => format!(
            "The recipient {} this memo on {}",
            if stage == MemoStage::Reviewed { "reviewed" } else { "postponed" },
            at.format("%-d %B %Y at %H:%M UTC")
        ),
        None => "The recipient has acted on this memo".to_owned(),
    }
}
