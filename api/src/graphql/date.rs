//! The scalar `Date`, and the check of the schema's own scalars before an operation runs.

use super::at_hand::AtHand;
use crate::document::CustomScalar;
use async_graphql::{Context, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{DateTime, NaiveDate, Utc};

/// A date without a time, such as `2026-03-02` (ISO 8601).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date(pub NaiveDate);

/// A date without a time, such as `2026-03-02` (ISO 8601).
#[Scalar(name = "Date", specified_by_url = "https://scalars.graphql.org/andimarek/local-date")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        read(&value).map(Self).map_err(InputValueError::custom)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.format("%Y-%m-%d").to_string())
    }
}

impl AtHand for Date {
    fn write(&self, ctx: &Context<'_>, json: &mut Vec<u8>) -> Option<()> {
        self.0.format("%Y-%m-%d").to_string().write(ctx, json)
    }
}

/// The scalars of this schema besides GraphQL's own.
pub const CUSTOM_SCALARS: &[CustomScalar] =
    &[("Date", |value| read(value).map(drop)), ("DateTime", |value| read_moment(value).map(drop))];

fn read(value: &Value) -> Result<NaiveDate, String> {
    match value {
        Value::String(text) => parse(text)
            .ok_or_else(|| format!("{} is not a date; write it as 2026-03-02", quoted(text))),
        _ => Err("this is not a date; write it as the text 2026-03-02".to_owned()),
    }
}

/// Parses a time as the library does.
fn read_moment(value: &Value) -> Result<DateTime<Utc>, String> {
    const AS: &str = "2026-03-02T09:00:00Z";
    match value {
        Value::String(text) => text
            .parse()
            .map_err(|_| format!("{} is not a date and time; write it as {AS}", quoted(text))),
        _ => Err(format!("this is not a date and time; write it as the text {AS}")),
    }
}

/// The beginning of a text, in quotes.
fn quoted(text: &str) -> String {
    const MAX_CHARACTERS: usize = 60;
    format!("{:?}", text.chars().take(MAX_CHARACTERS).collect::<String>())
}

/// Exactly four, two and two digits. So the accepted format is the returned one, and every client
/// can read it.
fn parse(text: &str) -> Option<NaiveDate> {
    let fits = |(at, byte): (usize, u8)| {
        if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() }
    };
    let well_formed = text.len() == 10 && text.bytes().enumerate().all(fits);
    well_formed.then(|| text.parse().ok())?
}
