//! What refuses the verbs of accounts.

use super::password::PasswordProblem;
use crate::{people::policy::RevokeDenial, verb_error::verb_error};

verb_error! {
    /// Why nobody is signed in.
    pub enum SignInError {
        /// Nobody has that name and that password. Which of the two it is, whether the person is
        /// inactive or has no password at all, is not told. The answer is the same, and so is the
        /// work for it.
        Wrong,
        /// Too many sign in at the same time.
        Busy,
    }
}

verb_error! {
    /// Why a session does not go on.
    pub enum RefreshError {
        /// The session has ended, or there was none: one has to sign in again.
        SessionEnded,
    }
}

verb_error! {
    /// Why a password is not set.
    pub enum SetPasswordError {
        /// There is nobody with that id.
        NotFound,
        /// The password is not acceptable.
        Password from PasswordProblem,
        /// Too many passwords are being hashed.
        Busy,
    }
}

verb_error! {
    /// Why a person's password stays as it is.
    pub enum ChangePasswordError {
        /// The current password is another, or there is none.
        Wrong,
        /// The new password is not acceptable.
        Password from PasswordProblem,
        /// Too many passwords are being hashed.
        Busy,
    }
}

verb_error! {
    /// Why a person is not linked to a provider's subject.
    pub enum LinkError {
        /// Either of the two is somebody else already.
        AlreadyLinked,
    }
}

verb_error! {
    /// Why somebody is not let in, although their token is good.
    pub enum RecogniseError {
        /// Nobody here is that person.
        Unknown,
        /// The person is inactive.
        Inactive,
        /// Somebody new needs an address.
        NoEmail,
        /// Somebody here has the address already.
        EmailTaken,
    }
}

verb_error! {
    /// Why a person is not deactivated.
    pub enum DeactivatePersonError {
        /// There is nobody with that id.
        NotFound,
        /// The rules of people forbid it.
        Denied from RevokeDenial,
    }
}

verb_error! {
    /// Why a person is not let in again.
    pub enum ReactivatePersonError {
        /// There is nobody with that id.
        NotFound,
    }
}
