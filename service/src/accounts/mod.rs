//! How people sign in: passwords with their sessions, and identities at an OpenID Connect provider.
//! Also ends the open connections of people who have lost access.

mod activity;
mod credentials;
pub(crate) mod erased;
mod errors;
mod identities;
mod imported;
mod password;
mod randomness;
mod refresh_token;
mod registry;
mod sessions;
mod sign_in;

pub use activity::{deactivate, reactivate};
pub use credentials::{change_password, set_password, set_password_of};
pub use erased::{NameNumbers, is_erased_address};
pub use errors::{
    ChangePasswordError, DeactivatePersonError, LinkError, ReactivatePersonError, RecogniseError,
    RefreshError, SetPasswordError, SignInError,
};
pub use identities::{Claimed, Recognition, link, recognise};
pub use imported::{MAX_IMPORTED_ITERATIONS, expect_iterations, iterations_of};
pub use password::{MAX_PASSWORD, MIN_PASSWORD, PasswordProblem, Requester};
pub use refresh_token::RefreshToken;
pub use registry::{Epoch, Presence, SessionRegistry};
pub use sessions::{
    SessionSettings, Started, end, end_all, end_all_of, purge, refresh, sessions_of, signed_in,
};
pub use sign_in::{Account, WaysToSignIn, account, ways_to_sign_in, with_password};

/// A random password with 100 bits of entropy. It contains no letters or digits that look alike.
pub fn new_password(services: &crate::Services) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let bytes: [u8; 20] = randomness::bytes(services.randomness.as_ref());
    let letters = bytes
        .iter()
        .filter_map(|byte| LETTERS.get(usize::from(byte % 32)).copied().map(char::from));
    let mut password = String::new();
    for (n, letter) in letters.enumerate() {
        if n > 0 && n % 5 == 0 {
            password.push('-');
        }
        password.push(letter);
    }
    password
}
