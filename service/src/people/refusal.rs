//! Why people stay as they are.

use super::{add::PersonRefusal, policy::Denial};

/// Why a person is not changed or deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeopleRefusal {
    /// There is nobody with that id.
    NotFound,
    /// A name or an address is not acceptable, or taken.
    Person(PersonRefusal),
    /// The rules forbid it.
    Forbidden(Denial),
    /// Something else refers to the person.
    HasHistory,
}

impl From<PersonRefusal> for PeopleRefusal {
    fn from(refusal: PersonRefusal) -> Self {
        Self::Person(refusal)
    }
}

impl From<Denial> for PeopleRefusal {
    fn from(denial: Denial) -> Self {
        Self::Forbidden(denial)
    }
}
