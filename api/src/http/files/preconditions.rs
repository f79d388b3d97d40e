//! Which version of a file the client already has ([RFC 9110,
//! 13](https://www.rfc-editor.org/rfc/rfc9110#section-13)).

use super::only_one;
use axum::http::{HeaderMap, header};
use chrono::{DateTime, Utc};

/// The version of a file. The content of a file never changes, and neither does its version.
pub(super) struct Version {
    /// The tag with its quotes.
    pub(super) etag: String,
    pub(super) modified: DateTime<Utc>,
}

impl Version {
    /// Whether the client already has the file.
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

    /// Whether a range may be answered: without `If-Range`, or if the client's other parts are of
    /// this version.
    pub(super) fn is_continued(&self, headers: &HeaderMap) -> bool {
        if !headers.contains_key(header::IF_RANGE) {
            return true;
        }
        only_one(headers, header::IF_RANGE).is_some_and(|condition| condition.trim() == self.etag)
            || date(headers, header::IF_RANGE).is_some_and(|date| self.modified.timestamp() == date)
    }
}

/// The time in a header, in seconds.
fn date(headers: &HeaderMap, name: header::HeaderName) -> Option<i64> {
    let date = httpdate::parse_http_date(only_one(headers, name)?).ok()?;
    Some(DateTime::<Utc>::from(date).timestamp())
}
