//! What every answer tells browsers, and which pages of others may ask.

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::Response,
};
use std::time::Duration;
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

/// How long a browser may rely on what it was told about other pages.
const PREFLIGHT_HOLDS: Duration = Duration::from_secs(60 * 60);

/// Headers of every answer that has none of its own by that name. An answer that is no page may
/// load nothing, and nothing may be framed.
const HEADERS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Adds the headers.
pub(super) async fn protect(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Lets the pages of those origins ask, with credentials, and no others.
pub(super) fn cors(allowed: &[String]) -> CorsLayer {
    let allowed: Vec<String> = allowed.iter().map(|origin| origin.to_ascii_lowercase()).collect();
    let is_allowed = move |origin: &HeaderValue| {
        allowed.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes().to_ascii_lowercase())
    };
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(move |origin, _| is_allowed(origin)))
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([HeaderName::from_static(super::request_id::HEADER), header::RETRY_AFTER])
        .max_age(PREFLIGHT_HOLDS)
}
