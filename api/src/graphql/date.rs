//! The scalar `Date`.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::NaiveDate;

/// A day without a time, as `2026-03-02` (ISO 8601).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date(pub NaiveDate);

/// A day without a time, as `2026-03-02` (ISO 8601).
#[Scalar(name = "Date", specified_by_url = "https://scalars.graphql.org/andimarek/local-date")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => match parse(text) {
                Some(date) => Ok(Self(date)),
                None => Err(InputValueError::custom(format!("{text:?} is no day; write it as 2026-03-02"))),
            },
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.format("%Y-%m-%d").to_string())
    }
}

/// Exactly four, two and two digits: what is taken is what is answered, and every client can read it.
fn parse(text: &str) -> Option<NaiveDate> {
    let fits =
        |(at, byte): (usize, u8)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() };
    let well_formed = text.len() == 10 && text.bytes().enumerate().all(fits);
    well_formed.then(|| text.parse().ok())?
}
