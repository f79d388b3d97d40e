//! Fetches a provider's keys, by way of its configuration.

use super::key_set::KeySet;
use crate::telemetry;
use reqwest::{
    Client, Response, Url,
    header::{HeaderMap, HeaderValue},
    redirect::Policy,
};
use serde::Deserialize;
use std::{net::IpAddr, time::Duration};

/// Longest time for connecting.
const CONNECTING: Duration = Duration::from_secs(3);
/// Longest time for one of the two requests.
const FETCHING: Duration = Duration::from_secs(5);
/// Longest document that is read.
const MAX_BYTES: usize = 256 * 1024;

/// Where the keys come from.
#[derive(Debug)]
pub(super) struct KeySource {
    issuer: String,
    configuration: Url,
    client: Client,
}

#[derive(Deserialize)]
struct Configuration {
    issuer: String,
    jwks_uri: String,
}

/// Whether this can be the address of a provider: HTTPS, or HTTP on this machine itself; without a
/// query.
pub(crate) fn is_issuer(text: &str) -> bool {
    issuer_url(text).is_some()
}

fn issuer_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    (plain && url.password().is_none() && is_safe(&url)).then_some(url)
}

/// Whether nobody on the network can change what comes from there.
fn is_safe(url: &Url) -> bool {
    url.scheme() == "https" && url.has_host() || url.scheme() == "http" && is_loopback(url)
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

impl KeySource {
    /// Keys for that issuer.
    ///
    /// # Errors
    /// A text that says what is wrong with the issuer.
    pub(super) fn new(issuer: &str) -> Result<Self, String> {
        let url = issuer_url(issuer)
            .ok_or_else(|| format!("{issuer:?} is not an address of a provider"))?;
        let configuration =
            format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let configuration = Url::parse(&configuration).map_err(|error| error.to_string())?;
        let mut client = Client::builder()
            .connect_timeout(CONNECTING)
            .timeout(FETCHING)
            .redirect(Policy::none())
            .user_agent("memoranda");
        if is_loopback(&url) {
            // No proxy leads back to this machine.
            client = client.no_proxy();
        } else {
            client = client.https_only(true);
        }
        let client =
            client.build().map_err(|error| format!("no HTTP client can be created: {error}"))?;
        Ok(Self { issuer: issuer.to_owned(), configuration, client })
    }

    /// The keys that the provider publishes now.
    ///
    /// # Errors
    /// A text for the log.
    pub(super) async fn fetch(&self) -> Result<KeySet, String> {
        let configuration = self.get(self.configuration.clone()).await?;
        let configuration: Configuration = serde_json::from_slice(&configuration)
            .map_err(|error| format!("{}: {error}", self.configuration))?;
        if configuration.issuer != self.issuer {
            return Err(format!(
                "{} belongs to the issuer {:?}: if you mean this issuer, oidc-issuer must be \
                 exactly that",
                self.configuration, configuration.issuer
            ));
        }
        let keys =
            Url::parse(&configuration.jwks_uri).map_err(|error| format!("jwks_uri: {error}"))?;
        let stays_here = !is_loopback(&keys) || is_loopback(&self.configuration);
        if !is_safe(&keys) || !stays_here {
            return Err(format!("jwks_uri {keys} is refused: it must be HTTPS"));
        }
        KeySet::parse(&self.get(keys.clone()).await?).map_err(|error| format!("{keys}: {error}"))
    }

    async fn get(&self, url: Url) -> Result<Vec<u8>, String> {
        let mut headers = HeaderMap::new();
        headers.insert("accept", HeaderValue::from_static("application/json"));
        telemetry::inject(&mut headers);
        let response = self.client.get(url.clone()).headers(headers).send().await;
        let response = response.map_err(|error| in_full(&error))?;
        if response.status() != 200 {
            return Err(format!("{url} answers {}; redirects are not followed", response.status()));
        }
        body(response).await.map_err(|error| format!("{url}: {error}"))
    }
}

async fn body(mut response: Response) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|error| in_full(&error))? {
        if body.len() + piece.len() > MAX_BYTES {
            return Err(format!("longer than {MAX_BYTES} bytes"));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// An error with its causes.
fn in_full(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::is_issuer;

    #[test]
    fn an_issuer_is_https_or_on_this_machine() {
        for good in [
            "https://login.example.org",
            "https://login.example.org/realms/crm/",
            "http://localhost:8080/realms/crm",
            "http://127.0.0.1:9000",
            "http://[::1]:9000",
        ] {
            assert!(is_issuer(good), "{good}");
        }
        for bad in [
            "",
            "login.example.org",
            "http://login.example.org",
            "http://10.0.0.1",
            "https://login.example.org?tenant=1",
            "https://login.example.org#x",
            "https://user:password@login.example.org",
            "file:///etc/passwd",
        ] {
            assert!(!is_issuer(bad), "{bad}");
        }
    }
}
