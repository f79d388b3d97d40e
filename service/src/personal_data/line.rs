//! A row as one line of JSON.

use super::sections::{Key, KeyColumn, Member, Section, Value, column_of};
use crate::{Result, ids};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::QueryResult;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

/// A row, and its place in the section.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) key: Key,
    pub(super) object: Json,
}

impl Line {
    /// The line of a row of that section.
    ///
    /// # Errors
    /// Returns an error if a column has another type.
    pub(super) fn of(section: &Section, row: &QueryResult) -> Result<Self> {
        let mut object = Map::new();
        object.insert("type".to_owned(), section.kind.into());
        for Member { name, value, .. } in section.members {
            object.insert((*name).to_owned(), read(row, name, *value)?);
        }
        let key = match section.key {
            KeyColumn::Id(_) => Key::Id(row.try_get("", "row_key")?),
            KeyColumn::Number(_) => Key::Number(row.try_get("", "row_key")?),
        };
        Ok(Self { key, object: object.into() })
    }
}

fn read(row: &QueryResult, name: &str, value: Value) -> Result<Json> {
    let column = column_of(name);
    let column = column.as_str();
    Ok(match value {
        Value::Id(prefix) => {
            let id: Option<Uuid> = row.try_get("", column)?;
            id.map(|id| ids::typed(prefix, id).to_string()).into()
        }
        Value::Text => row.try_get::<Option<String>>("", column)?.into(),
        Value::Number => row.try_get::<Option<i64>>("", column)?.into(),
        Value::Flag => row.try_get::<Option<bool>>("", column)?.into(),
        Value::Time => {
            let time: Option<DateTime<Utc>> = row.try_get("", column)?;
            time.map(|time| time.to_rfc3339()).into()
        }
        Value::Day => {
            let day: Option<NaiveDate> = row.try_get("", column)?;
            day.map(|day| day.to_string()).into()
        }
    })
}
