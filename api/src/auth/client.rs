//! What the account mutations know about the client, and the cookie in which a browser keeps the
//! refresh token.
//!
//! The cookie is hidden from scripts. Browsers send it only to `/graphql`, and never from other
//! sites. Only `refreshSession` and `signOut` read it: it never signs in a request.

use axum::http::{HeaderMap, HeaderValue, header};
use std::{
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// The cookie's name over HTTPS. Browsers accept this name only from HTTPS, whoever else sets such
/// a cookie.
const NAME: &str = "__Secure-memoranda-refresh";
/// The cookie's name over HTTP on the developer's own machine.
const NAME_ON_LOOPBACK: &str = "memoranda-refresh";

/// What the account mutations know about the client.
#[derive(Debug)]
pub struct Client {
    /// The address of the client.
    pub address: Option<IpAddr>,
    /// The client's `User-Agent`.
    pub user_agent: Option<String>,
    /// The refresh token in its cookie.
    pub refresh_cookie: Option<String>,
    on_loopback: bool,
    /// The header that sets the cookie; `None` if the answer has no headers, as over a WebSocket.
    answer: Option<Mutex<Option<HeaderValue>>>,
}

impl Client {
    /// Reads the headers of a request. Ignores a cookie that another page's script may have caused
    /// the browser to send.
    pub fn new(
        headers: &HeaderMap,
        address: Option<IpAddr>,
        is_trusted: bool,
        takes_cookies: bool,
    ) -> Self {
        let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let on_loopback = text(header::HOST).is_some_and(is_loopback);
        let from_elsewhere =
            text(header::HeaderName::from_static("sec-fetch-site")) == Some("cross-site");
        Self {
            address,
            user_agent: text(header::USER_AGENT).map(str::to_owned),
            refresh_cookie: cookie(headers, name(on_loopback))
                .filter(|_| is_trusted && !from_elsewhere),
            on_loopback,
            answer: takes_cookies.then(Mutex::default),
        }
    }

    /// Whether the answer can set a cookie.
    pub fn takes_cookies(&self) -> bool {
        self.answer.is_some()
    }

    /// Makes the client keep the token for that long.
    pub fn keep(&self, refresh_token: &str, lasts: Duration) {
        self.set(&format!(
            "{}={refresh_token}; Max-Age={}",
            name(self.on_loopback),
            lasts.as_secs()
        ));
    }

    /// Makes the client forget the token.
    pub fn forget(&self) {
        self.set(&format!("{}=; Max-Age=0", name(self.on_loopback)));
    }

    fn set(&self, cookie: &str) {
        let Some(answer) = &self.answer else { return };
        let secure = if self.on_loopback { "" } else { "; Secure" };
        let cookie = HeaderValue::from_str(&format!(
            "{cookie}; Path=/graphql; HttpOnly; SameSite=Strict{secure}"
        ));
        *answer.lock().unwrap_or_else(PoisonError::into_inner) = cookie.ok();
    }

    /// The header that sets the cookie, if one is to be set.
    pub fn set_cookie(&self) -> Option<HeaderValue> {
        self.answer.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

fn name(on_loopback: bool) -> &'static str {
    if on_loopback { NAME_ON_LOOPBACK } else { NAME }
}

/// Whether a `Host` is the client's own machine, where no certificate is needed.
fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let is_loopback = |address: IpAddr| address.is_loopback();
    name == "localhost" || name.ends_with(".localhost") || name.parse().is_ok_and(is_loopback)
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut cookies =
        lines.flat_map(|line| line.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
    let (_, value) = cookies.find(|(found, _)| *found == name)?;
    (!value.is_empty()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Client, is_loopback};
    use axum::http::{HeaderMap, HeaderValue};
    use std::time::Duration;

    #[test]
    fn which_hosts_are_loopback() {
        for host in [
            "localhost",
            "localhost:8080",
            "app.localhost:1",
            "127.0.0.1:8080",
            "127.9.9.9",
            "[::1]:8080",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "example.org",
            "localhost.example.org",
            "10.0.0.1:80",
            "[2001:db8::1]",
            "127.0.0.1.example.org",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    fn headers(of: &[(&'static str, &'static str)]) -> HeaderMap {
        of.iter()
            .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn over_https_the_cookie_is_secure() {
        let client = Client::new(&headers(&[("host", "crm.example.org")]), None, true, true);
        client.keep("token", Duration::from_secs(60));
        let expected = "__Secure-memoranda-refresh=token; Max-Age=60; Path=/graphql; HttpOnly; \
            SameSite=Strict; Secure";
        assert_eq!(client.set_cookie().unwrap(), expected);
        assert_eq!(client.set_cookie(), None);
    }

    #[test]
    fn a_cookie_that_another_site_sends_along_is_none() {
        let cookie = ("cookie", "a=b; memoranda-refresh=token");
        let own = headers(&[("host", "localhost:8080"), cookie]);
        assert_eq!(Client::new(&own, None, true, true).refresh_cookie.as_deref(), Some("token"));
        assert_eq!(Client::new(&own, None, false, true).refresh_cookie, None);
        let from_elsewhere =
            headers(&[("host", "localhost:8080"), ("sec-fetch-site", "cross-site"), cookie]);
        assert_eq!(Client::new(&from_elsewhere, None, true, true).refresh_cookie, None);
        let other_name = headers(&[("host", "crm.example.org"), cookie]);
        assert_eq!(Client::new(&other_name, None, true, true).refresh_cookie, None);
    }
}
