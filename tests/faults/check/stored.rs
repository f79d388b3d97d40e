//! The stored data, in the form that the checks need.

use crate::{Result, rows};
use service::database::Database;
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// A stored memo.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) deleted: bool,
    pub(super) draft: bool,
    pub(super) stage: String,
    pub(super) comments: Vec<String>,
    pub(super) files: Vec<Uuid>,
    pub(super) events: Vec<String>,
}

/// All memos by name, and all events in order.
#[derive(Debug, Default)]
pub(super) struct Stored {
    pub(super) memos: HashMap<Uuid, (String, Row)>,
    pub(super) names: BTreeMap<String, Vec<Uuid>>,
    /// Memo and kind.
    pub(super) events: Vec<(Uuid, String)>,
}

impl Stored {
    /// Reads the data.
    ///
    /// # Errors
    /// The error of the database.
    pub(super) async fn read(database: &Database) -> Result<Self> {
        let mut stored = Self::default();
        for (table, deleted) in [("memos", false), ("deleted_memos", true)] {
            for row in
                rows::all(database, format!("SELECT id, name, draft, stage FROM {table}")).await?
            {
                let (id, name): (Uuid, String) = (row.try_get("", "id")?, row.try_get("", "name")?);
                let (draft, stage) = (row.try_get("", "draft")?, row.try_get("", "stage")?);
                stored.names.entry(name.clone()).or_default().push(id);
                stored
                    .memos
                    .insert(id, (name, Row { id, deleted, draft, stage, ..Row::default() }));
            }
        }
        let comments =
            "SELECT c.memo_id, c.body FROM memo_ids i JOIN comments c ON c.memo_id = i.id";
        for row in rows::all(database, comments).await? {
            let (memo, body): (Uuid, String) =
                (row.try_get("", "memo_id")?, row.try_get("", "body")?);
            stored.memo(memo, |memo| memo.comments.push(body));
        }
        let files =
            "SELECT c.memo_id, c.file_id FROM memo_ids i JOIN memo_files c ON c.memo_id = i.id";
        for row in rows::all(database, files).await? {
            let (memo, file): (Uuid, Uuid) =
                (row.try_get("", "memo_id")?, row.try_get("", "file_id")?);
            stored.memo(memo, |memo| memo.files.push(file));
        }
        for row in
            rows::all(database, "SELECT memo_id, kind FROM memo_events ORDER BY position").await?
        {
            let (memo, kind): (Uuid, String) =
                (row.try_get("", "memo_id")?, row.try_get("", "kind")?);
            stored.memo(memo, |memo| memo.events.push(kind.clone()));
            stored.events.push((memo, kind));
        }
        Ok(stored)
    }

    /// The files of deleted memos.
    pub(super) fn hidden_files(&self) -> HashSet<Uuid> {
        let deleted = self.memos.values().filter(|(_, row)| row.deleted);
        deleted.flat_map(|(_, row)| row.files.iter().copied()).collect()
    }

    fn memo(&mut self, id: Uuid, change: impl FnOnce(&mut Row)) {
        if let Some((_, memo)) = self.memos.get_mut(&id) {
            change(memo);
        }
    }
}
