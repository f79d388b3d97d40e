//! How the mutations of discussions and reminders answer: refusals of the service in the words of each mutation.

pub(crate) use crate::graphql::mutations::answer::{Refused, Stop, Word, answer};

use crate::graphql::payload::{NO_SUCH_MEMO, objection_message};
use chrono::{DateTime, Utc};
use service::{
    discussion::{MAX_REMINDERS, Refusal},
    memos::{is_searchable, policy::Objection},
    text::{self, MAX_COMMENT},
};

/// What a mutation is about: the field of its input, and what to say if it does not exist for the viewer.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    field: &'static str,
    none: &'static str,
}

/// The memo of `memoId`.
pub const MEMO: Subject = Subject { field: "memoId", none: NO_SUCH_MEMO };

/// The comment of `commentId`.
pub const COMMENT: Subject = Subject {
    field: "commentId",
    none: "There is no comment with this id that you can see. Check the id, or whether somebody has taken it back.",
};

/// The reminder of `reminderId`.
pub const REMINDER: Subject = Subject {
    field: "reminderId",
    none: "You have no reminder with this id. Check the id, or whether somebody has deleted its memo.",
};

impl Subject {
    /// The service's refusal.
    pub fn refused(self, refusal: Refusal) -> Stop {
        let refused = match refusal {
            Refusal::NotFound => Refused::at(self.field, Word::NotFound, self.none),
            Refusal::Memo(objection) => {
                let word = match objection {
                    Objection::NotInTheDiscussion => Word::NotInTheDiscussion,
                    Objection::Draft => Word::Draft,
                    Objection::OnHold => Word::OnHold,
                    other => {
                        let fault = format!("{} of a verb of discussion", other.word());
                        return service::Error::Inconsistent(fault).into();
                    }
                };
                Refused::at(self.field, word, objection_message(objection))
            }
            Refusal::NotYours => Refused::at(
                self.field,
                Word::NotYours,
                "Somebody else has written this comment. Ask them, or answer with a comment of your own.",
            ),
            Refusal::Past => {
                Refused::input("dueAt", "That moment has passed. Give one that is still to come.")
            }
            Refusal::TooMany => Refused::input(
                self.field,
                format!(
                    "You have {MAX_REMINDERS} reminders of this memo already. Put one of them aside first, or change it."
                ),
            ),
        };
        refused.into()
    }
}

/// When to remind: a moment that both databases can sort.
pub fn due_at(due_at: DateTime<Utc>) -> Result<DateTime<Utc>, Stop> {
    if is_searchable(due_at)
        // Also makes an ordinary moment of a leap second, which the databases store as one.
        && let Some(due_at) = DateTime::from_timestamp_millis(due_at.timestamp_millis())
    {
        return Ok(due_at);
    }
    Err(Refused::input("dueAt", format!("This is {due_at:?}: give a moment of the years 1 to 9999.")).into())
}

/// What a comment says.
pub fn body(body: &str) -> Result<String, Stop> {
    let refused = |problem| Refused::input("body", format!("A comment {problem}."));
    Ok(text::required(body, MAX_COMMENT).map_err(refused)?)
}
