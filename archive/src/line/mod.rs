//! A row as a line of JSON, and back.

mod parse;

pub(crate) use parse::parse;

use crate::tables::{Column, Kind, Table};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use sea_orm::{DbErr, QueryResult, Value};
use std::cmp::Ordering;
use uuid::Uuid;

/// The longest line, in bytes without its end. The texts of a row are far shorter.
pub(crate) const LONGEST: usize = 64 << 20;

/// What a column of a row has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    Null,
    Text(String),
    Uuid(Uuid),
    Integer(i64),
    Bool(bool),
    Time(DateTime<Utc>),
    Date(NaiveDate),
    Json(serde_json::Value),
}

/// A row: a cell for each column, in their order.
pub(crate) type Row = Vec<Cell>;

/// Reads a row of the database whose columns are those of the table, in their order.
pub(crate) fn of_database(table: &Table, row: &QueryResult) -> Result<Row, DbErr> {
    let cell = |(at, column): (usize, &Column)| Cell::of_database(row, at, column.kind);
    table.columns.iter().enumerate().map(cell).collect()
}

/// Writes a row as a line.
pub(crate) fn write(table: &Table, row: &[Cell], line: &mut Vec<u8>) -> serde_json::Result<()> {
    let mut before = b'{';
    for (column, cell) in table.columns.iter().zip(row) {
        line.push(before);
        before = b',';
        serde_json::to_writer(&mut *line, column.name)?;
        line.push(b':');
        cell.write(line)?;
    }
    line.extend_from_slice(b"}\n");
    Ok(())
}

/// The order of two rows by their keys.
pub(crate) fn by_key(table: &Table, one: &[Cell], other: &[Cell]) -> Ordering {
    let cells = one.iter().zip(other).take(table.key);
    cells
        .map(|(one, other)| one.order(other))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

impl Cell {
    fn of_database(row: &QueryResult, at: usize, kind: Kind) -> Result<Self, DbErr> {
        fn known<T>(value: Option<T>, cell: impl Fn(T) -> Cell) -> Cell {
            value.map_or(Cell::Null, cell)
        }
        Ok(match kind {
            Kind::Text => known(row.try_get_by_index(at)?, Self::Text),
            Kind::Uuid => known(row.try_get_by_index(at)?, Self::Uuid),
            Kind::Integer => known(row.try_get_by_index(at)?, Self::Integer),
            Kind::Bool => known(row.try_get_by_index(at)?, Self::Bool),
            Kind::Time => known(row.try_get_by_index(at)?, Self::Time),
            Kind::Date => known(row.try_get_by_index(at)?, Self::Date),
            Kind::Json => known(row.try_get_by_index(at)?, Self::Json),
        })
    }

    /// The value for a statement. A null has the type of its column, too.
    pub(crate) fn into_value(self, kind: Kind) -> Value {
        match self {
            Self::Null => match kind {
                Kind::Text => Value::String(None),
                Kind::Uuid => Value::Uuid(None),
                Kind::Integer => Value::BigInt(None),
                Kind::Bool => Value::Bool(None),
                Kind::Time => Value::ChronoDateTimeUtc(None),
                Kind::Date => Value::ChronoDate(None),
                Kind::Json => Value::Json(None),
            },
            Self::Text(text) => text.into(),
            Self::Uuid(id) => id.into(),
            Self::Integer(number) => number.into(),
            Self::Bool(is) => is.into(),
            Self::Time(time) => time.into(),
            Self::Date(date) => date.into(),
            Self::Json(json) => json.into(),
        }
    }

    fn write(&self, line: &mut Vec<u8>) -> serde_json::Result<()> {
        match self {
            Self::Null => line.extend_from_slice(b"null"),
            Self::Text(text) => serde_json::to_writer(line, text)?,
            Self::Uuid(id) => serde_json::to_writer(line, id)?,
            Self::Integer(number) => serde_json::to_writer(line, number)?,
            Self::Bool(is) => serde_json::to_writer(line, is)?,
            Self::Time(time) => serde_json::to_writer(line, &time_text(*time))?,
            Self::Date(date) => serde_json::to_writer(line, &date.to_string())?,
            Self::Json(json) => serde_json::to_writer(line, json)?,
        }
        Ok(())
    }

    /// The order of two cells of a key. Both databases have it.
    fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Text(one), Self::Text(other)) => one.cmp(other),
            (Self::Uuid(one), Self::Uuid(other)) => one.cmp(other),
            (Self::Integer(one), Self::Integer(other)) => one.cmp(other),
            // No key has anything else.
            _ => Ordering::Equal,
        }
    }
}

fn time_text(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
