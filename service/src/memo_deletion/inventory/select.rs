//! How the parts of the inventory's statement are written.

use crate::database::sql::{id_text, json_array, json_rows};
use sea_orm::DbBackend;

/// The context of the parts of the statement: the database, and what they read.
pub(super) struct Select {
    /// The database.
    pub(super) backend: DbBackend,
    /// What the statement reads.
    pub(super) reads: Reads,
}

/// What the statement reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reads {
    /// A live memo, for its deletion.
    Live,
    /// Several live memos, for their deletion as one. A file that only they have goes with them.
    Selection,
    /// A deleted memo, for its record. The record says which files stay.
    Deleted,
    /// A deleted memo, for its erasure. It matters which files stay now.
    Erased,
}

impl Reads {
    /// The condition on a memo's id: which memos are read.
    pub(super) fn which(self) -> &'static str {
        match self {
            Self::Selection => "IN :memo_id",
            Self::Live | Self::Deleted | Self::Erased => "= :memo_id",
        }
    }

    /// The table of the memos that are read.
    pub(super) fn memos(self) -> &'static str {
        match self {
            Self::Live | Self::Selection => "memos",
            Self::Deleted | Self::Erased => entity::deleted_memo::TABLE,
        }
    }
}

impl Select {
    /// Rows as a JSON array of arrays: the id of `t`, then the expressions. `m` is the memo.
    pub(super) fn rows(&self, expressions: &str, from: &str) -> String {
        let id = id_text(self.backend, "t.id");
        let row = json_array(self.backend, &format!("{id}, {expressions}"));
        format!("(SELECT {}\n        {from})", json_rows(self.backend, &row))
    }
}
