//! The usable keys among those that a provider publishes.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse},
};
use serde::Deserialize;

/// Most keys that are read.
const MOST: usize = 64;
/// Shortest and longest modulus of an RSA key in bytes: shorter ones are weak, longer ones cost too
/// much.
const RSA_BYTES: std::ops::RangeInclusive<usize> = 256..=1024;

/// The usable keys.
#[derive(Debug)]
pub(super) struct KeySet(Vec<Key>);

/// A key, with the one algorithm that it is for.
#[derive(Debug, Clone)]
pub(super) struct Key {
    id: Option<String>,
    pub(super) algorithm: Algorithm,
    pub(super) decoding: DecodingKey,
}

#[derive(Deserialize)]
struct Published {
    keys: Vec<serde_json::Value>,
}

/// The result of looking for a token's key.
#[derive(Debug)]
pub(super) enum Found {
    /// Its key.
    Key(Box<Key>),
    /// A key with this id exists, but for another algorithm.
    OtherAlgorithm,
    /// There is no such key.
    Nothing,
}

impl KeySet {
    /// Reads the published keys. Skips keys of other kinds and for other purposes.
    ///
    /// # Errors
    /// It is not a set of keys.
    pub(super) fn parse(json: &[u8]) -> Result<Self, String> {
        let published: Published =
            serde_json::from_slice(json).map_err(|error| error.to_string())?;
        let keys = published.keys.into_iter().take(MOST);
        Ok(Self(keys.filter_map(|key| usable(&serde_json::from_value(key).ok()?)).collect()))
    }

    /// The number of keys.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The key for a token with this key id and this algorithm. Without an id, exactly one key must
    /// fit.
    pub(super) fn find(&self, id: Option<&str>, algorithm: &str) -> Found {
        let named = || self.0.iter().filter(|key| id.is_none() || key.id.as_deref() == id);
        let mut fitting = named().filter(|key| name(key.algorithm) == algorithm);
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => Found::Key(Box::new(key.clone())),
            (None, _) if named().next().is_some() => Found::OtherAlgorithm,
            _ => Found::Nothing,
        }
    }
}

fn name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::RS256 => "RS256",
        Algorithm::ES256 => "ES256",
        Algorithm::EdDSA => "EdDSA",
        _ => "",
    }
}

fn usable(jwk: &Jwk) -> Option<Key> {
    let common = &jwk.common;
    if common.public_key_use.as_ref().is_some_and(|used| *used != PublicKeyUse::Signature) {
        return None;
    }
    if common
        .key_operations
        .as_ref()
        .is_some_and(|operations| !operations.contains(&KeyOperations::Verify))
    {
        return None;
    }
    let (algorithm, named) = match &jwk.algorithm {
        AlgorithmParameters::RSA(key) if has_good_length(&key.n) => {
            (Algorithm::RS256, KeyAlgorithm::RS256)
        }
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => {
            (Algorithm::ES256, KeyAlgorithm::ES256)
        }
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => {
            (Algorithm::EdDSA, KeyAlgorithm::EdDSA)
        }
        _ => return None,
    };
    if common.key_algorithm.is_some_and(|algorithm| algorithm != named) {
        return None;
    }
    let decoding = DecodingKey::from_jwk(jwk).ok()?;
    Some(Key { id: common.key_id.clone(), algorithm, decoding })
}

fn has_good_length(modulus: &str) -> bool {
    let bytes = URL_SAFE_NO_PAD.decode(modulus).unwrap_or_default();
    RSA_BYTES.contains(&bytes.iter().skip_while(|byte| **byte == 0).count())
}

#[cfg(test)]
mod tests {
    use super::{Found, KeySet};
    use serde_json::{Value, json};

    const X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    fn set(keys: &[Value]) -> KeySet {
        KeySet::parse(json!({ "keys": keys }).to_string().as_bytes()).unwrap()
    }

    #[test]
    fn only_keys_for_signing_in_one_of_three_ways_are_of_use() {
        let rsa =
            |bytes: usize| json!({ "kty": "RSA", "n": "x".repeat(bytes * 4 / 3), "e": "AQAB" });
        let good = set(&[
            rsa(258),
            json!({ "kty": "OKP", "crv": "Ed25519", "x": X, "use": "sig", "alg": "EdDSA" }),
            json!({ "kty": "OKP", "crv": "Ed25519", "x": X, "key_ops": ["verify"] }),
        ]);
        assert_eq!(good.len(), 3);
        let useless = set(&[
            json!("nonsense"),
            json!({ "kty": "oct", "k": "c2VjcmV0", "alg": "HS256" }),
            json!({ "kty": "OKP", "crv": "X25519", "x": X }),
            json!({ "kty": "OKP", "crv": "Ed25519", "x": X, "use": "enc" }),
            json!({ "kty": "OKP", "crv": "Ed25519", "x": X, "key_ops": ["deriveKey"] }),
            json!({ "kty": "OKP", "crv": "Ed25519", "x": X, "alg": "HS256" }),
            json!({ "kty": "EC", "crv": "P-384", "x": X, "y": X }),
            rsa(129),
            rsa(3000),
        ]);
        assert_eq!(useless.len(), 0);
        assert!(KeySet::parse(b"{}").is_err() && KeySet::parse(b"[]").is_err());
    }

    #[test]
    fn the_key_is_the_one_that_is_named_and_fits() {
        let keys = set(&[
            json!({ "kty": "OKP", "crv": "Ed25519", "x": X, "kid": "a" }),
            json!({ "kty": "OKP", "crv": "Ed25519", "x": X, "kid": "b" }),
        ]);
        assert!(matches!(keys.find(Some("a"), "EdDSA"), Found::Key(_)));
        for algorithm in ["RS256", "HS256", "none", ""] {
            assert!(
                matches!(keys.find(Some("a"), algorithm), Found::OtherAlgorithm),
                "{algorithm}"
            );
        }
        assert!(matches!(keys.find(Some("../../a"), "EdDSA"), Found::Nothing));
        assert!(matches!(keys.find(None, "EdDSA"), Found::Nothing), "it could be either");
    }
}
