//! The steps of an import. Each needs what the steps before it have made.

pub(crate) mod catalogue;
pub(crate) mod deletions;
mod insert;
pub(crate) mod memos;
pub(crate) mod people;
pub(crate) mod rest;
pub(crate) mod work;
pub(crate) mod work_files;

use crate::{bytes::Media, convert, known::Known, options::Options, staging::Staging};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use service::{Services, blobs::FileStore, progress::Progress};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// How many rows a transaction of people, catalogue and work has.
pub(crate) const PORTION: u64 = 500;

/// What every step needs.
pub(crate) struct Context<'a> {
    pub(crate) services: &'a Services,
    pub(crate) store: &'a FileStore,
    pub(crate) options: &'a Options,
    pub(crate) progress: &'a dyn Progress,
    pub(crate) staging: Arc<Staging>,
    pub(crate) media: Media,
    pub(crate) known: Known,
    pub(crate) ids: Ids,
    pub(crate) now: DateTime<Utc>,
}

/// Our ids of what is here, by the ids there.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    pub(crate) people: HashMap<i64, Uuid>,
    /// Names of people, for the beginnings of comments.
    pub(crate) names: HashMap<i64, String>,
    /// Who stands for people who are not there.
    pub(crate) unknown: Option<Uuid>,
    pub(crate) tags: HashMap<i64, Uuid>,
    pub(crate) resolutions: HashMap<i64, Uuid>,
    pub(crate) deals: HashMap<i64, Uuid>,
    pub(crate) tasks: HashMap<i64, Uuid>,
    pub(crate) projects: HashMap<i64, Uuid>,
}

impl Ids {
    /// A person, if they are there.
    pub(crate) fn person(&self, id: Option<i64>) -> Option<Uuid> {
        self.people.get(&id?).copied()
    }

    /// A person, or who stands for them.
    pub(crate) fn person_or_unknown(&self, id: Option<i64>) -> Uuid {
        self.person(id).or(self.unknown).unwrap_or_default()
    }
}

impl Context<'_> {
    /// The name of the source.
    pub(crate) fn source(&self) -> &str {
        &self.options.name
    }

    /// The id of what is made of a row.
    pub(crate) fn id_of(&self, table: &str, id: i64, created_at: DateTime<Utc>) -> Uuid {
        convert::id_of(self.source(), table, id, 0, created_at)
    }
}

/// The ids, there, of what a row was linked to.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Links {
    /// Subscribers of a memo, or people responsible for work.
    #[serde(default)]
    pub(crate) people: Vec<i64>,
    /// Tags of a memo, or subscribers of work.
    #[serde(default)]
    pub(crate) others: Vec<i64>,
}

impl Links {
    /// What was stored. Nothing if it is damaged.
    pub(crate) fn read(stored: Option<&str>) -> Self {
        stored.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    /// As it is stored.
    pub(crate) fn written(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }
}
