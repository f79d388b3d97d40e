//! The errors of operations on people.

use super::{
    names::{PersonProblem, Taken},
    policy::RevokeDenial,
};
use crate::verb_error::verb_error;

verb_error! {
    /// Why a person is not added.
    pub enum AddPersonError {
        /// A name or the email address is invalid.
        Invalid from PersonProblem,
        /// Somebody has this username or email address.
        Taken from Taken,
    }
}

verb_error! {
    /// Why a person is not changed.
    pub enum UpdatePersonError {
        /// There is no person with this id.
        NotFound,
        /// A name or the email address is invalid.
        Invalid from PersonProblem,
        /// Somebody else has this username or email address.
        Taken from Taken,
        /// The person must remain an administrator.
        Denied from RevokeDenial,
        /// The person is erased.
        Erased,
    }
}

verb_error! {
    /// Why a person is not deleted.
    pub enum DeletePersonError {
        /// There is no person with this id.
        NotFound,
        /// The rules of people forbid it.
        Denied from RevokeDenial,
        /// Something else refers to the person.
        HasHistory,
    }
}
