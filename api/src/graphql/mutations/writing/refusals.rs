//! The service's refusals of writing as `userErrors`: one mapping for all the mutations of this folder.

use crate::graphql::{
    id::{WrongId, element},
    sentences,
    sentences::NO_SUCH_MEMO,
};
use entity::memo;
use service::memos::{Flaw, MemoField, Place, Problem, WriteRefusal, policy::Denial};

/// The code of a refusal. Each mutation has those of its enum that can occur there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    NotFound,
    InvalidInput,
    InactivePerson,
    VersionConflict,
    NotTheAuthor,
    NotTheRecipient,
    NotAParticipant,
    AlreadySent,
    RecipientHasActed,
    OnHold,
}

/// A refusal: its code, the path into the input, a message for a person.
#[derive(Debug, Clone)]
pub struct Refused {
    pub word: Word,
    pub path: String,
    pub message: String,
}

impl From<WrongId> for Refused {
    fn from(wrong: WrongId) -> Self {
        Self { word: Word::InvalidInput, path: wrong.path, message: wrong.message }
    }
}

impl Refused {
    /// A refusal of the input's field.
    pub fn at(field: &str, word: Word, message: impl Into<String>) -> Self {
        Self { word, path: field.to_owned(), message: message.into() }
    }

    /// A refusal of an element of the input's list.
    pub fn at_element(field: &str, n: usize, word: Word, message: impl Into<String>) -> Self {
        Self::at(&element(field, n), word, message)
    }
}

/// Lets a mutation's `userErrors` carry refusals with these codes. The last one stands for those that cannot occur there, too.
macro_rules! carries_refusals {
    ($error:ident, $code:ident { $($word:ident),*; $last:ident }) => {
        impl From<crate::graphql::mutations::writing::refusals::Refused> for $error {
            fn from(refused: crate::graphql::mutations::writing::refusals::Refused) -> Self {
                let code = match refused.word {
                    $(crate::graphql::mutations::writing::refusals::Word::$word => $code::$word,)*
                    _ => $code::$last,
                };
                Self::at(&refused.path, code, refused.message)
            }
        }

        impl From<crate::graphql::id::WrongId> for $error {
            fn from(wrong: crate::graphql::id::WrongId) -> Self {
                Self::at(&wrong.path, $code::InvalidInput, wrong.message)
            }
        }
    };
}
pub(super) use carries_refusals;

/// A refusal, and the memo as it is now where that is part of it.
pub fn of_write(refusal: WriteRefusal) -> (Option<memo::Model>, Vec<Refused>) {
    match refusal {
        WriteRefusal::NotFound => (None, vec![Refused::at("memoId", Word::NotFound, NO_SUCH_MEMO)]),
        WriteRefusal::VersionConflict(memo) => {
            let message = format!(
                "Somebody has changed this memo: it is version {} now. Look at `memo`, and try again with its version.",
                memo.version
            );
            (Some(*memo), vec![Refused::at("expectedVersion", Word::VersionConflict, message)])
        }
        WriteRefusal::Flawed(flaws) => (None, of_flaws(&flaws)),
    }
}

/// A refusal for each of the flaws.
pub fn of_flaws(flaws: &[Flaw]) -> Vec<Refused> {
    flaws.iter().map(of_flaw).collect()
}

fn of_flaw(flaw: &Flaw) -> Refused {
    let (word, message) = match flaw.problem {
        Problem::NotFound => (Word::NotFound, not_found(flaw.place).to_owned()),
        Problem::Inactive => (
            Word::InactivePerson,
            "This person does not work here any more. Choose somebody else, for a draft with `updateMemo`."
                .to_owned(),
        ),
        Problem::Required => {
            (Word::InvalidInput, "This cannot be null. Leave it out to keep it as it is.".to_owned())
        }
        Problem::Text(problem) => (Word::InvalidInput, format!("The {} {problem}.", field_name(flaw.place))),
        Problem::Denial(Denial::AlreadySent) => (
            Word::AlreadySent,
            "This memo has been sent, and its recipient stays. Copy it with `copyMemo` and send the copy."
                .to_owned(),
        ),
        Problem::Denial(denial) => (word(denial), sentences::denial(denial)),
    };
    match flaw.place {
        Place::Memo => Refused::at("memoId", word, message),
        Place::Field(field) => Refused::at(input_field(field), word, message),
        Place::Subscriber(n) => Refused::at_element("subscriberIds", n, word, message),
        Place::Person(n) => Refused::at_element("userIds", n, word, message),
        Place::Tag(n) => Refused::at_element("tagIds", n, word, message),
        Place::File(n) => Refused::at_element("fileIds", n, word, message),
    }
}

fn word(denial: Denial) -> Word {
    match denial {
        Denial::NotTheAuthor => Word::NotTheAuthor,
        Denial::NotTheRecipient => Word::NotTheRecipient,
        Denial::NotAParticipant | Denial::NotInTheDiscussion => Word::NotAParticipant,
        Denial::AlreadySent => Word::AlreadySent,
        Denial::RecipientHasActed(_) => Word::RecipientHasActed,
        Denial::OnHold => Word::OnHold,
        Denial::Draft => Word::InvalidInput,
    }
}

fn input_field(field: MemoField) -> &'static str {
    match field {
        MemoField::Name => "name",
        MemoField::Description => "description",
        MemoField::Recipient => "recipientId",
        MemoField::Note => "note",
        MemoField::ReviewDate => "reviewDate",
        MemoField::Deal => "dealId",
        MemoField::Resolution => "resolutionId",
    }
}

fn field_name(place: Place) -> &'static str {
    match place {
        Place::Field(field) => input_field(field),
        _ => "text",
    }
}

fn not_found(place: Place) -> &'static str {
    match place {
        Place::Field(MemoField::Recipient) | Place::Subscriber(_) | Place::Person(_) => {
            "There is no person with this id. Check the id."
        }
        Place::Field(MemoField::Deal) => "There is no deal with this id. Check the id.",
        Place::Field(MemoField::Resolution) => "There is no resolution with this id. Check the id.",
        Place::Tag(_) => "There is no tag with this id. Check the id.",
        Place::File(_) => "There is no file with this id that you can see. Check the id, or upload it again.",
        Place::Memo | Place::Field(_) => NO_SUCH_MEMO,
    }
}
