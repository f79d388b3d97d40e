//! What the client has of a file already ([RFC 9110,
//! 13](https://www.rfc-editor.org/rfc/rfc9110#section-13)).

use super::only_one;
use axum::http::{HeaderMap, header};
use chrono::{DateTime, Utc};

/// Which version of a file is there. Its content never changes, and neither does this.
pub(super) struct Version {
    /// With its quotes.
    pub(super) etag: String,
    pub(super) modified: DateTime<Utc>,
}

impl Version {
    /// Whether the client has it already.
    pub(super) fn is_known(&self, headers: &HeaderMap) -> bool {
        if headers.contains_key(header::IF_NONE_MATCH) {
            let values = headers
                .get_all(header::IF_NONE_MATCH)
                .iter()
                .filter_map(|value| value.to_str().ok());
            return values.flat_map(|value| value.split(',')).map(str::trim).any(|known| {
                known == "*" || known.strip_prefix("W/").unwrap_or(known) == self.etag
            });
        }
        date(headers, header::IF_MODIFIED_SINCE)
            .is_some_and(|since| self.modified.timestamp() <= since)
    }

    /// Whether a range may be answered: without `If-Range`, or if the client has the other parts of
    /// this version.
    pub(super) fn is_continued(&self, headers: &HeaderMap) -> bool {
        if !headers.contains_key(header::IF_RANGE) {
            return true;
        }
        only_one(headers, header::IF_RANGE).is_some_and(|condition| condition.trim() == self.etag)
            || date(headers, header::IF_RANGE).is_some_and(|date| self.modified.timestamp() == date)
    }
}

/// A header's moment, in seconds.
fn date(headers: &HeaderMap, name: header::HeaderName) -> Option<i64> {
    let date = httpdate::parse_http_date(only_one(headers, name)?).ok()?;
    Some(DateTime::<Utc>::from(date).timestamp())
}
