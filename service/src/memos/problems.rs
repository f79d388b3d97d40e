//! The problems of the parts of a memo that is created or changed.

use super::policy::{ConcludeDenial, Denial, EditDenial};
use crate::text::TextProblem;

/// The kind of thing that a memo refers to by an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference {
    /// A person.
    Person,
    /// A tag.
    Tag,
    /// A deal.
    Deal,
    /// A resolution.
    Resolution,
    /// A file.
    File,
}

/// What is wrong with a part of a new memo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputProblem {
    /// It refers to something that does not exist for this person.
    NotFound(Reference),
    /// It refers to a person who is not active any more.
    Inactive,
    /// The text is not acceptable.
    Text(TextProblem),
}

/// What is wrong with the new value of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpdateProblem {
    /// It refers to something that does not exist for this person.
    NotFound(Reference),
    /// It refers to a person who is not active any more.
    Inactive,
    /// The field cannot be cleared.
    Required,
    /// The text is not acceptable.
    Text(TextProblem),
    /// The rules forbid it.
    Denied(FieldDenial),
}

/// Why a memo cannot refer to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonProblem {
    /// There is no person with this id.
    NotFound,
    /// The person is not active any more.
    Inactive,
}

impl From<PersonProblem> for InputProblem {
    fn from(problem: PersonProblem) -> Self {
        match problem {
            PersonProblem::NotFound => Self::NotFound(Reference::Person),
            PersonProblem::Inactive => Self::Inactive,
        }
    }
}

impl From<PersonProblem> for UpdateProblem {
    fn from(problem: PersonProblem) -> Self {
        match problem {
            PersonProblem::NotFound => Self::NotFound(Reference::Person),
            PersonProblem::Inactive => Self::Inactive,
        }
    }
}

/// Why a field must not be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldDenial {
    /// The field belongs to the author, who may not edit it.
    Edit(EditDenial),
    /// The field belongs to the recipient, who may not conclude.
    Conclude(ConcludeDenial),
    /// The memo has been sent, so its recipient is final.
    AlreadySent,
}

impl From<FieldDenial> for Denial {
    fn from(denial: FieldDenial) -> Self {
        match denial {
            FieldDenial::Edit(denial) => denial.into(),
            FieldDenial::Conclude(denial) => denial.into(),
            FieldDenial::AlreadySent => Self::AlreadySent,
        }
    }
}
