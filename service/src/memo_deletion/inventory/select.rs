//! How the parts of the inventory's statement are written.

use crate::database::sql::{id_text, json_array, json_rows, json_text};
use sea_orm::DbBackend;

/// The context of the parts of the statement: the database, and which tables they read.
pub(super) struct Select {
    /// The database.
    pub(super) backend: DbBackend,
    /// Whether the statement reads a deleted memo.
    pub(super) of_deleted: bool,
}

impl Select {
    /// Rows as a JSON array of arrays: the id of `t`, then the expressions. `m` is the memo.
    pub(super) fn rows(&self, expressions: &str, from: &str) -> String {
        let row = format!("{}, {expressions}", id_text(self.backend, "t.id"));
        let rows = json_rows(self.backend, &json_array(self.backend, &row));
        format!("(SELECT {rows}\n        {from})")
    }

    /// The same, where there is at most one row: without the cost of an aggregate.
    pub(super) fn row(&self, expressions: &str, from: &str) -> String {
        let row = format!("{}, {expressions}", id_text(self.backend, "t.id"));
        let rows = json_text(self.backend, &json_array(self.backend, &row));
        format!("(SELECT {rows}\n        {from})")
    }

    /// Rows of things that are visible to everybody who sees the memo.
    pub(super) fn things(&self, name: &str, from: &str) -> String {
        self.rows(&format!("{name}, 1"), from)
    }
}
