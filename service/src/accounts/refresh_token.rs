//! Refresh tokens: made of the session's seed, which is in the database, and a key, which is not.
//! Whoever has read the one alone can make none.
//!
//! The successor of a token is known before it is used. That makes a repeated request harmless, and
//! still every token that has been used can be told from one that was never good, without a list of
//! them.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

/// A refresh token, taken apart. Nothing of it is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefreshToken {
    /// The session.
    pub session: Uuid,
    pub(super) generation: u64,
    proof: [u8; 32],
}

impl RefreshToken {
    /// Reads one; `None` for what cannot be one.
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

    /// The token of that number.
    pub(super) fn make(key: &[u8; 32], session: Uuid, seed: &str, generation: u64) -> String {
        let proof = proof(key, session, seed, generation).finalize().into_bytes();
        let bytes = [session.as_bytes().as_slice(), &generation.to_be_bytes(), &proof].concat();
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Whether it was made here, for the session with that seed.
    pub(super) fn is_genuine(&self, key: &[u8; 32], seed: &str) -> bool {
        // Compared in constant time.
        proof(key, self.session, seed, self.generation).verify_slice(&self.proof).is_ok()
    }
}

fn proof(key: &[u8; 32], session: Uuid, seed: &str, generation: u64) -> Hmac<Sha256> {
    // A key shorter than a block of the hash is filled up with zeros.
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
