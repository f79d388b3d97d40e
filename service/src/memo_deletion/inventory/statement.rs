//! The statement that reads a memo, live or deleted, with all that hangs on it: one column for each
//! row of the table. One text serves preview, deletion, record and every page of their lists.

use super::{
    select::Select,
    table::{Source, TABLE},
};
use sea_orm::DbBackend;
use std::sync::LazyLock;

/// The text of the statement. Its parameters are: the memo, the viewer, whether they are a chief,
/// the present moment, the comment after which the window begins, and its length.
pub(super) fn text(backend: DbBackend, of_deleted: bool) -> &'static str {
    type Text = LazyLock<String>;
    static LIVE_ON_POSTGRES: Text = LazyLock::new(|| write(DbBackend::Postgres, false));
    static DELETED_ON_POSTGRES: Text = LazyLock::new(|| write(DbBackend::Postgres, true));
    static LIVE_ON_SQLITE: Text = LazyLock::new(|| write(DbBackend::Sqlite, false));
    static DELETED_ON_SQLITE: Text = LazyLock::new(|| write(DbBackend::Sqlite, true));
    match (backend, of_deleted) {
        (DbBackend::Postgres, false) => &LIVE_ON_POSTGRES,
        (DbBackend::Postgres, true) => &DELETED_ON_POSTGRES,
        (_, false) => &LIVE_ON_SQLITE,
        (_, true) => &DELETED_ON_SQLITE,
    }
}

fn write(backend: DbBackend, of_deleted: bool) -> String {
    let select = Select::new(backend, of_deleted);
    let columns: Vec<String> = TABLE
        .iter()
        .filter_map(|belonging| match belonging.source {
            Source::Itself => None,
            Source::Column(part, _) | Source::Page(part, _) => {
                Some(format!(",\n    {} AS {}", part(&select), belonging.name))
            }
        })
        .collect();
    let table = if of_deleted { entity::deleted_memo::TABLE } else { "memos" };
    format!("SELECT m.*{}\nFROM {table} m WHERE m.id = {}", columns.concat(), select.memo)
}
