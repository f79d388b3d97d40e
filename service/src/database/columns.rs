//! Reads the columns of a row, and rows of tables that lists read.
//!
//! The usual way to read a model formats the name of every column and, for every null, an error
//! that nobody sees. A page of 20 memos has a thousand columns, so that costs more than their
//! values.

use crate::{Error, Result};
use entity::{memo, project, task};
use sea_orm::{ActiveEnum, DbErr, QueryResult, RuntimeErr};
use sqlx::{Column, Decode, Postgres, Row, Sqlite, Type, postgres::PgRow, sqlite::SqliteRow};
use std::sync::Arc;
use uuid::Uuid;

/// A type that both drivers read.
pub(crate) trait Readable:
    for<'r> Decode<'r, Postgres> + Type<Postgres> + for<'r> Decode<'r, Sqlite> + Type<Sqlite>
{
}

impl<T> Readable for T where
    T: for<'r> Decode<'r, Postgres> + Type<Postgres> + for<'r> Decode<'r, Sqlite> + Type<Sqlite>
{
}

/// A row as its driver has it.
#[derive(Clone, Copy)]
enum DriverRow<'r> {
    Postgres(&'r PgRow),
    Sqlite(&'r SqliteRow),
}

/// The columns of a row whose names have the same prefix. They are found fastest in their order.
pub(crate) struct Columns<'r> {
    row: DriverRow<'r>,
    prefix: &'static str,
    next: usize,
}

impl<'r> Columns<'r> {
    /// The columns with the prefix. It is not part of their names below.
    ///
    /// # Errors
    /// Returns an error if the row is of another driver.
    pub(crate) fn of(row: &'r QueryResult, prefix: &'static str) -> Result<Self> {
        let postgres = row.try_as_pg_row().map(DriverRow::Postgres);
        let row = postgres.or_else(|| row.try_as_sqlite_row().map(DriverRow::Sqlite));
        let row = row.ok_or_else(|| Error::Inconsistent("a row of another driver".to_owned()))?;
        Ok(Self { row, prefix, next: 0 })
    }

    /// The value of a column.
    ///
    /// # Errors
    /// Returns an error if there is no such column, or if it has another type.
    pub(crate) fn read<T: Readable>(&mut self, name: &str) -> Result<T> {
        let index = self.find(name)?;
        self.next = index + 1;
        let value = match self.row {
            DriverRow::Postgres(row) => row.try_get(index),
            DriverRow::Sqlite(row) => row.try_get(index),
        };
        value.map_err(unreadable)
    }

    /// The value of a column that holds one of several texts.
    ///
    /// # Errors
    /// Returns an error if there is no such column, or if it holds another value.
    pub(crate) fn read_enum<E: ActiveEnum<Value = String>>(&mut self, name: &str) -> Result<E> {
        Ok(E::try_from_value(&self.read(name)?)?)
    }

    /// The same for a column that may be null.
    ///
    /// # Errors
    /// Returns an error if there is no such column, or if it holds another value.
    pub(crate) fn read_optional_enum<E: ActiveEnum<Value = String>>(
        &mut self,
        name: &str,
    ) -> Result<Option<E>> {
        let text: Option<String> = self.read(name)?;
        Ok(text.map(|text| E::try_from_value(&text)).transpose()?)
    }

    fn find(&self, name: &str) -> Result<usize> {
        let found = match self.row {
            DriverRow::Postgres(row) => self.index(row.columns(), name),
            DriverRow::Sqlite(row) => self.index(row.columns(), name),
        };
        found.ok_or_else(|| unreadable(sqlx::Error::ColumnNotFound(name.to_owned())))
    }

    fn index<C: Column>(&self, columns: &[C], name: &str) -> Option<usize> {
        let has_name = |column: &C| column.name().strip_prefix(self.prefix) == Some(name);
        if columns.get(self.next).is_some_and(has_name) {
            return Some(self.next);
        }
        columns.iter().position(has_name)
    }
}

/// The error of a column that cannot be read.
pub(super) fn unreadable(error: sqlx::Error) -> Error {
    DbErr::Query(RuntimeErr::SqlxError(Arc::new(error))).into()
}

/// A row of a table, in the columns of a statement.
pub(crate) trait FromColumns: Sized {
    /// Reads the row.
    ///
    /// # Errors
    /// Returns an error if a column is missing or holds another type.
    fn from_columns(columns: Columns<'_>) -> Result<Self>;

    /// Reads it from columns with the prefix.
    ///
    /// # Errors
    /// The same.
    fn read(row: &QueryResult, prefix: &'static str) -> Result<Self> {
        Self::from_columns(Columns::of(row, prefix)?)
    }

    /// Reads it from the columns of an outer join. `None` if nothing was joined.
    ///
    /// # Errors
    /// The same.
    fn read_joined(row: &QueryResult, prefix: &'static str) -> Result<Option<Self>> {
        match Columns::of(row, prefix)?.read::<Option<Uuid>>("id")? {
            Some(_) => Self::read(row, prefix).map(Some),
            None => Ok(None),
        }
    }
}

impl FromColumns for memo::Model {
    fn from_columns(mut columns: Columns<'_>) -> Result<Self> {
        Ok(Self {
            id: columns.read("id")?,
            name: columns.read("name")?,
            description: columns.read("description")?,
            conclusion: columns.read("note")?,
            author_id: columns.read("author_id")?,
            recipient_id: columns.read("recipient_id")?,
            stage: columns.read_enum("stage")?,
            draft: columns.read("draft")?,
            review_date: columns.read("review_date")?,
            deal_id: columns.read("deal_id")?,
            task_id: columns.read("task_id")?,
            project_id: columns.read("project_id")?,
            resolution_id: columns.read("resolution_id")?,
            sent_at: columns.read("sent_at")?,
            acted_at: columns.read("acted_at")?,
            acted_stage: columns.read_optional_enum("acted_stage")?,
            created_at: columns.read("created_at")?,
            updated_at: columns.read("updated_at")?,
            version: columns.read("version")?,
            revision: columns.read("revision")?,
            on_hold: columns.read("on_hold")?,
            comment_count: columns.read("comment_count")?,
            author_comment_count: columns.read("author_comment_count")?,
            recipient_comment_count: columns.read("recipient_comment_count")?,
        })
    }
}

macro_rules! work {
    ($($entity:ident),+) => {
        $(
            impl FromColumns for $entity::Model {
                fn from_columns(mut columns: Columns<'_>) -> Result<Self> {
                    Ok(Self {
                        id: columns.read("id")?,
                        name: columns.read("name")?,
                        description: columns.read("description")?,
                        status: columns.read_enum("stage")?,
                        due_date: columns.read("due_date")?,
                        created_by: columns.read("created_by")?,
                        created_at: columns.read("created_at")?,
                        source_memo_id: columns.read("source_memo_id")?,
                    })
                }
            }
        )+
    };
}

work! { task, project }
