//! A line of the ledger: one JSON object, whose last member is a keyed hash over the object and the
//! hash of the line before.
//!
//! Equal entries at equal places are equal lines. So it does not matter which server appends them.

use chrono::{DateTime, Utc};
use entity::{LedgerKind, memo_deletion};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use uuid::Uuid;

/// The text between the object and its hash.
const HASH: &str = ",\"hash\":\"";
/// The number of hexadecimal digits of a hash.
const DIGITS: usize = 64;
/// The end of a line.
const END: &str = "\"}";

/// What a line says: ids, times and keyed hashes, but no text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// What happened.
    pub kind: LedgerKind,
    /// When it happened.
    pub time: DateTime<Utc>,
    /// The record of the deletion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deletion: Option<Uuid>,
    /// The memo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memo: Option<Uuid>,
    /// Who deleted or restored it, or who erased a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<Uuid>,
    /// The erased person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erased_person: Option<Uuid>,
    /// Keyed hashes that recognise the erased person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identities: Vec<String>,
    /// Until when a deleted memo can be restored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restorable_until: Option<DateTime<Utc>>,
}

impl Entry {
    /// An entry of a record.
    pub(super) fn of(
        kind: LedgerKind,
        time: DateTime<Utc>,
        deletion: Uuid,
        memo: Uuid,
        person: Option<Uuid>,
    ) -> Self {
        let (deletion, memo) = (Some(deletion), Some(memo));
        Self { deletion, memo, person, ..Self::at(kind, time) }
    }

    /// An entry that says only what happened, and when.
    pub(super) fn at(kind: LedgerKind, time: DateTime<Utc>) -> Self {
        Self {
            kind,
            time,
            deletion: None,
            memo: None,
            person: None,
            erased_person: None,
            identities: Vec::new(),
            restorable_until: None,
        }
    }

    /// An entry of the erasure of a person.
    pub(super) fn of_person(
        time: DateTime<Utc>,
        erased_person: Uuid,
        administrator: Option<Uuid>,
        identities: Vec<String>,
    ) -> Self {
        Self {
            person: administrator,
            erased_person: Some(erased_person),
            identities,
            ..Self::at(LedgerKind::PersonErased, time)
        }
    }

    /// All that a record says, in order.
    pub(super) fn of_record(record: &memo_deletion::Model) -> Vec<Self> {
        let of = |kind, time, person| Self::of(kind, time, record.id, record.memo_id, person);
        let deleted = Self {
            restorable_until: Some(record.restorable_until),
            ..of(LedgerKind::Deleted, record.deleted_at, Some(record.deleted_by))
        };
        let restored =
            record.restored_at.map(|time| of(LedgerKind::Restored, time, record.restored_by));
        let kind = record.erased_by.map_or(LedgerKind::Purged, |_| LedgerKind::Erased);
        let purged = record.purged_at.map(|time| of(kind, time, record.erased_by));
        [Some(deleted), restored, purged].into_iter().flatten().collect()
    }

    /// What distinguishes it from all other entries. `None` for the first line.
    pub(super) fn key(&self) -> Option<EntryKey> {
        self.deletion.or(self.erased_person).map(|id| (self.kind, id))
    }
}

/// What distinguishes an entry: its kind, and its record or its person.
pub(super) type EntryKey = (LedgerKind, Uuid);

/// A line that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number. The first line is 1.
    pub number: i64,
    /// What it says.
    pub entry: Entry,
    /// Its hash, in hexadecimal digits.
    pub(super) hash: String,
    /// Whether its hash was checked. Otherwise, it was hashed with an unknown secret.
    pub(super) verified: bool,
}

/// The members of a line before its hash.
#[derive(Serialize, Deserialize)]
struct Members {
    number: i64,
    #[serde(flatten)]
    entry: Entry,
    /// Names the key of the hash.
    key: String,
}

/// The keys of the hashes. Cheap to clone.
#[derive(Clone)]
pub struct LedgerKeys {
    current: Key,
    former: Vec<Key>,
}

#[derive(Clone)]
struct Key {
    id: String,
    key: [u8; 32],
}

impl LedgerKeys {
    /// The key with which lines are hashed.
    pub fn new(key: [u8; 32]) -> Self {
        Self { current: Key::new(key), former: Vec::new() }
    }

    /// The same keys, and one with which earlier lines were hashed.
    #[must_use]
    pub fn with_former(mut self, key: [u8; 32]) -> Self {
        self.former.push(Key::new(key));
        self
    }

    /// Writes a line after a line with the hash `before`. Returns the text with a line break, and
    /// the hash.
    ///
    /// # Errors
    /// Returns errors of the library for JSON.
    pub(super) fn write(
        &self,
        number: i64,
        before: &str,
        entry: Entry,
    ) -> Result<(String, String), serde_json::Error> {
        let members = Members { number, entry, key: self.current.id.clone() };
        let object = serde_json::to_string(&members)?;
        let hash = self.current.hash(before, &object);
        let open = object.strip_suffix('}').unwrap_or(&object);
        Ok((format!("{open}{HASH}{hash}{END}\n"), hash))
    }

    /// Reads a line that follows a line with the hash `before`. Without it, the hash is not
    /// checked.
    ///
    /// # Errors
    /// Returns what is wrong with the line.
    pub(super) fn read(&self, text: &str, before: Option<&str>) -> Result<Line, String> {
        let no_line = || "it is no line of a ledger".to_owned();
        let open = text.strip_suffix(END).ok_or_else(no_line)?;
        let (open, hash) =
            open.split_at_checked(open.len().saturating_sub(DIGITS)).ok_or_else(no_line)?;
        let object = format!("{}}}", open.strip_suffix(HASH).ok_or_else(no_line)?);
        let members: Members = serde_json::from_str(&object)
            .map_err(|error| format!("it cannot be read ({error})"))?;
        let mut keys = std::iter::once(&self.current).chain(&self.former);
        let key = keys.find(|key| key.id == members.key);
        if let (Some(before), Some(key)) = (before, key)
            && key.hash(before, &object) != hash
        {
            let problem =
                "its hash is wrong: it or the line before it was changed, moved or removed";
            return Err(problem.to_owned());
        }
        Ok(Line {
            number: members.number,
            entry: members.entry,
            hash: hash.to_owned(),
            verified: key.is_some(),
        })
    }
}

impl Key {
    fn new(key: [u8; 32]) -> Self {
        let mut id = hash(&key, b"memoranda: name of this key");
        id.truncate(16);
        Self { id, key }
    }

    fn hash(&self, before: &str, object: &str) -> String {
        hash(&self.key, format!("{before}\n{object}").as_bytes())
    }
}

fn hash(key: &[u8], bytes: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        unreachable!("HMAC takes keys of any length");
    };
    mac.update(bytes);
    hex::encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        let (id, now) = (Uuid::nil(), DateTime::UNIX_EPOCH);
        Entry::of(LedgerKind::Deleted, now, id, id, None)
    }

    #[test]
    fn a_line_is_one_json_object_of_ids_and_times() {
        let (text, hash) = LedgerKeys::new([7; 32]).write(3, "before", entry()).unwrap();
        insta::assert_snapshot!(text.trim_end().replace(',', "\n"), @r#"
        {"number":3
        "kind":"DELETED"
        "time":"1970-01-01T00:00:00Z"
        "deletion":"00000000-0000-0000-0000-000000000000"
        "memo":"00000000-0000-0000-0000-000000000000"
        "key":"e1f7e433299c5a57"
        "hash":"d83023ce7dab2e39a3fa0c60220b259a864a1b0e437ea880356546097030af48"}
        "#);
        assert_eq!(text.matches('\n').count(), 1);
        let object: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(object["hash"], hash.as_str());
    }

    #[test]
    fn a_line_is_read_only_as_it_was_written_and_after_the_line_before() {
        let keys = LedgerKeys::new([7; 32]);
        let (text, hash) = keys.write(3, "before", entry()).unwrap();
        let text = text.trim_end();
        let line = keys.read(text, Some("before")).unwrap();
        assert_eq!((line.number, line.hash, line.verified), (3, hash, true));
        assert_eq!(line.entry, entry());
        assert!(keys.read(text, Some("another")).unwrap_err().contains("its hash is wrong"));
        for (from, to) in [("3", "4"), ("DELETED", "PURGED"), ("1970", "1971")] {
            let changed = text.replacen(from, to, 1);
            assert_ne!(changed, text);
            assert!(keys.read(&changed, Some("before")).is_err(), "{changed}");
        }
        for n in 0..text.len() {
            assert!(keys.read(&text[..n], Some("before")).is_err(), "the first {n} characters");
        }
    }

    #[test]
    fn a_line_of_another_secret_is_checked_only_with_that_secret() {
        let (old, new) = (LedgerKeys::new([7; 32]), LedgerKeys::new([8; 32]));
        let (text, _) = old.write(3, "before", entry()).unwrap();
        assert!(!new.read(text.trim_end(), Some("another")).unwrap().verified);
        let both = new.with_former([7; 32]);
        assert!(both.read(text.trim_end(), Some("before")).unwrap().verified);
        assert!(both.read(text.trim_end(), Some("another")).is_err());
    }
}
