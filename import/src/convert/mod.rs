//! Converts rows of the source into ours. Nothing here asks a database.

pub(crate) mod file;
pub(crate) mod memo;
pub(crate) mod message;
pub(crate) mod moments;
pub(crate) mod person;
pub(crate) mod text;
pub(crate) mod work;

use chrono::{DateTime, Utc};
use serde::Serialize;
use service::clock::{Randomness, new_id};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The id of what is made of a row. The same row always gets the same id, so an import that was
/// interrupted makes the same things as one that was not. Ids sort by the moment, as all ids do.
pub(crate) fn id_of(
    source: &str,
    table: &str,
    id: i64,
    part: usize,
    created_at: DateTime<Utc>,
) -> Uuid {
    let hash = Sha256::digest(format!("{source}\n{table}\n{id}\n{part}"));
    let mut bytes = [0; 10];
    bytes.copy_from_slice(hash.get(..10).unwrap_or(&[0; 10]));
    new_id(created_at, &Fixed(bytes))
}

/// The bytes of an id that are random otherwise.
#[derive(Debug)]
struct Fixed([u8; 10]);

impl Randomness for Fixed {
    fn bytes(&self) -> [u8; 10] {
        self.0
    }
}

/// The hash of what was made of a row. A row of ours with another hash was changed here.
pub(crate) fn hash_of(row: &impl Serialize) -> String {
    // Rows always have a form as JSON.
    let json = serde_json::to_vec(row).unwrap_or_default();
    let hash = Sha256::digest(json);
    hex::encode(hash.get(..16).unwrap_or_default())
}

/// What a conversion makes, and what is odd about the row.
#[derive(Debug, Clone)]
pub(crate) struct Converted<T> {
    pub(crate) row: T,
    pub(crate) oddities: Vec<(crate::oddity::Oddity, Option<String>)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_gets_one_id_whenever_it_is_imported() {
        let at = DateTime::from_timestamp_millis(1_764_000_000_123).unwrap();
        let id = id_of("django-crm", "tasks_memo", 7, 0, at);
        assert_eq!(id, id_of("django-crm", "tasks_memo", 7, 0, at));
        assert_eq!(id.get_version_num(), 7);
        for other in [
            id_of("other", "tasks_memo", 7, 0, at),
            id_of("django-crm", "tasks_task", 7, 0, at),
            id_of("django-crm", "tasks_memo", 8, 0, at),
            id_of("django-crm", "tasks_memo", 7, 1, at),
        ] {
            assert_ne!(id, other);
        }
        assert!(id < id_of("a", "b", 1, 0, at + chrono::TimeDelta::milliseconds(1)));
    }
}
