//! The statement that reads a memo, live or deleted, with all its belongings. It has one column for
//! each row of the table. Preview, deletion, record and every page of their lists use the same
//! text.

use super::{
    select::{Reads, Select},
    table::{Source, TABLE},
};
use crate::{database::NamedText, sign_in_check::SIGN_IN_CHANGES};
use sea_orm::{DbBackend, Statement, Value};
use std::sync::LazyLock;

/// The names of its parameters: the memo, the viewer, whether the viewer is a chief, and the
/// current time. The last two are the comment before the window and the length of the window.
const PARAMETERS: [&str; 6] = ["memo_id", "viewer", "is_chief", "now", "after", "limit"];

/// The statement with those values.
pub(super) fn belongings_statement(
    backend: DbBackend,
    reads: Reads,
    values: &[(&'static str, Value); 6],
) -> Statement {
    type Text = LazyLock<NamedText>;
    static LIVE_ON_POSTGRES: Text = LazyLock::new(|| write(DbBackend::Postgres, Reads::Live));
    static DELETED_ON_POSTGRES: Text = LazyLock::new(|| write(DbBackend::Postgres, Reads::Deleted));
    static ERASED_ON_POSTGRES: Text = LazyLock::new(|| write(DbBackend::Postgres, Reads::Erased));
    static LIVE_ON_SQLITE: Text = LazyLock::new(|| write(DbBackend::Sqlite, Reads::Live));
    static DELETED_ON_SQLITE: Text = LazyLock::new(|| write(DbBackend::Sqlite, Reads::Deleted));
    static ERASED_ON_SQLITE: Text = LazyLock::new(|| write(DbBackend::Sqlite, Reads::Erased));
    let text = match (backend, reads) {
        (DbBackend::Postgres, Reads::Live) => &LIVE_ON_POSTGRES,
        (DbBackend::Postgres, Reads::Deleted) => &DELETED_ON_POSTGRES,
        (DbBackend::Postgres, Reads::Erased) => &ERASED_ON_POSTGRES,
        (_, Reads::Live) => &LIVE_ON_SQLITE,
        (_, Reads::Deleted) => &DELETED_ON_SQLITE,
        (_, Reads::Erased) => &ERASED_ON_SQLITE,
    };
    text.statement(values)
}

fn write(backend: DbBackend, reads: Reads) -> NamedText {
    let select = Select { backend, reads };
    let columns: Vec<String> = TABLE
        .iter()
        .filter_map(|belonging| match belonging.source {
            Source::Itself => None,
            Source::Column(part, _) | Source::Page(part, _) => {
                Some(format!(",\n    {} AS {}", part(&select), belonging.name))
            }
        })
        .collect();
    let table = if reads == Reads::Live { "memos" } else { entity::deleted_memo::TABLE };
    let text = format!(
        "SELECT m.*{},\n    {SIGN_IN_CHANGES}\nFROM {table} m WHERE m.id = :memo_id",
        columns.concat()
    );
    NamedText::new(backend, &text, PARAMETERS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::snapshot::assert_statement;

    #[test]
    fn statements_are_the_committed_ones() {
        let values = || PARAMETERS.map(|name| (name, Value::from("a value")));
        for (name, reads) in [
            ("belongings.live", Reads::Live),
            ("belongings.deleted", Reads::Deleted),
            ("belongings.erased", Reads::Erased),
        ] {
            assert_statement(name, |backend| belongings_statement(backend, reads, &values()));
        }
    }
}
