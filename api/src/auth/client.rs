//! What the mutations of accounts know of the client, and the cookie that a browser keeps the
//! refresh token in.
//!
//! The cookie is out of reach for scripts, goes nowhere but to `/graphql`, and is not sent along
//! from other sites. It is asked for by `refreshSession` and `signOut` alone: no request is signed
//! in by it.

use axum::http::{HeaderMap, HeaderValue, header};
use std::{
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// The name over HTTPS: browsers take it from there alone, whoever else sets a cookie of this name.
const NAME: &str = "__Secure-memoranda-refresh";
/// The name over HTTP on the developer's own machine.
const NAME_ON_LOOPBACK: &str = "memoranda-refresh";

/// What the mutations of accounts know of the client.
#[derive(Debug)]
pub struct Client {
    /// Where it is.
    pub address: Option<IpAddr>,
    /// What it calls itself.
    pub user_agent: Option<String>,
    /// The refresh token in its cookie.
    pub refresh_cookie: Option<String>,
    on_loopback: bool,
    /// The header that sets its cookie; `None` where the answer has no headers, as over a
    /// WebSocket.
    answer: Option<Mutex<Option<HeaderValue>>>,
}

impl Client {
    /// From a request's headers. A cookie that another page's script may have sent along is none.
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

    /// Has the client keep the token that long.
    pub fn keep(&self, refresh_token: &str, lasts: Duration) {
        self.set(&format!(
            "{}={refresh_token}; Max-Age={}",
            name(self.on_loopback),
            lasts.as_secs()
        ));
    }

    /// Has the client forget the token.
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

/// Whether a `Host` is the machine of whoever asks: there, no certificate is needed.
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
