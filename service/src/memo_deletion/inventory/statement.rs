//! The statement that reads a memo, live or deleted, with all that hangs on it: one column for each
//! row of the table. One text serves preview, deletion, record and every page of their lists.

use super::table::{Source, TABLE};
use crate::database::sql::{id_text, json_array, json_rows};
use sea_orm::DbBackend;
use std::sync::LazyLock;

/// What the parts of the statement are written with: the names of its parameters, and where it
/// reads.
pub(super) struct Select {
    backend: DbBackend,
    /// Whether it reads a deleted memo.
    pub(super) of_deleted: bool,
    /// The memo's id.
    memo: &'static str,
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
    fn new(backend: DbBackend, of_deleted: bool) -> Self {
        Self {
            backend,
            of_deleted,
            memo: "$1",
            viewer: "$2",
            is_chief: "$3",
            now: "$4",
            after: "$5",
            limit: "$6",
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

    fn statement(&self) -> String {
        let columns: Vec<String> = TABLE
            .iter()
            .filter_map(|belonging| match belonging.source {
                Source::Itself => None,
                Source::Column(select, _) | Source::Page(select, _) => {
                    Some(format!(",\n    {} AS {}", select(self), belonging.name))
                }
            })
            .collect();
        let table = if self.of_deleted { entity::deleted_memo::TABLE } else { "memos" };
        format!("SELECT m.*{}\nFROM {table} m WHERE m.id = {}", columns.concat(), self.memo)
    }
}

/// The text of the statement. Its parameters are: the memo, the viewer, whether they are a chief,
/// the present moment, the comment after which the window begins, and its length.
pub(super) fn text(backend: DbBackend, of_deleted: bool) -> &'static str {
    type Text = LazyLock<String>;
    static LIVE_ON_POSTGRES: Text =
        LazyLock::new(|| Select::new(DbBackend::Postgres, false).statement());
    static DELETED_ON_POSTGRES: Text =
        LazyLock::new(|| Select::new(DbBackend::Postgres, true).statement());
    static LIVE_ON_SQLITE: Text =
        LazyLock::new(|| Select::new(DbBackend::Sqlite, false).statement());
    static DELETED_ON_SQLITE: Text =
        LazyLock::new(|| Select::new(DbBackend::Sqlite, true).statement());
    match (backend, of_deleted) {
        (DbBackend::Postgres, false) => &LIVE_ON_POSTGRES,
        (DbBackend::Postgres, true) => &DELETED_ON_POSTGRES,
        (_, false) => &LIVE_ON_SQLITE,
        (_, true) => &DELETED_ON_SQLITE,
    }
}
