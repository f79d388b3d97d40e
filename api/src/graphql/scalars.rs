//! The scalars `Date` and `DateTime`, and the check of the schema's own scalars before an operation
//! runs.

use super::at_hand::AtHand;
use crate::document::CustomScalar;
use async_graphql::{
    Context, ContextSelectionSet, InputValueError, InputValueResult, OutputType, Positioned,
    Scalar, ScalarType, ServerResult, Value, parser::types::Field, registry::Registry,
};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use std::borrow::Cow;

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

/// A moment in UTC with milliseconds, such as `2026-03-02T09:00:00.000Z`. Input may have another
/// offset, and more or fewer digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment(pub DateTime<Utc>);

/// A moment in UTC with milliseconds, such as `2026-03-02T09:00:00.000Z`. Input may have another
/// offset, and more or fewer digits.
#[Scalar(name = "DateTime", specified_by_url = "https://scalars.graphql.org/andimarek/date-time")]
impl ScalarType for Moment {
    fn parse(value: Value) -> InputValueResult<Self> {
        read_moment(&value).map(Self).map_err(InputValueError::custom)
    }

    fn to_value(&self) -> Value {
        Value::String(self.text())
    }
}

impl Moment {
    fn text(self) -> String {
        self.0.to_rfc3339_opts(SecondsFormat::Millis, true)
    }
}

impl AtHand for Moment {
    fn write(&self, ctx: &Context<'_>, json: &mut Vec<u8>) -> Option<()> {
        self.text().write(ctx, json)
    }
}

/// A size in bytes. It is a Float in the schema, because GraphQL's Int ends below 2 GiB, and it is
/// written as a whole number.
#[derive(Debug, Clone, Copy)]
pub struct Bytes(pub i64);

#[async_trait::async_trait]
impl OutputType for Bytes {
    fn type_name() -> Cow<'static, str> {
        <f64 as OutputType>::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        <f64 as OutputType>::create_type_info(registry)
    }

    async fn resolve(
        &self,
        _: &ContextSelectionSet<'_>,
        _: &Positioned<Field>,
    ) -> ServerResult<Value> {
        Ok(Value::from(self.0))
    }
}

impl AtHand for Bytes {
    fn write(&self, ctx: &Context<'_>, json: &mut Vec<u8>) -> Option<()> {
        self.0.write(ctx, json)
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
