//! What the parts of the inventory's statement are written with.

use crate::database::sql::{id_text, json_array, json_rows};
use sea_orm::DbBackend;

/// What the parts of the statement are written with: for which database, and where they read.
pub(super) struct Select {
    /// The database.
    pub(super) backend: DbBackend,
    /// Whether it reads a deleted memo.
    pub(super) of_deleted: bool,
}

impl Select {
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
