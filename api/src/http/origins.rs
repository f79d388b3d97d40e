//! The origins of web pages: which of them may send requests, and what the log says of others.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, header},
    middleware::Next,
    response::Response,
};
use std::sync::Arc;

/// The longest part of an origin in the log.
const SHOWN: usize = 100;

/// Whether one of the allowed origins is this one. A port `*` stands for every port.
pub(super) fn is_allowed(allowed: &[String], origin: &str) -> bool {
    allowed.iter().any(|allowed| match allowed.strip_suffix(":*") {
        Some(host) => origin
            .split_at_checked(host.len())
            .filter(|(start, _)| start.eq_ignore_ascii_case(host))
            .is_some_and(|(_, port)| is_port(port)),
        None => allowed.eq_ignore_ascii_case(origin),
    })
}

/// Whether the end of an origin is a port, or nothing.
fn is_port(text: &str) -> bool {
    text.is_empty() || text.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok())
}

/// Whether a request comes from no page, from one of the server's own pages, or from an allowed
/// origin.
pub(super) fn is_trusted(headers: &HeaderMap, allowed: &[String]) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let own = origin.split_once("://").is_some_and(|(_, of)| of.eq_ignore_ascii_case(host));
    own || is_allowed(allowed, origin)
}

/// Logs which pages are not allowed. Their browsers only say that the server did not allow it.
pub(super) async fn name_refused(
    State(allowed): State<Arc<[String]>>,
    request: Request,
    next: Next,
) -> Response {
    if !is_trusted(request.headers(), &allowed) {
        let origin = request.headers().get(header::ORIGIN);
        let origin = origin.and_then(|origin| origin.to_str().ok()).unwrap_or("not text");
        let origin: String = origin.chars().take(SHOWN).collect();
        tracing::info!(
            origin,
            "a page of another origin asked, and its browser keeps the answer from it; if the \
             page is yours, allow its origin with allowed-origins"
        );
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::is_allowed;
    use crate::settings::LOCAL_PAGES;

    #[test]
    fn an_origin_is_allowed_as_a_whole_or_at_every_port() {
        let listed = ["https://crm.example.org".to_owned()];
        let local = LOCAL_PAGES.map(str::to_owned);
        for (allowed, origin, expected) in [
            (&listed[..], "https://crm.example.org", true),
            (&listed, "https://CRM.example.org", true),
            (&listed, "https://crm.example.org:8443", false),
            (&listed, "https://crm.example.org.evil.example", false),
            (&local, "http://localhost:5173", true),
            (&local, "http://localhost", true),
            (&local, "http://LocalHost:1", true),
            (&local, "http://[::1]:3000", true),
            (&local, "https://localhost:5173", false),
            (&local, "http://localhost.evil.example", false),
            (&local, "http://localhost:5173.evil.example", false),
            (&local, "http://localhost:", false),
            (&local, "http://localhost:*", false),
            (&local, "http://127.0.0.10:80", false),
            (&local, "null", false),
            (&local, "", false),
        ] {
            assert_eq!(is_allowed(allowed, origin), expected, "{origin}");
        }
    }
}
