//! The statement that reads a memo, live or deleted, with all its belongings. It has one column for
//! each row of the table. Preview, deletion, record and every page of their lists use the same
//! text. It also reads several live memos, one row each.

use super::{
    select::{Reads, Select},
    table::{Belonging, Source, TABLE},
};
use crate::{
    access::sees_work,
    database::{
        NamedText,
        sql::{column_names, ids_column},
    },
    directory::VERSION,
    sign_in_check::SIGN_IN_CHANGES,
};
use sea_orm::{DbBackend, Statement, Value};
use std::sync::LazyLock;

/// The names of its parameters: the memo (for a selection, the list of memos), the viewer, whether
/// the viewer is a chief, and the current time. The last two are the comment before the window and
/// the length of the window.
const PARAMETERS: [&str; 6] = ["memo_id", "viewer", "is_chief", "now", "after", "limit"];

/// The statement with those values.
pub(super) fn belongings_statement(
    backend: DbBackend,
    reads: Reads,
    values: &[(&'static str, Value); 6],
) -> Statement {
    type Text = LazyLock<NamedText>;
    static LIVE_ON_POSTGRES: Text = LazyLock::new(|| write(DbBackend::Postgres, Reads::Live));
    static SELECTION_ON_POSTGRES: Text =
        LazyLock::new(|| write(DbBackend::Postgres, Reads::Selection));
    static DELETED_ON_POSTGRES: Text = LazyLock::new(|| write(DbBackend::Postgres, Reads::Deleted));
    static ERASED_ON_POSTGRES: Text = LazyLock::new(|| write(DbBackend::Postgres, Reads::Erased));
    static LIVE_ON_SQLITE: Text = LazyLock::new(|| write(DbBackend::Sqlite, Reads::Live));
    static SELECTION_ON_SQLITE: Text = LazyLock::new(|| write(DbBackend::Sqlite, Reads::Selection));
    static DELETED_ON_SQLITE: Text = LazyLock::new(|| write(DbBackend::Sqlite, Reads::Deleted));
    static ERASED_ON_SQLITE: Text = LazyLock::new(|| write(DbBackend::Sqlite, Reads::Erased));
    let text = match (backend, reads) {
        (DbBackend::Postgres, Reads::Live) => &LIVE_ON_POSTGRES,
        (DbBackend::Postgres, Reads::Selection) => &SELECTION_ON_POSTGRES,
        (DbBackend::Postgres, Reads::Deleted) => &DELETED_ON_POSTGRES,
        (DbBackend::Postgres, Reads::Erased) => &ERASED_ON_POSTGRES,
        (_, Reads::Live) => &LIVE_ON_SQLITE,
        (_, Reads::Selection) => &SELECTION_ON_SQLITE,
        (_, Reads::Deleted) => &DELETED_ON_SQLITE,
        (_, Reads::Erased) => &ERASED_ON_SQLITE,
    };
    text.statement(values)
}

fn write(backend: DbBackend, reads: Reads) -> NamedText {
    let select = Select { backend, reads };
    let columns: Vec<String> =
        TABLE.iter().filter_map(|belonging| columns(&select, belonging)).collect();
    let joins: String = TABLE.iter().filter_map(join).collect();
    let (table, which) = (reads.memos(), reads.which());
    let memo = column_names::<entity::memo::Entity>("m.");
    let text = format!(
        "SELECT {memo}, {}, {SIGN_IN_CHANGES}, {VERSION} AS directory_version
        FROM {table} m{joins}
        WHERE m.id {which}",
        columns.join(", ")
    );
    NamedText::new(backend, &text, PARAMETERS)
}

/// The columns of a belonging. `None` if the memo's own row has all of it.
fn columns(select: &Select, belonging: &Belonging) -> Option<String> {
    let name = belonging.name;
    match (belonging.source, belonging.table) {
        (Source::Rows(part, _) | Source::Page(part, _), _) => {
            Some(format!("{} AS {name}", part(select)))
        }
        (Source::Links(column, _), Some(table)) => {
            let ids = ids_column(select.backend, &format!("x.{column}"));
            Some(format!("(SELECT {ids} FROM {table} x WHERE x.memo_id = m.id) AS {name}"))
        }
        (Source::Work(_), _) => {
            let sees = sees_work(name, name, ":viewer", ":is_chief");
            Some(format!("{name}.name AS {name}_name, {sees} AS viewer_sees_{name}"))
        }
        (Source::Itself | Source::Links(..) | Source::Pointer(..), _) => None,
    }
}

/// The join that a belonging needs.
fn join(belonging: &Belonging) -> Option<String> {
    let name = belonging.name;
    matches!(belonging.source, Source::Work(_))
        .then(|| format!(" LEFT JOIN {name}s {name} ON {name}.id = m.{name}_id"))
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
            ("belongings.selection", Reads::Selection),
            ("belongings.deleted", Reads::Deleted),
            ("belongings.erased", Reads::Erased),
        ] {
            assert_statement(name, |backend| belongings_statement(backend, reads, &values()));
        }
    }
}
