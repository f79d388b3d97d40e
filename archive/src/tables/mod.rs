//! What an archive has: each table with its columns, and what is left out.
//!
//! A test compares these lists with the database, so that a migration cannot forget one.

mod left_out;
mod list;

pub use left_out::LEFT_OUT;
pub use list::TABLES;

/// A table of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// How many of its first columns are its key. Rows are in the order of the key.
    pub key: usize,
    /// Its columns: all that the database has.
    pub columns: &'static [Column],
    /// The condition of the rows that are in an archive, as SQL for both databases. `None`: all.
    pub only: Option<&'static str>,
    /// Whether a migration writes rows, which an import replaces.
    pub is_prefilled: bool,
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it has.
    pub kind: Kind,
    /// Whether it may be null.
    pub nullable: bool,
}

/// What a column has, and how JSON shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A UUID: a text of 36 characters.
    Uuid,
    /// A whole number of 64 bits: a number with all its digits.
    Integer,
    /// True or false.
    Bool,
    /// A moment: RFC 3339 in UTC, with at most six digits of a second.
    Time,
    /// A day: `2026-03-02`.
    Date,
    /// JSON, with the keys of objects in their order.
    Json,
}

impl Table {
    /// The table with this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        TABLES.iter().find(|table| table.name == name)
    }

    /// The columns of its key.
    pub fn key_columns(&self) -> &'static [Column] {
        self.columns.get(..self.key).unwrap_or(self.columns)
    }
}
