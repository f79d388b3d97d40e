//! How much a cache of texts may hold: by the length of its keys.

use quick_cache::Weighter;

/// Weighs an entry by the bytes of its key.
#[derive(Debug, Clone)]
pub(crate) struct ByKeyLength;

impl<V> Weighter<String, V> for ByKeyLength {
    fn weight(&self, key: &String, _: &V) -> u64 {
        // Even the entry of a short key takes some memory.
        key.len() as u64 + 100
    }
}
