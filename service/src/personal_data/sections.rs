//! The sections of a person's data, and the statement that reads one.
//!
//! A draft exists for its author alone. So each section passes over drafts, except those of the
//! person if the person reads.

use crate::database::Parameters;
use sea_orm::{DbBackend, Statement};
use uuid::Uuid;

/// How many rows one statement reads. A memo has up to 160 kB of text.
pub(super) const PAGE: usize = 50;

/// Whose data is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader {
    pub(super) person: Uuid,
    /// Whether the person reads, and not an administrator.
    pub(super) own: bool,
}

/// The place of a row in its section.
#[derive(Debug, Clone, Copy)]
pub(super) enum Key {
    Id(Uuid),
    Number(i64),
}

/// The column by which the rows of a section are ordered. It is unique within the section.
#[derive(Debug, Clone, Copy)]
pub(super) enum KeyColumn {
    Id(&'static str),
    Number(&'static str),
}

/// How a column is written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value {
    /// A global id of a kind with this prefix.
    Id(&'static str),
    Text,
    Number,
    Flag,
    Time,
    Day,
}

/// A member of a line.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: &'static str,
    pub(super) value: Value,
    /// Its value. `None` for the column of that name of the row `x`.
    pub(super) expression: Option<&'static str>,
}

/// Rows of one type.
#[derive(Debug)]
pub(super) struct Section {
    /// The type of its lines.
    pub(super) kind: &'static str,
    pub(super) key: KeyColumn,
    pub(super) members: &'static [Member],
    /// The tables and conditions.
    pub(super) rows: &'static str,
}

/// The condition that the memo of the row `x` is no draft, or the reader's own.
const VISIBLE: &str = "(
    EXISTS (
        SELECT 1
        FROM memos m
        WHERE m.id = x.memo_id AND (NOT m.draft OR (:own AND m.author_id = :person))
    )
    OR EXISTS (
        SELECT 1
        FROM deleted_memos d
        WHERE d.id = x.memo_id AND (NOT d.draft OR (:own AND d.author_id = :person))
    )
)";

impl Section {
    /// The rows after a key.
    pub(super) fn personal_rows_statement(
        &self,
        backend: DbBackend,
        reader: Reader,
        after: Option<Key>,
    ) -> Statement {
        let columns: Vec<String> = self
            .members
            .iter()
            .map(|Member { name, expression, .. }| match expression {
                Some(expression) => format!("{expression} AS {}", column_of(name)),
                None => format!("x.{}", column_of(name)),
            })
            .collect();
        let (KeyColumn::Id(key) | KeyColumn::Number(key)) = self.key;
        let mut parameters = Parameters::new(backend);
        parameters.bind("person", reader.person).bind("own", reader.own);
        match (self.key, after) {
            (KeyColumn::Number(_), Some(Key::Number(after))) => parameters.bind("after", after),
            (KeyColumn::Number(_), _) => parameters.bind("after", -1_i64),
            (KeyColumn::Id(_), Some(Key::Id(after))) => parameters.bind("after", after),
            (KeyColumn::Id(_), _) => parameters.bind("after", Uuid::nil()),
        };
        let (columns, rows) = (columns.join(", "), self.rows.replace("{visible}", VISIBLE));
        parameters.statement(&format!(
            "SELECT {columns}, {key} AS row_key
            {rows} AND {key} > :after
            ORDER BY {key}
            LIMIT {PAGE}"
        ))
    }
}

/// The column of a member: `createdAt` is `created_at`.
pub(super) fn column_of(name: &str) -> String {
    let mut column = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            column.push('_');
        }
        column.push(c.to_ascii_lowercase());
    }
    column
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{database::snapshot::assert_statement, personal_data::table::SECTIONS};

    #[test]
    fn statements_are_the_committed_ones() {
        let reader = Reader { person: Uuid::nil(), own: false };
        for section in SECTIONS {
            assert_statement(&format!("personal_rows.{}", section.kind), |backend| {
                section.personal_rows_statement(backend, reader, None)
            });
        }
    }
}
