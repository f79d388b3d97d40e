//! How the mutations of work answer: refusals of the service in the words of each mutation.

pub(crate) use crate::graphql::mutations::answer::{Refused, Stop, Word, answer};

use crate::graphql::sentences::NO_SUCH_MEMO;
use entity::WorkPart;
use service::{memos::policy::Denial, work::Refusal};

/// The service's refusal of something with a `task` or a `project`.
pub fn refused(work: &str, refusal: Refusal) -> Stop {
    let of_work = format!("{work}Id");
    let refused = match refusal {
        Refusal::NoSuchMemo => Refused::at("memoId", Word::NotFound, NO_SUCH_MEMO),
        Refusal::Memo(denial) => return of_memo(denial),
        Refusal::NoSuchWork => Refused::at(
            &of_work,
            Word::NotFound,
            format!(
                "There is no {work} with this id that you can see. Check the id, or whether somebody has deleted it."
            ),
        ),
        Refusal::NotResponsible => Refused::at(
            &of_work,
            Word::NotResponsible,
            format!("Only those responsible for this {work} can do this. Ask one of them."),
        ),
        Refusal::AlreadyHas(Some(name)) => Refused::at(
            "memoId",
            Word::AlreadyHas,
            format!("This memo has a {work} already: {name:?}. Work with that one."),
        ),
        Refusal::AlreadyHas(None) => Refused::at(
            "memoId",
            Word::AlreadyHas,
            format!(
                "This memo has a {work} already, which you cannot see. Ask company management who has it."
            ),
        ),
        Refusal::NoSuchPerson(part) => {
            Refused::at(field_of(part), Word::NotFound, "There is nobody with one of these ids. Check them.")
        }
        Refusal::Inactive(part, name) => Refused::at(
            field_of(part),
            Word::NotFound,
            format!("{name} is not active any more. Choose somebody else."),
        ),
        Refusal::NobodyResponsible => Refused::input(
            field_of(WorkPart::Responsible),
            "Somebody must be responsible. Give at least one id.",
        ),
        Refusal::NameOfUnseenMemo => Refused::input(
            "name",
            "Somebody of these people does not see the memo, whose name it would have. Give a name.",
        ),
        Refusal::NoSuchFile => Refused::at(
            "fileIds",
            Word::NotFound,
            "One of these files is not attached to the memo. Give ids of the memo's files.",
        ),
        Refusal::PastDate => {
            Refused::input("reviewDate", "That day has passed. Give today's date or a later one.")
        }
    };
    refused.into()
}

fn of_memo(denial: Denial) -> Stop {
    let (word, message) = match denial {
        Denial::NotTheRecipient => {
            (Word::NotTheRecipient, "Only the memo's recipient can do this. Ask them.")
        }
        Denial::NotAParticipant => {
            (Word::NotAParticipant, "Only the memo's author and recipient can do this. Ask one of them.")
        }
        Denial::Draft => (Word::Draft, "This memo is a draft. Send it first."),
        Denial::OnHold => (
            Word::OnHold,
            "This memo is on hold: its conclusion stays as it is until an administrator releases it. Leave out the note.",
        ),
        other => return service::Error::Inconsistent(format!("{} of a verb of work", other.word())).into(),
    };
    Refused::at("memoId", word, message).into()
}

fn field_of(part: WorkPart) -> &'static str {
    match part {
        WorkPart::Responsible => "responsibleIds",
        WorkPart::Subscriber => "subscriberIds",
    }
}
