//! Passwords: their rules and their hashes.
//!
//! The rules follow [NIST SP 800-63B,
//! 3.1.1.2](https://pages.nist.gov/800-63-4/sp800-63b.html#passwordver): a password is long, not
//! commonly used, and not related to the person. Passwords are compared in one Unicode form (NFKC),
//! because keyboards produce different code points for the same text. The hash is Argon2id with the
//! parameters that
//! [OWASP](https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html)
//! recommends. It costs memory and time on purpose, so the number of simultaneous hashes is
//! limited.

use super::{
    imported::{ImportedHash, spend},
    randomness,
};
use crate::{Error, Result, Services};
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier},
};
use entity::user;
use icu_normalizer::ComposingNormalizer;
use std::sync::{Arc, LazyLock};
use tokio::sync::Semaphore;
use zxcvbn::{Score, zxcvbn};

/// The minimum length of a password, in characters.
pub const MIN_PASSWORD: usize = 12;
/// The maximum length of a password, in characters.
pub const MAX_PASSWORD: usize = 256;

/// The cost of a hash: memory in KiB, rounds, lanes.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);
/// A hash that matches no password. It is verified if a person has none, so that an unknown name
/// takes as long as a wrong password.
const NOBODYS_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$bWVtb3JhbmRhbm9ib2R5cw$\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
/// The minimum score of [`zxcvbn`]: at least 10⁸ guesses. An address may try 30 passwords a minute.
const LEAST_SCORE: Score = Score::Three;
/// The maximum number of hashes that wait, for each kind of requester. Further requests are told to
/// retry later.
const MOST_WAITING: usize = 64;

/// Permits for hashing, one per core. Each hash uses a core and 19 MiB.
static TURNS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(cores())));
/// Permits that strangers can use: all but one, if there are several.
static TURNS_OF_STRANGERS: LazyLock<Arc<Semaphore>> =
    LazyLock::new(|| Arc::new(Semaphore::new(cores().saturating_sub(1).max(1))));
static KNOWN_WAITING: Semaphore = Semaphore::const_new(MOST_WAITING);
static STRANGERS_WAITING: Semaphore = Semaphore::const_new(MOST_WAITING);

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Who requests a hash. Strangers can neither take the last permit nor fill the queue of known
/// requesters, no matter from how many addresses they come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requester {
    /// A signed-in person, or a request from an address where somebody has signed in before.
    Known,
    /// Anybody else.
    Stranger,
}

/// Why a password is not acceptable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordProblem {
    /// It has too few characters.
    #[error("is too short: give at least {MIN_PASSWORD} characters")]
    TooShort,
    /// It has too many characters.
    #[error("is too long: give at most {MAX_PASSWORD} characters")]
    TooLong,
    /// It is commonly used, or made from the person's data.
    #[error(
        "is too easy to guess: give another, such as four words that have nothing to do with each \
         other"
    )]
    Guessable,
}

/// Checks a new password of a person.
pub(super) fn check(password: &str, person: &user::Model) -> Result<(), PasswordProblem> {
    let password = normalised(password);
    let characters = password.chars().count();
    if characters < MIN_PASSWORD {
        return Err(PasswordProblem::TooShort);
    }
    if characters > MAX_PASSWORD {
        return Err(PasswordProblem::TooLong);
    }
    let same = |other: &str| password.to_lowercase() == other.to_lowercase();
    if same(&person.username) || same(&person.email) || same(&person.full_name) {
        return Err(PasswordProblem::Guessable);
    }
    let mut context = vec!["memoranda", &person.username, &person.email, &person.full_name];
    let words = [&person.username, &person.email, &person.full_name];
    context.extend(words.iter().flat_map(|words| words.split(|c: char| !c.is_alphanumeric())));
    context.retain(|word| !word.is_empty());
    if zxcvbn(&password, &context).score() < LEAST_SCORE {
        return Err(PasswordProblem::Guessable);
    }
    Ok(())
}

/// The form in which passwords are hashed. It does not depend on the keyboard.
fn normalised(password: &str) -> String {
    ComposingNormalizer::new_nfkc().normalize(password).into_owned()
}

/// The hash of a password, with a new salt. `None` if too many passwords are being hashed.
pub(super) async fn hash(services: &Services, password: &str) -> Result<Option<String>> {
    let salt: [u8; 16] = randomness::bytes(services.randomness.as_ref());
    let password = normalised(password);
    in_turn(Requester::Known, move || {
        let hash = argon2()?.hash_password_with_salt(password.as_bytes(), &salt).map_err(fault)?;
        Ok(hash.to_string())
    })
    .await
}

/// A stored hash, and how long a verification takes.
#[derive(Debug, Default)]
pub(super) struct StoredHash {
    /// The hash. Without one, nothing matches.
    pub(super) hash: Option<String>,
    /// How many iterations of an imported hash each verification takes, while there are such
    /// hashes.
    pub(super) imported_iterations: u32,
}

/// Whether the password matches the hash. `None` if too many passwords are being hashed. Without a
/// hash, the result is false after the same time.
pub(super) async fn verify(
    password: &str,
    stored: StoredHash,
    requester: Requester,
) -> Result<Option<bool>> {
    // No password is longer, so only the beginning of a longer one is compared.
    let typed: String = password.chars().take(MAX_PASSWORD + 1).collect();
    let mut forms = vec![normalised(&typed)];
    // Earlier versions, and Django, hashed the password as it was typed.
    if !forms.contains(&typed) {
        forms.push(typed);
    }
    in_turn(requester, move || {
        let StoredHash { hash, imported_iterations } = stored;
        let imported = hash.as_deref().and_then(ImportedHash::parse);
        let ours = hash.as_deref().filter(|_| imported.is_none());
        let mut is_right = false;
        for form in forms {
            match argon2()?.verify_password(form.as_bytes(), ours.unwrap_or(NOBODYS_HASH)) {
                Ok(()) => is_right |= ours.is_some(),
                Err(argon2::password_hash::Error::PasswordInvalid) => {}
                Err(error) => return Err(fault(error)),
            }
            match &imported {
                Some(imported) => is_right |= imported.verify(&form, imported_iterations),
                None => spend(imported_iterations),
            }
        }
        Ok(is_right)
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

/// Waits for a permit and runs the work. `None` if too many requests are waiting.
async fn in_turn<T: Send + 'static>(
    requester: Requester,
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<Option<T>> {
    let (waiting, turns_of_strangers) = match requester {
        Requester::Known => (&KNOWN_WAITING, None),
        Requester::Stranger => (&STRANGERS_WAITING, Some(&*TURNS_OF_STRANGERS)),
    };
    let Ok(_waiting) = waiting.try_acquire() else { return Ok(None) };
    let of_strangers = match turns_of_strangers {
        Some(turns) => Some(turns.clone().acquire_owned().await.map_err(fault)?),
        None => None,
    };
    let turn = TURNS.clone().acquire_owned().await.map_err(fault)?;
    let worked = tokio::task::spawn_blocking(move || {
        // The permits are held until the work is done, even if its caller has gone.
        let _turns = (turn, of_strangers);
        work()
    });
    worked.await.map_err(fault)?.map(Some)
}

#[cfg(test)]
mod tests {
    use super::{
        NOBODYS_HASH, PasswordProblem, Requester, StoredHash, argon2, check, normalised, verify,
    };
    use argon2::password_hash::{PasswordHasher, phc::PasswordHash};
    use entity::{UserRole, user};

    #[test]
    fn nobodys_hash_costs_what_others_cost() {
        let nobodys = PasswordHash::new(NOBODYS_HASH).unwrap();
        let others: PasswordHash =
            argon2().unwrap().hash_password_with_salt(b"password", &[7; 16]).unwrap();
        assert_eq!((nobodys.algorithm, nobodys.version), (others.algorithm, others.version));
        assert_eq!(nobodys.params, others.params);
        assert_eq!(nobodys.hash.unwrap().len(), others.hash.unwrap().len());
        assert_eq!(nobodys.salt.unwrap().len(), others.salt.unwrap().len());
    }

    #[tokio::test]
    async fn no_password_is_that_of_nobody() {
        for password in ["", "password", "memorandanobodys"] {
            let nobodys = StoredHash::default();
            assert!(!verify(password, nobodys, Requester::Stranger).await.unwrap().unwrap());
        }
    }

    #[test]
    fn passwords_that_are_common_or_about_the_person_are_refused() {
        let person = user::Model {
            id: uuid::Uuid::nil(),
            username: "ada".to_owned(),
            full_name: "Augusta Ada Lovelace".to_owned(),
            email: "countess@analytical-engine.example".to_owned(),
            role: UserRole::Member,
            active: true,
            created_at: chrono::DateTime::UNIX_EPOCH,
            search_name: String::new(),
            erased_at: None,
        };
        for guessable in [
            "passwordpassword",
            "123456789012",
            "qwertyuiopasdf",
            "aaaaaaaaaaaa",
            "Memoranda2026!",
            "lovelacelovelace",
            "countess@analytical-engine.example",
            "Ｐａｓｓｗｏｒｄ1234",
        ] {
            assert_eq!(check(guessable, &person), Err(PasswordProblem::Guessable), "{guessable}");
        }
        for good in
            ["correct horse battery staple", "cabin thunder olive radar", "vqkd8-2hnwm-5cx7t-pz9sa"]
        {
            assert_eq!(check(good, &person), Ok(()), "{good}");
        }
        assert_eq!(check("short", &person), Err(PasswordProblem::TooShort));
        assert_eq!(check(&"correct horse ".repeat(30), &person), Err(PasswordProblem::TooLong));
    }

    #[tokio::test]
    async fn a_password_is_the_same_however_a_keyboard_makes_it() {
        let hash_of = |password: &str| {
            argon2()
                .unwrap()
                .hash_password_with_salt(password.as_bytes(), &[7; 16])
                .unwrap()
                .to_string()
        };
        let (composed, decomposed) =
            ("Crème brûlée à midi", "Cre\u{300}me bru\u{302}le\u{301}e a\u{300} midi");
        let hash = hash_of(&normalised(composed));
        for typed in [composed, decomposed] {
            let stored = StoredHash { hash: Some(hash.clone()), ..StoredHash::default() };
            assert!(verify(typed, stored, Requester::Known).await.unwrap().unwrap());
        }
        // This is the hash that an earlier version made.
        let hash = hash_of(decomposed);
        let stored = StoredHash { hash: Some(hash), ..StoredHash::default() };
        assert!(verify(decomposed, stored, Requester::Known).await.unwrap().unwrap());
    }
}
