//! The parts of a backup.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt::{self, Debug, Display};

/// The number of this format. A program refuses backups with a higher one.
pub(crate) const FORMAT: u32 = 1;

/// The name of the first part.
pub(crate) const HEAD: &str = "memoranda-backup.json";
/// The beginning of the names of files.
pub(crate) const FILES: &str = "files/";
/// The name of the database.
pub(crate) const DATABASE: &str = "memoranda.db";
/// The name of the last part.
pub(crate) const END: &str = "end.json";

/// The first part.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Head {
    /// [`FORMAT`] of the program that made the backup.
    pub(crate) format: u32,
    /// The version of that program.
    pub(crate) version: String,
    /// When the backup began. Everything that was acknowledged before is in it.
    pub(crate) started_at: DateTime<Utc>,
}

/// The last part.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct End {
    /// The hash of the database.
    pub(crate) database: Digest,
    /// How many contents of files the database has. Equal contents count once.
    pub(crate) files: u64,
    /// Their bytes.
    pub(crate) file_bytes: u64,
    /// Contents that were lost before the backup, and are not in it.
    pub(crate) lost: Vec<Digest>,
}

/// A SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub(crate) struct Digest(pub(crate) [u8; 32]);

impl Digest {
    /// Reads 64 hexadecimal digits.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }
}

impl Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

impl TryFrom<String> for Digest {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("{text:?} is no SHA-256"))
    }
}
