//! Reads lines strictly: each column is there once, and has what it should have.

use super::{Cell, Row};
use crate::tables::{Column, Kind, Table};
use chrono::{DateTime, NaiveDate, Timelike};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, MapAccess, Visitor},
};
use std::fmt;
use uuid::Uuid;

/// What is said of a null where there must be something.
const NOT_NULL: &str = "it may not be null";

/// Reads a line without its end.
///
/// # Errors
/// Says what is wrong, for a person.
pub(crate) fn parse(table: &Table, line: &[u8]) -> Result<Row, String> {
    let mut json = serde_json::Deserializer::from_slice(line);
    let row = RowOf(table).deserialize(&mut json).and_then(|row| json.end().map(|()| row));
    row.map_err(|error| error.to_string())
}

struct RowOf<'a>(&'a Table);

impl<'de> DeserializeSeed<'de> for RowOf<'_> {
    type Value = Row;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Row, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RowOf<'_> {
    type Value = Row;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a row of {}", self.0.name)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Row, A::Error> {
        let mut cells: Vec<Option<Cell>> = vec![None; self.0.columns.len()];
        while let Some(at) = map.next_key_seed(ColumnOf(self.0))? {
            let (Some(column), Some(cell)) = (self.0.columns.get(at), cells.get_mut(at)) else {
                return Err(A::Error::custom("there is no such column"));
            };
            if cell.is_some() {
                return Err(A::Error::custom(format_args!("{} is there twice", column.name)));
            }
            *cell = Some(map.next_value_seed(CellOf(column))?);
        }
        let filled = self.0.columns.iter().zip(cells).map(|(column, cell)| {
            cell.ok_or_else(|| A::Error::custom(format_args!("{} is missing", column.name)))
        });
        filled.collect()
    }
}

/// The place of a column among those of the table.
struct ColumnOf<'a>(&'a Table);

impl<'de> DeserializeSeed<'de> for ColumnOf<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<usize, D::Error> {
        json.deserialize_str(self)
    }
}

impl Visitor<'_> for ColumnOf<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the name of a column of {}", self.0.name)
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<usize, E> {
        let at = self.0.columns.iter().position(|column| column.name == name);
        at.ok_or_else(|| E::custom(format_args!("{} has no column {name:?}", self.0.name)))
    }
}

struct CellOf<'a>(&'a Column);

impl<'de> DeserializeSeed<'de> for CellOf<'_> {
    type Value = Cell;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Cell, D::Error> {
        let Column { name, kind, nullable } = *self.0;
        let named =
            |problem: &dyn fmt::Display| D::Error::custom(format_args!("{name}: {problem}"));
        if kind == Kind::Json {
            let json = serde_json::Value::deserialize(json).map_err(|error| named(&error))?;
            return match json {
                serde_json::Value::Null if nullable => Ok(Cell::Null),
                serde_json::Value::Null => Err(named(&NOT_NULL)),
                json => Ok(Cell::Json(json)),
            };
        }
        let cell = match kind {
            Kind::Integer => Option::<i64>::deserialize(json)
                .map(|number| number.map(Cell::Integer))
                .map_err(|error| named(&error))?,
            Kind::Bool => Option::<bool>::deserialize(json)
                .map(|is| is.map(Cell::Bool))
                .map_err(|error| named(&error))?,
            _ => {
                let text = Option::<String>::deserialize(json).map_err(|error| named(&error))?;
                let cell = text.map(|text| of_text(kind, text)).transpose();
                cell.map_err(|problem| named(&problem))?
            }
        };
        match cell {
            Some(cell) => Ok(cell),
            None if nullable => Ok(Cell::Null),
            None => Err(named(&NOT_NULL)),
        }
    }
}

/// The cell of a column that JSON shows as a text.
fn of_text(kind: Kind, text: String) -> Result<Cell, &'static str> {
    match kind {
        Kind::Uuid => {
            let id = Uuid::try_parse(&text).ok().filter(|id| id.to_string() == text);
            id.map(Cell::Uuid).ok_or("this is no UUID in lower case")
        }
        Kind::Time => {
            let time = DateTime::parse_from_rfc3339(&text).ok();
            let time = time.filter(|time| time.offset().utc_minus_local() == 0);
            // PostgreSQL would round it.
            let time = time.filter(|time| time.nanosecond().is_multiple_of(1_000));
            time.map(|time| Cell::Time(time.to_utc()))
                .ok_or("this is no time in UTC by RFC 3339, to the microsecond")
        }
        Kind::Date => {
            let date = text.parse::<NaiveDate>().ok().filter(|date| date.to_string() == text);
            date.map(Cell::Date).ok_or("this is no date such as 2026-03-02")
        }
        // PostgreSQL has no such text.
        _ if text.contains('\0') => Err("the text has the character U+0000"),
        _ => Ok(Cell::Text(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::write, *};

    fn table(name: &str) -> &'static Table {
        Table::named(name).unwrap()
    }

    const EVENT: &str = concat!(
        r#"{"id":9007199254740993,"position":null,"#,
        r#""memo_id":"019de072-e922-73a2-9949-9793027eba21","#,
        r#""kind":"SENT","actor_id":"019de072-e922-73a2-9949-9793027eba22","#,
        r#""author_id":"019de072-e922-73a2-9949-9793027eba22","#,
        r#""recipient_id":"019de072-e922-73a2-9949-9793027eba23","draft":false,"#,
        r#""subscriber_ids":["a",{"b":[1]}],"deletion_id":null,"#,
        r#""occurred_at":"2026-03-02T09:00:00.120Z"}"#
    );

    #[test]
    fn a_line_is_read_and_written_as_it_was() {
        let row = parse(table("memo_events"), EVENT.as_bytes()).unwrap();
        let mut line = Vec::new();
        write(table("memo_events"), &row, &mut line).unwrap();
        assert_eq!(String::from_utf8(line).unwrap(), format!("{EVENT}\n"));
    }

    #[test]
    fn a_line_that_is_not_as_it_should_be_is_refused_with_its_column() {
        for (from, to, problem) in [
            (r#""draft":false"#, r#""draft":0"#, "draft: "),
            (r#""draft":false,"#, "", "draft is missing"),
            (r#""draft""#, r#""drafts""#, "memo_events has no column \"drafts\""),
            (r#""draft":false"#, r#""draft":false,"draft":true"#, "draft is there twice"),
            (r#""kind":"SENT""#, r#""kind":null"#, "kind: it may not be null"),
            (r#""kind":"SENT""#, r#""kind":"a\u0000b""#, "kind: the text has the character"),
            ("eba21", "EBA21", "memo_id: this is no UUID"),
            ("019de072-e922-73a2-9949-9793027eba21", "", "memo_id: this is no UUID"),
            ("9007199254740993", "1e3", "id: "),
            ("9007199254740993", "9223372036854775808", "id: "),
            (".120Z", ".1234567Z", "occurred_at: this is no time"),
            (".120Z", "+01:00", "occurred_at: this is no time"),
            ("}", "}}", ""),
            (EVENT, "[]", "a row of memo_events"),
            (EVENT, "", ""),
        ] {
            let line = EVENT.replacen(from, to, 1);
            let refused = parse(table("memo_events"), line.as_bytes()).unwrap_err();
            assert!(refused.contains(problem), "{from} → {to}: {refused}");
        }
        let invalid = [EVENT.as_bytes(), b"\xff"].concat();
        assert!(parse(table("memo_events"), &invalid).is_err());
    }
}
