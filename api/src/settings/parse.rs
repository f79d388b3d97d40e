//! How texts become values, and how messages show values with secrets.

use crate::{auth::is_issuer, media_type::MediaType};
use ipnet::IpNet;
use service::database::DatabaseSettings;
use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};
use tracing_subscriber::{EnvFilter, filter::LevelFilter};

/// The format of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    Human,
    /// One JSON object per line.
    Json,
}

impl LogFormat {
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text {
            "human" => Some(Self::Human),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// A number from 0 to 1.
pub(super) fn ratio_of(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number| (0.0..=1.0).contains(number))
}

/// True or false, in the spellings that people use.
pub(super) fn switch_of(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "on" | "yes" | "1" => Some(true),
        "false" | "off" | "no" | "0" => Some(false),
        _ => None,
    }
}

/// An IP address with a port.
pub(super) fn address(text: &str) -> Option<SocketAddr> {
    text.parse().ok()
}

/// The path of a file.
pub(super) fn path(text: &str) -> Option<PathBuf> {
    some_text(text).map(PathBuf::from)
}

/// The issuer of an OpenID Connect provider.
pub(super) fn issuer(text: &str) -> Option<String> {
    is_issuer(text).then(|| text.to_owned())
}

/// The address of a collector of traces, without the path for traces.
pub(super) fn collector(text: &str) -> Option<String> {
    let url = reqwest::Url::parse(text).ok()?;
    let is_plain = matches!(url.scheme(), "http" | "https")
        && url.query().is_none()
        && url.fragment().is_none();
    (is_plain && url.has_host() && !url.path().ends_with("/v1/traces")).then(|| text.to_owned())
}

/// Names, separated by commas, at least one.
pub(super) fn names(text: &str) -> Option<Vec<String>> {
    let names: Vec<String> =
        text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    (!names.is_empty()).then_some(names)
}

/// Any text that is not empty.
pub(super) fn some_text(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| text.to_owned())
}

/// Any number of origins, separated by commas. Those of this machine may have `*` in place of a
/// port.
pub(super) fn origins(text: &str) -> Option<Vec<String>> {
    let origins = text.split(',').map(str::trim).filter(|origin| !origin.is_empty());
    origins
        .map(|origin| {
            let (scheme, host) = origin.split_once("://")?;
            let is_local = |host: &&str| matches!(*host, "localhost" | "127.0.0.1" | "[::1]");
            let host = host.strip_suffix(":*").filter(is_local).unwrap_or(host);
            let good = matches!(scheme, "http" | "https")
                && !host.is_empty()
                && !host.contains(['/', '?', '#', '*']);
            good.then(|| origin.to_owned())
        })
        .collect()
}

/// Any number of media types, separated by commas. Each is exact or a whole kind (`image/*`).
pub(super) fn media_types(text: &str) -> Option<Vec<String>> {
    let types = text.split(',').map(str::trim).filter(|media_type| !media_type.is_empty());
    types
        .map(|media_type| {
            let of_a_kind = media_type.strip_suffix("/*").map(|kind| format!("{kind}/any"));
            let is_one = MediaType::parse(of_a_kind.as_deref().unwrap_or(media_type)).is_some();
            (is_one && !media_type.contains(';')).then(|| media_type.to_ascii_lowercase())
        })
        .collect()
}

/// Any number of addresses and networks, separated by commas.
pub(super) fn networks(text: &str) -> Option<Vec<IpNet>> {
    let networks = text.split(',').map(str::trim).filter(|network| !network.is_empty());
    networks
        .map(|network| {
            network.parse().ok().or_else(|| network.parse::<IpAddr>().ok().map(IpNet::from))
        })
        .collect()
}

/// The filter of the log. A word without `=` must be a level: a misspelt level would count as the
/// name of a part, and turn off the log of all other parts.
pub(super) fn directives(text: &str) -> Option<EnvFilter> {
    let is_level =
        |word: &str| !word.trim().is_empty() && word.trim().parse::<LevelFilter>().is_ok();
    let lone_words_are_levels =
        text.contains('[') || text.split(',').filter(|piece| !piece.contains('=')).all(is_level);
    if !lone_words_are_levels {
        return None;
    }
    // The commands report migrations themselves. With each migration, PostgreSQL sends a notice
    // that the table of migrations exists.
    EnvFilter::try_new(format!("sea_orm_migration=warn,sqlx::postgres::notice=warn,{text}")).ok()
}

/// The address of a PostgreSQL database or of an SQLite file.
pub(super) fn database_url(text: &str) -> Option<String> {
    postgres_url(text).or_else(|| sqlite_file(text).map(|_| text.to_owned()))
}

/// The address of a PostgreSQL database.
pub(super) fn postgres_url(text: &str) -> Option<String> {
    let is_one = ["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme));
    is_one.then(|| text.to_owned())
}

/// The address of a database for messages. It lacks the password and the parameters, which may also
/// hold a password.
pub(super) fn masked_url(text: &str) -> String {
    if text.starts_with("sqlite:") {
        return text.to_owned();
    }
    let shown = if text.contains("://") {
        DatabaseSettings::new(text).masked_url()
    } else {
        text.rsplit_once('@').map_or_else(|| text.to_owned(), |(_, host)| format!("***@{host}"))
    };
    shown.split_once('?').map_or_else(|| shown.clone(), |(address, _)| format!("{address}?***"))
}

/// The address of a mail server for messages: without user and password.
pub(super) fn masked_smtp_url(text: &str) -> String {
    let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
    let shown =
        rest.rsplit_once('@').map_or_else(|| rest.to_owned(), |(_, host)| format!("***@{host}"));
    if scheme.is_empty() { shown } else { format!("{scheme}://{shown}") }
}

/// The address of a page.
pub(super) fn public_url(text: &str) -> Option<String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let good = !host.is_empty() && !host.starts_with('/') && !text.contains(char::is_whitespace);
    good.then(|| text.to_owned())
}

/// The file of an SQLite database; `None` for other addresses, and for a database in memory.
pub fn sqlite_file(url: &str) -> Option<PathBuf> {
    let address = url.strip_prefix("sqlite:")?;
    let (path, parameters) = address.split_once('?').unwrap_or((address, ""));
    let path = path.trim_start_matches("//");
    let in_memory = path.contains(":memory:") || parameters.contains("mode=memory");
    (!path.is_empty() && !in_memory).then(|| PathBuf::from(percent_decoded(path)))
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digits = after
            .get(..2)
            .filter(|_| first == b'%')
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let (byte, after) = match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => (byte, after.get(2..).unwrap_or_default()),
            None => (first, after),
        };
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
