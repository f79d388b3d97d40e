//! What the parts of the inventory's statement are written with.

use crate::database::sql::{id_text, json_array, json_rows};
use sea_orm::DbBackend;

/// What the parts of the statement are written with: the names of its parameters, and where it
/// reads.
pub(super) struct Select {
    backend: DbBackend,
    /// Whether it reads a deleted memo.
    pub(super) of_deleted: bool,
    /// The memo's id.
    pub(super) memo: &'static str,
    /// The viewer's id.
    pub(super) viewer: &'static str,
    /// Whether the viewer is a chief.
    pub(super) is_chief: &'static str,
    /// The present moment.
    pub(super) now: &'static str,
    /// The comments' window: after which comment it begins,
    pub(super) after: &'static str,
    /// and how many there are in it at most.
    pub(super) limit: &'static str,
}

impl Select {
    /// For the rows of live or of deleted memos.
    pub(super) fn new(backend: DbBackend, of_deleted: bool) -> Self {
        Self {
            backend,
            of_deleted,
            memo: ":memo_id",
            viewer: ":viewer",
            is_chief: ":is_chief",
            now: ":now",
            after: ":after",
            limit: ":limit",
        }
    }

    /// Rows as a JSON array of arrays: the id of `t`, then those expressions. `m` is the memo.
    pub(super) fn rows(&self, expressions: &str, from: &str) -> String {
        let row = format!("{}, {expressions}", id_text(self.backend, "t.id"));
        let rows = json_rows(self.backend, &json_array(self.backend, &row));
        format!("(SELECT {rows}\n        {from})")
    }

    /// Rows of things that everybody may know who sees the memo.
    pub(super) fn things(&self, name: &str, from: &str) -> String {
        self.rows(&format!("{name}, 1"), from)
    }
}
