//! Headers for browsers on every answer, and the origins whose pages may send requests.

use super::origins;
use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::Response,
};
use std::time::Duration;
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

/// How long a browser may cache the permission for another origin.
const PREFLIGHT_HOLDS: Duration = Duration::from_secs(60 * 60);

/// Headers of every answer that does not set them itself. An answer that is not a page may load
/// nothing, and no page may frame it.
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

/// Lets only pages of those origins send requests, with credentials.
pub(super) fn cors(allowed: &[String]) -> CorsLayer {
    let allowed = allowed.to_vec();
    let is_allowed = move |origin: &HeaderValue| {
        origin.to_str().is_ok_and(|origin| origins::is_allowed(&allowed, origin))
    };
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(move |origin, _| is_allowed(origin)))
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([HeaderName::from_static(super::request_id::HEADER), header::RETRY_AFTER])
        .max_age(PREFLIGHT_HOLDS)
}
