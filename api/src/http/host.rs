//! The header `Host`: a request names its host exactly once.

use super::{refusal::Refusal, request_id::RequestId};
use axum::{
    Extension,
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, Version, header, uri::Authority},
    middleware::Next,
    response::Response,
};

/// Refuses a request that does not name its host as [RFC 9112,
/// 3.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2) demands. Attackers can exploit servers
/// that disagree about the host of a request.
///
/// For other requests, sets the header `Host` from the target, if the target names a host. An
/// HTTP/2 request names its host only there, and a host in the target wins.
pub(super) async fn check(
    Extension(request_id): Extension<RequestId>,
    mut request: Request,
    next: Next,
) -> Response {
    if let Err(problem) = named(request.version(), request.headers()) {
        let refusal = Refusal::bad_input(StatusCode::BAD_REQUEST, problem);
        let mut response = refusal.into_response(&request_id);
        if request.version() < Version::HTTP_2 {
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        return response;
    }
    if let Some(authority) = request.uri().authority() {
        let host = authority.as_str().rsplit('@').next().unwrap_or_default();
        if let Ok(host) = HeaderValue::from_str(host) {
            request.headers_mut().insert(header::HOST, host);
        }
    }
    next.run(request).await
}

/// What is wrong with the `Host` headers of a request.
fn named(version: Version, headers: &HeaderMap) -> Result<(), &'static str> {
    let mut given = headers.get_all(header::HOST).iter();
    match (given.next(), given.next()) {
        (_, Some(_)) => Err("The request names its host twice: send one header Host."),
        (None, None) if version == Version::HTTP_11 => {
            Err("The request does not name its host: send the header Host.")
        }
        (Some(host), None) if !is_host(host) => {
            Err("The header Host must be a host, with or without a port.")
        }
        _ => Ok(()),
    }
}

/// An empty one is allowed, because the target may name no host.
fn is_host(value: &HeaderValue) -> bool {
    let bytes = value.as_bytes();
    bytes.is_empty() || !bytes.contains(&b'@') && Authority::try_from(bytes).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{HeaderMap, HeaderValue, Version, header, named};

    #[test]
    fn a_host_is_named_once_and_is_a_host() {
        for (version, hosts, is_good) in [
            (Version::HTTP_11, vec!["example.org"], true),
            (Version::HTTP_11, vec!["[2001:db8::1]:8080"], true),
            (Version::HTTP_11, vec![""], true),
            (Version::HTTP_11, vec![], false),
            (Version::HTTP_11, vec!["a", "a"], false),
            (Version::HTTP_11, vec!["user@example.org"], false),
            (Version::HTTP_11, vec!["a/b"], false),
            (Version::HTTP_11, vec!["a b"], false),
            (Version::HTTP_10, vec![], true),
            (Version::HTTP_10, vec!["a", "b"], false),
            (Version::HTTP_2, vec![], true),
        ] {
            let mut headers = HeaderMap::new();
            for host in &hosts {
                headers.append(header::HOST, HeaderValue::from_str(host).unwrap());
            }
            assert_eq!(named(version, &headers).is_ok(), is_good, "{version:?} {hosts:?}");
        }
    }
}
