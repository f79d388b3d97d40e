//! Which form of answer a client wants, according to its `Accept` header ([GraphQL over HTTP,
//! 6.1](https://graphql.github.io/graphql-over-http/draft/#sec-Accept), [RFC 9110,
//! 12.5.1](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1)).

use axum::http::{HeaderMap, header};

/// A form of answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MediaType {
    /// `application/graphql-response+json`: the status shows whether the request was refused.
    GraphqlResponse,
    /// `application/json`: the status is 200 for everything that could be read as a request.
    Json,
    /// `text/event-stream`: server-sent events.
    EventStream,
}

impl MediaType {
    /// The `Content-Type` of such an answer.
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
            Self::EventStream => "text/event-stream; charset=utf-8",
        }
    }
}

/// The forms, the preferred one first if a client wants several equally by name. For a wildcard the
/// answer is JSON, which every client reads.
const OFFERS: [(MediaType, &str, &str); 3] = [
    (MediaType::GraphqlResponse, "application", "graphql-response+json"),
    (MediaType::Json, "application", "json"),
    (MediaType::EventStream, "text", "event-stream"),
];

/// The form that the client prefers; JSON if it has no preference. `None` if it accepts none of
/// them.
pub(super) fn negotiate(headers: &HeaderMap) -> Option<MediaType> {
    let mut ranges = Vec::new();
    for value in headers.get_all(header::ACCEPT) {
        ranges.extend(value.to_str().ok()?.split(',').filter_map(Range::parse));
    }
    if ranges.is_empty() {
        return Some(MediaType::Json);
    }
    let mut best: Option<(u16, bool, MediaType)> = None;
    for (media_type, kind, subtype) in OFFERS {
        let Some((specificity, quality)) = ranges
            .iter()
            .filter_map(|range| {
                range.matches(kind, subtype).map(|specificity| (specificity, range.quality))
            })
            .max_by_key(|(specificity, _)| *specificity)
        else {
            continue;
        };
        let named = specificity == Specificity::Exact;
        // A wildcard means only JSON.
        if quality == 0 || (!named && media_type != MediaType::Json) {
            continue;
        }
        if best.is_none_or(|(other, by_name, _)| (quality, named) > (other, by_name)) {
            best = Some((quality, named, media_type));
        }
    }
    best.map(|(_, _, media_type)| media_type)
}

/// How specifically a range matches a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Specificity {
    Anything,
    AnySubtype,
    Exact,
}

/// An entry of an `Accept` header.
struct Range<'h> {
    kind: &'h str,
    subtype: &'h str,
    /// The quality, in thousandths.
    quality: u16,
}

impl<'h> Range<'h> {
    /// `None` for text that is not a media range; it is skipped.
    fn parse(text: &'h str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let quality = parts
            .filter_map(|parameter| parameter.split_once('='))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case("q"))
            .map_or(Some(1.0), |(_, value)| {
                value.trim().parse::<f32>().ok().filter(|q| (0.0..=1.0).contains(q))
            })?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 1000"
        )]
        Some(Self { kind, subtype, quality: (quality * 1000.0).round() as u16 })
    }

    fn matches(&self, kind: &str, subtype: &str) -> Option<Specificity> {
        if self.kind == "*" && self.subtype == "*" {
            Some(Specificity::Anything)
        } else if !self.kind.eq_ignore_ascii_case(kind) {
            None
        } else if self.subtype == "*" {
            Some(Specificity::AnySubtype)
        } else {
            self.subtype.eq_ignore_ascii_case(subtype).then_some(Specificity::Exact)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MediaType, negotiate};
    use axum::http::{HeaderMap, HeaderValue, header};

    #[test]
    fn the_highest_quality_wins_and_names_win_over_wildcards() {
        use MediaType::{EventStream, GraphqlResponse, Json};
        for (accept, expected) in [
            ("application/json", Some(Json)),
            ("application/graphql-response+json", Some(GraphqlResponse)),
            ("application/graphql-response+json, application/json", Some(GraphqlResponse)),
            ("application/json, application/graphql-response+json", Some(GraphqlResponse)),
            ("application/graphql-response+json;q=0.5, application/json", Some(Json)),
            (
                "application/graphql-response+json; q=0.9, application/json; q=0.8, */*; q=0.1",
                Some(GraphqlResponse),
            ),
            ("Application/JSON;Q=0.2", Some(Json)),
            ("*/*", Some(Json)),
            ("application/*", Some(Json)),
            ("text/event-stream", Some(EventStream)),
            ("text/event-stream, application/json;q=0.5", Some(EventStream)),
            ("text/event-stream;q=0.1, */*", Some(Json)),
            ("text/*", None),
            ("text/html", None),
            ("application/json;q=0", None),
            ("application/json;q=0, */*", None),
            ("application/graphql-response+json;q=0, */*", Some(Json)),
            ("nonsense", Some(Json)),
            ("application/json;q=nonsense", Some(Json)),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
            assert_eq!(negotiate(&headers), expected, "{accept}");
        }
        assert_eq!(negotiate(&HeaderMap::new()), Some(Json));
    }
}
