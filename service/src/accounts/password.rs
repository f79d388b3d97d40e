//! Passwords: what they must be like, and their hashes.
//!
//! What they must be like is what [NIST SP 800-63B, 3.1.1.2](https://pages.nist.gov/800-63-4/sp800-63b.html#passwordver) says: long, and nothing else. The hash is
//! Argon2id with the parameters that
//! [OWASP](https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html) recommends; it takes memory and time on purpose, so that only so many
//! are made at once.

use super::randomness;
use crate::{Error, Result, Services};
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier},
};
use entity::user;
use std::sync::{Arc, LazyLock};
use tokio::sync::Semaphore;

/// Fewest characters of a password.
pub const MIN_PASSWORD: usize = 12;
/// Most characters of a password.
pub const MAX_PASSWORD: usize = 256;

/// Kibibytes of memory, rounds, lanes of a hash.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);
/// The hash of nobody's password: verified where there is none, so that a name that nobody has takes as long as a wrong password.
const NOBODYS_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bWVtb3JhbmRhbm9ib2R5cw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
/// Most hashes that wait for their turn; whoever comes then is told to come later.
const MOST_WAITING: usize = 64;

/// Turns for hashing, one a core: each takes a core and 19 MiB.
static TURNS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Arc::new(Semaphore::new(cores))
});
static WAITING: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(MOST_WAITING));

/// Too many passwords are being hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Busy;

/// Why a password is not acceptable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordProblem {
    /// It has too few characters.
    #[error("is too short: give at least {MIN_PASSWORD} characters")]
    TooShort,
    /// It has too many characters.
    #[error("is too long: give at most {MAX_PASSWORD} characters")]
    TooLong,
    /// It is the first that anybody would try.
    #[error("is too easy to guess: give another, such as four words that have nothing to do with each other")]
    Guessable,
}

/// What speaks against a password for that person.
pub(super) fn check(password: &str, person: &user::Model) -> Result<(), PasswordProblem> {
    let characters = password.chars().count();
    if characters < MIN_PASSWORD {
        return Err(PasswordProblem::TooShort);
    }
    if characters > MAX_PASSWORD {
        return Err(PasswordProblem::TooLong);
    }
    let same = |other: &str| password.to_lowercase() == other.to_lowercase();
    let one_character = password.chars().all(|c| password.starts_with(c));
    if one_character || same(&person.username) || same(&person.email) || same(&person.full_name) {
        return Err(PasswordProblem::Guessable);
    }
    Ok(())
}

/// The hash of a password, with a salt of its own.
pub(super) async fn hash(services: &Services, password: &str) -> Result<Result<String, Busy>> {
    let salt: [u8; 16] = randomness::bytes(services.randomness.as_ref());
    let password = password.to_owned();
    in_turn(move || {
        let hash = argon2()?.hash_password_with_salt(password.as_bytes(), &salt).map_err(fault)?;
        Ok(hash.to_string())
    })
    .await
}

/// Whether the password is the one with that hash. Without a hash it takes as long, and is not.
pub(super) async fn verify(password: &str, hash: Option<String>) -> Result<Result<bool, Busy>> {
    // A longer one is nobody's: what is compared need not be all of it.
    let password: String = password.chars().take(MAX_PASSWORD + 1).collect();
    in_turn(move || {
        let against = hash.as_deref().unwrap_or(NOBODYS_HASH);
        let verified = argon2()?.verify_password(password.as_bytes(), against);
        match verified {
            Ok(()) => Ok(hash.is_some()),
            Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
            Err(error) => Err(fault(error)),
        }
    })
    .await
}

fn argon2() -> Result<Argon2<'static>> {
    let (memory, rounds, lanes) = COST;
    let params = Params::new(memory, rounds, lanes, None).map_err(fault)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn fault(error: impl std::fmt::Display) -> Error {
    Error::Inconsistent(format!("a password cannot be hashed: {error}"))
}

async fn in_turn<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<Result<T, Busy>> {
    let Ok(_waiting) = WAITING.try_acquire() else { return Ok(Err(Busy)) };
    let turn = TURNS.clone().acquire_owned().await.map_err(fault)?;
    let worked = tokio::task::spawn_blocking(move || {
        // Until the work is done, whether or not anybody still waits for it.
        let _turn = turn;
        work()
    });
    Ok(Ok(worked.await.map_err(fault)??))
}

#[cfg(test)]
mod tests {
    use super::{NOBODYS_HASH, argon2, verify};
    use argon2::password_hash::{PasswordHasher, phc::PasswordHash};

    #[test]
    fn nobodys_hash_costs_what_others_cost() {
        let nobodys = PasswordHash::new(NOBODYS_HASH).unwrap();
        let others: PasswordHash = argon2().unwrap().hash_password_with_salt(b"password", &[7; 16]).unwrap();
        assert_eq!((nobodys.algorithm, nobodys.version), (others.algorithm, others.version));
        assert_eq!(nobodys.params, others.params);
        assert_eq!(nobodys.hash.unwrap().len(), others.hash.unwrap().len());
        assert_eq!(nobodys.salt.unwrap().len(), others.salt.unwrap().len());
    }

    #[tokio::test]
    async fn no_password_is_that_of_nobody() {
        for password in ["", "password", "memorandanobodys"] {
            assert!(!verify(password, None).await.unwrap().unwrap());
        }
    }
}
