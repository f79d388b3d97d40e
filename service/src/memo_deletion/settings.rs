//! Settings of deletions, chosen by the operator.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How deletions are confirmed, how long they can be undone, and who may end that time.
#[derive(Clone)]
pub struct DeletionSettings {
    /// How long a deleted memo can be restored.
    pub restorable_for: TimeDelta,
    /// Whether people who may restore a deleted memo may also erase it before its time.
    /// Administrators always may.
    pub erase_by_owner: bool,
    /// Key of the confirmation tokens. All processes on one database use the same key.
    pub confirmation_key: [u8; 32],
}

impl DeletionSettings {
    /// The token that confirms a preview: a keyed hash (HMAC-SHA-256) over what it shows. `bound`
    /// begins with a word for its kind, so that no token confirms a preview of another kind.
    pub(crate) fn token(&self, bound: &str) -> String {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.confirmation_key) else {
            unreachable!("HMAC takes keys of any length");
        };
        mac.update(bound.as_bytes());
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    }
}

impl std::fmt::Debug for DeletionSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeletionSettings")
            .field("restorable_for", &self.restorable_for)
            .field("erase_by_owner", &self.erase_by_owner)
            .finish_non_exhaustive()
    }
}
