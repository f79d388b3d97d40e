//! Ids of rows, as clients see them. All viewers share one sequence of positions. A viewer who saw
//! positions could count and time rows that they must not see. So a position is sealed for one
//! viewer.
//!
//! The seal is a synthetic initialization vector. It is a keyed hash of label, viewer and
//! position, and it also keys the hash that hides the position. For one viewer and label, equal
//! positions have equal ids. Nobody can forge an id.

use super::Sequence;
use crate::Viewer;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const TAG: usize = 16;
const POSITION: usize = 8;

/// The id of the row at that position, for that viewer.
pub fn seal(key: &[u8; 32], sequence: Sequence, viewer: Viewer, position: i64) -> String {
    let tag = tag(key, sequence, viewer, position);
    let mut id = tag.to_vec();
    id.extend(hide(key, &tag, position.to_be_bytes()));
    URL_SAFE_NO_PAD.encode(id)
}

/// The position in an id. `None` if this is not an id of such a row for this viewer.
pub fn open(key: &[u8; 32], sequence: Sequence, viewer: Viewer, id: &str) -> Option<i64> {
    let bytes = URL_SAFE_NO_PAD.decode(id).ok()?;
    let (given, hidden) = bytes.split_first_chunk::<TAG>()?;
    let position = i64::from_be_bytes(hide(key, given, hidden.try_into().ok()?));
    // The comparison need not take constant time: a viewer cannot learn anything from its duration.
    (tag(key, sequence, viewer, position) == *given).then_some(position)
}

fn tag(key: &[u8; 32], sequence: Sequence, viewer: Viewer, position: i64) -> [u8; TAG] {
    let mut tag = [0; TAG];
    let label = sequence.id_label.as_bytes();
    let hash = hash(key, &[label, viewer.id.as_bytes(), &position.to_be_bytes()]);
    tag.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
    tag
}

/// Hides the position, or reveals it again.
fn hide(key: &[u8; 32], tag: &[u8; TAG], mut position: [u8; POSITION]) -> [u8; POSITION] {
    let mask = hash(key, &[b"event position", tag]);
    position.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
    position
}

fn hash(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        unreachable!("HMAC takes keys of any length");
    };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::{open, seal};
    use crate::{Viewer, events, notifications};
    use entity::UserRole;
    use uuid::Uuid;

    #[test]
    fn an_id_is_good_for_its_viewer_alone_and_hides_the_position() {
        let (key, other_key) = ([1; 32], [2; 32]);
        let [ada, bob] = [1, 2].map(|n| Viewer { id: Uuid::from_u128(n), role: UserRole::Member });
        let of = events::SEQUENCE;
        let ids: Vec<String> = (0..100).map(|position| seal(&key, of, ada, position)).collect();
        for (position, id) in (0..).zip(&ids) {
            assert_eq!(open(&key, of, ada, id), Some(position));
            assert_eq!(open(&key, of, bob, id), None);
            assert_eq!(open(&key, notifications::SEQUENCE, ada, id), None);
            assert_eq!(open(&other_key, of, ada, id), None);
        }
        let mut sorted = ids.clone();
        sorted.sort();
        assert_ne!(sorted, ids, "their order is not that of the events");
        for nonsense in ["", "nonsense", "AAAA", "bWVtbyBldmVudCAx"] {
            assert_eq!(open(&key, of, ada, nonsense), None);
        }
    }
}
