//! Random byte arrays of any length.

use crate::clock::Randomness;

/// `N` random bytes.
pub(super) fn bytes<const N: usize>(randomness: &dyn Randomness) -> [u8; N] {
    let mut bytes = [0; N];
    for piece in bytes.chunks_mut(10) {
        for (to, from) in piece.iter_mut().zip(randomness.bytes()) {
            *to = from;
        }
    }
    bytes
}
