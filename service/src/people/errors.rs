//! What refuses the verbs of people.

use super::{
    names::{PersonProblem, Taken},
    policy::RevokeDenial,
};
use crate::verb_error::verb_error;

verb_error! {
    /// Why a person is not added.
    pub enum AddPersonError {
        /// A name or the address is not acceptable.
        Invalid from PersonProblem,
        /// Somebody has the short name or the address.
        Taken from Taken,
    }
}

verb_error! {
    /// Why a person is not changed.
    pub enum UpdatePersonError {
        /// There is nobody with that id.
        NotFound,
        /// A name or the address is not acceptable.
        Invalid from PersonProblem,
        /// Somebody else has the short name or the address.
        Taken from Taken,
        /// The person stays an administrator.
        Denied from RevokeDenial,
    }
}

verb_error! {
    /// Why a person is not deleted.
    pub enum DeletePersonError {
        /// There is nobody with that id.
        NotFound,
        /// The rules of people forbid it.
        Denied from RevokeDenial,
        /// Something else refers to the person.
        HasHistory,
    }
}
