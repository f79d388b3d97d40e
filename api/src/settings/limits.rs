//! The settings of what a document and a request may cost, and of how a server ends.

use super::{
    kinds::{number, seconds},
    setting::Setting,
};
use crate::http::Limits;
use std::time::Duration;

/// Most tokens of a document.
pub const MAX_TOKENS: Setting<usize> =
    Setting::new("max-tokens", "MEMORANDA_MAX_TOKENS", |text| number(text, 100, 1_000_000))
        .help("NUMBER", "Most tokens of a document, white space and comments included")
        .expects("a whole number from 100 to 1000000")
        .default(|| Limits::default().document.max_tokens.to_string());

/// Deepest nesting of a document's text.
pub const MAX_NESTING: Setting<usize> =
    Setting::new("max-nesting", "MEMORANDA_MAX_NESTING", |text| number(text, 8, 200))
        .help("NUMBER", "Deepest nesting of a document's text: selections, lists, objects")
        .expects("a whole number from 8 to 200")
        .default(|| Limits::default().document.max_nesting.to_string());

/// Most aliases of a document.
pub const MAX_ALIASES: Setting<usize> =
    Setting::new("max-aliases", "MEMORANDA_MAX_ALIASES", |text| number(text, 0, 100_000))
        .help("NUMBER", "Most fields with an alias in a document")
        .expects("a whole number from 0 to 100000")
        .default(|| Limits::default().document.max_aliases.to_string());

/// Most directives of a document.
pub const MAX_DIRECTIVES: Setting<usize> =
    Setting::new("max-directives", "MEMORANDA_MAX_DIRECTIVES", |text| number(text, 0, 100_000))
        .help("NUMBER", "Most directives in a document")
        .expects("a whole number from 0 to 100000")
        .default(|| Limits::default().document.max_directives.to_string());

/// Most fields at the root.
pub const MAX_ROOT_FIELDS: Setting<usize> =
    Setting::new("max-root-fields", "MEMORANDA_MAX_ROOT_FIELDS", |text| number(text, 1, 10_000))
        .help("NUMBER", "Most fields at the root of an operation")
        .expects("a whole number from 1 to 10000")
        .default(|| Limits::default().document.max_root_fields.to_string());

/// Most fields of an operation.
pub const MAX_FIELDS: Setting<usize> =
    Setting::new("max-fields", "MEMORANDA_MAX_FIELDS", |text| number(text, 10, 1_000_000))
        .help("NUMBER", "Most fields of an operation, after its fragments are spread")
        .expects("a whole number from 10 to 1000000")
        .default(|| Limits::default().document.max_fields.to_string());

/// Deepest nesting of fields.
pub const MAX_DEPTH: Setting<usize> =
    Setting::new("max-depth", "MEMORANDA_MAX_DEPTH", |text| number(text, 1, 1000))
        .help("NUMBER", "Deepest nesting of a query's fields")
        .expects("a whole number from 1 to 1000")
        .default(|| Limits::default().max_depth.to_string());

/// Highest sum of fields.
pub const MAX_COMPLEXITY: Setting<usize> =
    Setting::new("max-complexity", "MEMORANDA_MAX_COMPLEXITY", |text| {
        number(text, 1, 1_000_000_000)
    })
    .help(
        "NUMBER",
        "Most fields of an answer, those of a list counted as often as the list may be long",
    )
    .expects("a whole number from 1 to 1000000000")
    .default(|| Limits::default().max_complexity.to_string());

/// Longest body.
pub const MAX_BODY_BYTES: Setting<usize> =
    Setting::new("max-body-bytes", "MEMORANDA_MAX_BODY_BYTES", |text| {
        number(text, 1024, 1_073_741_824)
    })
    .help("BYTES", "Longest body of a request")
    .expects("a whole number of bytes from 1024 to 1073741824")
    .default(|| Limits::default().max_body_bytes.to_string());

/// Longest time that a request may take.
pub const REQUEST_TIMEOUT: Setting<Duration> =
    Setting::new("request-timeout-seconds", "MEMORANDA_REQUEST_TIMEOUT_SECONDS", |text| {
        seconds(text, 3600)
    })
    .help("SECONDS", "Longest time that a request may take")
    .expects("a whole number of seconds from 1 to 3600")
    .default(|| Limits::default().request_timeout.as_secs().to_string());

/// How long a server goes on that was told to stop.
pub const DRAIN: Setting<Duration> =
    Setting::new("drain-seconds", "MEMORANDA_DRAIN_SECONDS", |text| {
        number(text, 0, 600).map(Duration::from_secs)
    })
    .help(
        "SECONDS",
        "How long a server that is told to stop goes on answering while /readyz answers 503, so \
             that proxies send nobody here any more; a second signal ends it early",
    )
    .expects(
        "a whole number of seconds from 0 to 600: a little longer than the proxy takes to notice",
    )
    .default(|| Limits::default().drain.as_secs().to_string());

/// Longest time that running requests are given when the server stops.
pub const SHUTDOWN_TIMEOUT: Setting<Duration> =
    Setting::new("shutdown-timeout-seconds", "MEMORANDA_SHUTDOWN_TIMEOUT_SECONDS", |text| {
        seconds(text, 3600)
    })
    .help("SECONDS", "Longest time that running requests are given when the server stops")
    .expects("a whole number of seconds from 1 to 3600")
    .default(|| Limits::default().shutdown_timeout.as_secs().to_string());
