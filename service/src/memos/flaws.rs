//! Why a memo is not written as wanted: every field that is wrong, each with its reason.

use super::{fields::MemoField, policy::Denial};
use crate::text::TextProblem;
use entity::memo;

/// Why nothing was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteRefusal {
    /// There is no such memo for this person.
    NotFound,
    /// The memo is not what the person has seen: its row as it is now.
    VersionConflict(Box<memo::Model>),
    /// These are wrong; at least one.
    Flawed(Vec<Flaw>),
}

/// What is wrong at one place of what was wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flaw {
    /// Where.
    pub place: Place,
    /// What.
    pub problem: Problem,
}

/// A place in what was wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The memo as a whole.
    Memo,
    /// A field of it.
    Field(MemoField),
    /// That one of the people who are to read along, by its place in the list.
    Subscriber(usize),
    /// That one of the people who were given, by its place in the list.
    Person(usize),
    /// That one of the tags.
    Tag(usize),
    /// That one of the files.
    File(usize),
}

/// What is wrong there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// It names nothing that exists for this person.
    NotFound,
    /// It names somebody who does not work here any more.
    Inactive,
    /// It cannot be cleared.
    Required,
    /// The text is not acceptable.
    Text(TextProblem),
    /// The rules speak against it.
    Denial(Denial),
}

impl Place {
    pub(crate) fn has(self, problem: Problem) -> Flaw {
        Flaw { place: self, problem }
    }
}

impl From<Denial> for WriteRefusal {
    /// An denial to the verb as a whole.
    fn from(denial: Denial) -> Self {
        Self::Flawed(vec![Place::Memo.has(Problem::Denial(denial))])
    }
}
