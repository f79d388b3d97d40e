//! The errors of operations on accounts.

use super::password::PasswordProblem;
use crate::{people::policy::RevokeDenial, verb_error::verb_error};

verb_error! {
    /// Why nobody is signed in.
    pub enum SignInError {
        /// Name and password do not match an active account. The error does not say whether the
        /// name or the password is wrong, or whether the person is inactive or has no password.
        /// Error and computation are the same in all cases.
        Wrong,
        /// Too many people are signing in at the same time.
        Busy,
    }
}

verb_error! {
    /// Why a session is not refreshed.
    pub enum RefreshError {
        /// The session has ended or never existed. The person must sign in again.
        SessionEnded,
    }
}

verb_error! {
    /// Why a password is not set.
    pub enum SetPasswordError {
        /// There is no person with this id.
        NotFound,
        /// The person is erased.
        Erased,
        /// The password is not acceptable.
        Password from PasswordProblem,
        /// Too many passwords are being hashed at the same time.
        Busy,
    }
}

verb_error! {
    /// Why a person's password is not changed.
    pub enum ChangePasswordError {
        /// The current password is wrong, or the person has none.
        Wrong,
        /// The new password is not acceptable.
        Password from PasswordProblem,
        /// Too many passwords are being hashed at the same time.
        Busy,
    }
}

verb_error! {
    /// Why a person is not linked to a provider's subject.
    pub enum LinkError {
        /// The person or the subject is already linked to another one.
        AlreadyLinked,
        /// The person is erased.
        Erased,
    }
}

verb_error! {
    /// Why the owner of a valid token is refused.
    pub enum RecogniseError {
        /// The token belongs to no person here.
        Unknown,
        /// The person is inactive.
        Inactive,
        /// The person was erased.
        Erased,
        /// A new person needs an email address, and the token has none.
        NoEmail,
        /// Another person already has the email address.
        EmailTaken,
    }
}

verb_error! {
    /// Why a person is not deactivated.
    pub enum DeactivatePersonError {
        /// There is no person with this id.
        NotFound,
        /// The rules of people forbid it.
        Denied from RevokeDenial,
    }
}

verb_error! {
    /// Why a person is not reactivated.
    pub enum ReactivatePersonError {
        /// There is no person with this id.
        NotFound,
        /// The person is erased.
        Erased,
    }
}
