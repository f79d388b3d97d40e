//! Password hashes of people who were imported from Django, in Django's own form:
//! `pbkdf2_sha256$<iterations>$<salt>$<hash in base 64>`.
//!
//! Such a hash is verified at the person's next sign-in and then replaced by our own. It costs more
//! time than ours. So while there is one, every sign-in takes that time, whether there is such a
//! person or not.

use crate::{Result, installation};
use aws_lc_rs::pbkdf2;
use base64::{Engine, engine::general_purpose::STANDARD};
use sea_orm::DatabaseTransaction;
use std::num::NonZeroU32;

/// The beginning of these hashes. A database index is made for it.
const BEGINNING: &str = "pbkdf2_sha256$";
/// The length of SHA-256 in bytes.
const LENGTH: usize = 32;

/// The most iterations of a hash that is imported. Each sign-in takes as long, so a mistaken number
/// would keep everybody out.
pub const MAX_IMPORTED_ITERATIONS: u32 = 10_000_000;

/// A hash in Django's form.
#[derive(Debug)]
pub(super) struct ImportedHash {
    iterations: NonZeroU32,
    salt: String,
    hash: Vec<u8>,
}

impl ImportedHash {
    /// Parses a hash. `None` if it has another form.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix(BEGINNING)?.splitn(3, '$');
        let iterations = parts.next()?.parse::<NonZeroU32>().ok()?;
        let salt = parts.next()?.to_owned();
        let hash = STANDARD.decode(parts.next()?).ok()?;
        let fits = hash.len() == LENGTH && iterations.get() <= MAX_IMPORTED_ITERATIONS;
        fits.then_some(Self { iterations, salt, hash })
    }

    /// Whether the password matches. Takes as long as that many iterations, or longer if the hash
    /// itself has more.
    pub(super) fn verify(&self, password: &str, iterations: u32) -> bool {
        let (algorithm, salt) = (pbkdf2::PBKDF2_HMAC_SHA256, self.salt.as_bytes());
        let verified =
            pbkdf2::verify(algorithm, self.iterations, salt, password.as_bytes(), &self.hash);
        spend(iterations.saturating_sub(self.iterations.get()));
        verified.is_ok()
    }
}

/// Takes as long as that many iterations.
pub(super) fn spend(iterations: u32) {
    let Some(iterations) = NonZeroU32::new(iterations) else { return };
    let mut hash = [0; LENGTH];
    let salt = b"nobody";
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, iterations, salt, b"nobody", &mut hash);
    std::hint::black_box(hash);
}

/// How many iterations a hash of Django has. `None` if it cannot be imported: it is no such hash,
/// or has more iterations than [`MAX_IMPORTED_ITERATIONS`].
pub fn iterations_of(hash: &str) -> Option<u32> {
    ImportedHash::parse(hash).map(|hash| hash.iterations.get())
}

/// Lets every sign-in take the time of imported hashes with that many iterations, unless it takes
/// longer already. The transaction also stores such hashes.
///
/// # Errors
/// Returns errors of the database.
pub async fn expect_iterations(transaction: &DatabaseTransaction, iterations: u32) -> Result<()> {
    const NAME: &str = installation::IMPORTED_ITERATIONS;
    let known = installation::get(transaction, NAME).await?;
    let known = known.and_then(|known| known.parse::<u32>().ok()).unwrap_or_default();
    if iterations <= known {
        return Ok(());
    }
    installation::set(transaction, NAME, iterations.to_string()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by Django 6.0: `make_password("Memo-demo-2026", "memodemosalt0000000001")`.
    const HASH: &str = "pbkdf2_sha256$1200000$memodemosalt0000000001\
        $tFoJ9P8Eeo3vswToF0I5RZ01iiFxGvz06wdoy8Gd1kE=";

    #[test]
    fn a_hash_of_django_is_verified() {
        let hash = ImportedHash::parse(HASH).unwrap();
        assert!(hash.verify("Memo-demo-2026", 0));
        assert!(!hash.verify("memo-demo-2026", 0));
        assert!(!hash.verify("", 0));
        assert_eq!(iterations_of(HASH), Some(1_200_000));
    }

    #[test]
    fn other_hashes_are_not_imported() {
        let hash = "tFoJ9P8Eeo3vswToF0I5RZ01iiFxGvz06wdoy8Gd1kE=";
        for other in [
            "",
            "!unusable",
            "pbkdf2_sha1$1000$salt$AAAA",
            "pbkdf2_sha256$0$salt$AAAA",
            "pbkdf2_sha256$1000$salt",
            "pbkdf2_sha256$1000$salt$AAAA",
            &format!("pbkdf2_sha256$10000001$salt${hash}"),
            &format!("pbkdf2_sha256$many$salt${hash}"),
        ] {
            assert_eq!(iterations_of(other), None, "{other}");
        }
        assert_eq!(iterations_of(&format!("pbkdf2_sha256$1$$${hash}")), None);
        assert_eq!(iterations_of(&format!("pbkdf2_sha256$1$salt${hash}")), Some(1));
    }
}
