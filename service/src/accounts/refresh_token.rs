//! Refresh tokens. A token is made from the session's seed, which is in the database, and a key,
//! which is not. Reading only one of them is not enough to make a token.
//!
//! The successor of a token is known before the token is used, so a repeated request is harmless.
//! Still, the server can distinguish a used token from a forged one without a list of used tokens.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

/// The parts of a refresh token. They are not verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefreshToken {
    /// The session.
    pub session: Uuid,
    pub(super) generation: u64,
    proof: [u8; 32],
}

impl RefreshToken {
    /// Parses a token. `None` if it has the wrong form.
    pub fn parse(text: &str) -> Option<Self> {
        // 16 bytes, 8 bytes and 32 bytes.
        const LENGTH: usize = 75;
        if text.len() != LENGTH {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (session, rest) = bytes.split_first_chunk::<16>()?;
        let (generation, rest) = rest.split_first_chunk::<8>()?;
        Some(Self {
            session: Uuid::from_bytes(*session),
            generation: u64::from_be_bytes(*generation),
            proof: rest.try_into().ok()?,
        })
    }

    /// The token of this generation.
    pub(super) fn make(key: &[u8; 32], session: Uuid, seed: &str, generation: u64) -> String {
        let proof = proof(key, session, seed, generation).finalize().into_bytes();
        let bytes = [session.as_bytes().as_slice(), &generation.to_be_bytes(), &proof].concat();
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Whether the token was made here for the session with this seed.
    pub(super) fn is_genuine(&self, key: &[u8; 32], seed: &str) -> bool {
        // `verify_slice` takes constant time.
        proof(key, self.session, seed, self.generation).verify_slice(&self.proof).is_ok()
    }
}

fn proof(key: &[u8; 32], session: Uuid, seed: &str, generation: u64) -> Hmac<Sha256> {
    // A key shorter than a block of the hash is padded with zeros.
    let mut block = [0; 64];
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    mac.update(b"refresh token\0");
    mac.update(session.as_bytes());
    mac.update(seed.as_bytes());
    mac.update(&generation.to_be_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use super::RefreshToken;
    use uuid::Uuid;

    #[test]
    fn a_token_is_genuine_with_its_own_key_and_seed_alone() {
        let (key, session) = ([1; 32], Uuid::from_u128(7));
        let text = RefreshToken::make(&key, session, "seed", 3);
        let token = RefreshToken::parse(&text).unwrap();
        assert_eq!((token.session, token.generation), (session, 3));
        assert!(token.is_genuine(&key, "seed"));
        assert!(!token.is_genuine(&[2; 32], "seed"));
        assert!(!token.is_genuine(&key, "another seed"));
        let next = RefreshToken { generation: 4, ..token };
        assert!(!next.is_genuine(&key, "seed"));
        for not_one in ["", "garbage", &text[1..], &format!("{text}A"), &"!".repeat(75)] {
            assert_eq!(RefreshToken::parse(not_one), None, "{not_one}");
        }
    }
}
