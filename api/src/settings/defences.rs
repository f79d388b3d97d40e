//! The settings of what clients may do, beyond what a document may be.

use super::{
    kinds::{networks, number, seconds, some_text, yes_or_no},
    setting::Setting,
};
use crate::http::{ClientLimits, Limits, RateLimits};
use ipnet::IpNet;
use std::{path::PathBuf, time::Duration};

/// Most connections of clients.
pub const MAX_CLIENTS: Setting<usize> =
    Setting::new("max-clients", "MEMORANDA_MAX_CLIENTS", |text| number(text, 1, 1_000_000))
        .help("NUMBER", "Most connections of clients at a time")
        .expects("a whole number from 1 to 1000000")
        .default(|| ClientLimits::default().max_connections.to_string());

/// Most connections from an address.
pub const MAX_CLIENTS_PER_ADDRESS: Setting<usize> =
    Setting::new("max-clients-per-address", "MEMORANDA_MAX_CLIENTS_PER_ADDRESS", |text| {
        number(text, 1, 1_000_000)
    })
    .help(
        "NUMBER",
        "Most connections from one address (IPv6: /64 network) at a time; trusted proxies have any \
         number",
    )
    .expects("a whole number from 1 to 1000000")
    .default(|| ClientLimits::default().max_connections_per_address.to_string());

/// Most streams of a person.
pub const MAX_STREAMS_PER_PERSON: Setting<usize> =
    Setting::new("max-streams-per-person", "MEMORANDA_MAX_STREAMS_PER_PERSON", |text| {
        number(text, 1, 1_000_000)
    })
    .help("NUMBER", "Most WebSockets and streams of events of a person at a time")
    .expects("a whole number from 1 to 1000000")
    .default(|| Limits::default().max_streams_per_person.to_string());

/// Most operations of a WebSocket.
pub const MAX_SUBSCRIPTIONS: Setting<usize> =
    Setting::new("max-subscriptions", "MEMORANDA_MAX_SUBSCRIPTIONS", |text| {
        number(text, 1, 100_000)
    })
    .help("NUMBER", "Most operations of a WebSocket at a time")
    .expects("a whole number from 1 to 100000")
    .default(|| Limits::default().max_subscriptions.to_string());

/// Most errors of an answer.
pub const MAX_ERRORS: Setting<usize> =
    Setting::new("max-errors", "MEMORANDA_MAX_ERRORS", |text| number(text, 1, 10_000))
        .help(
            "NUMBER",
            "Most errors of an answer that are told; one more says how many there are beside them",
        )
        .expects("a whole number from 1 to 10000")
        .default(|| Limits::default().max_errors.to_string());

/// How long a WebSocket may stay without saying who it is.
pub const WEBSOCKET_INIT_TIMEOUT: Setting<Duration> = Setting::new(
    "websocket-init-timeout-seconds",
    "MEMORANDA_WEBSOCKET_INIT_TIMEOUT_SECONDS",
    |text| seconds(text, 3600),
)
.help("SECONDS", "Longest time for the first message of a WebSocket, which says who it is")
.expects("a whole number of seconds from 1 to 3600")
.default(|| Limits::default().websocket_init_timeout.as_secs().to_string());

/// Longest head of a request.
pub const MAX_HEADER_BYTES: Setting<usize> =
    Setting::new("max-header-bytes", "MEMORANDA_MAX_HEADER_BYTES", |text| {
        number(text, 8_192, 1_048_576)
    })
    .help("BYTES", "Longest head of a request: its line and its headers")
    .expects("a whole number of bytes from 8192 to 1048576")
    .default(|| ClientLimits::default().max_header_bytes.to_string());

/// Longest time for a head.
pub const HEADER_TIMEOUT: Setting<Duration> =
    Setting::new("header-timeout-seconds", "MEMORANDA_HEADER_TIMEOUT_SECONDS", |text| {
        seconds(text, 3600)
    })
    .help(
        "SECONDS",
        "Longest time for the head of a request, and for a new connection to say anything",
    )
    .expects("a whole number of seconds from 1 to 3600")
    .default(|| ClientLimits::default().header_timeout.as_secs().to_string());

/// Longest time for a body.
pub const BODY_TIMEOUT: Setting<Duration> =
    Setting::new("body-timeout-seconds", "MEMORANDA_BODY_TIMEOUT_SECONDS", |text| {
        seconds(text, 3600)
    })
    .help("SECONDS", "Longest time for the body of a GraphQL request")
    .expects("a whole number of seconds from 1 to 3600")
    .default(|| ClientLimits::default().body_timeout.as_secs().to_string());

/// Longest pause within a body.
pub const BODY_IDLE_TIMEOUT: Setting<Duration> =
    Setting::new("body-idle-timeout-seconds", "MEMORANDA_BODY_IDLE_TIMEOUT_SECONDS", |text| {
        seconds(text, 3600)
    })
    .help("SECONDS", "Longest pause within the body of a GraphQL request")
    .expects("a whole number of seconds from 1 to 3600")
    .default(|| ClientLimits::default().body_idle_timeout.as_secs().to_string());

/// How long a connection may be idle.
pub const IDLE_TIMEOUT: Setting<Duration> =
    Setting::new("idle-timeout-seconds", "MEMORANDA_IDLE_TIMEOUT_SECONDS", |text| {
        seconds(text, 3600)
    })
    .help(
        "SECONDS",
        "How long a connection may stay without a request; let a proxy close its own earlier",
    )
    .expects("a whole number of seconds from 1 to 3600")
    .default(|| ClientLimits::default().idle_timeout.as_secs().to_string());

/// How long a client may take nothing.
pub const WRITE_TIMEOUT: Setting<Duration> =
    Setting::new("write-timeout-seconds", "MEMORANDA_WRITE_TIMEOUT_SECONDS", |text| {
        seconds(text, 3600)
    })
    .help("SECONDS", "How long a client may take nothing of what it is sent")
    .expects("a whole number of seconds from 1 to 3600")
    .default(|| ClientLimits::default().write_timeout.as_secs().to_string());

/// How slowly a client may take what it is sent.
pub const MIN_READ_RATE: Setting<u32> =
    Setting::new("min-read-rate", "MEMORANDA_MIN_READ_RATE", |text| number(text, 0, 1_073_741_824))
        .help(
            "BYTES",
            "How many bytes a second a client has to take on average of what it is sent, after \
             write-timeout-seconds; 0 for any number",
        )
        .expects("a whole number of bytes from 0 (any number) to 1073741824")
        .default(|| ClientLimits::default().min_read_rate.to_string());

/// Most bytes that wait to be read.
pub const MAX_UNSENT_BYTES: Setting<usize> =
    Setting::new("max-unsent-bytes", "MEMORANDA_MAX_UNSENT_BYTES", |text| {
        number(text, 65_536, 1_099_511_627_776)
    })
    .help("BYTES", "Most bytes of answers that wait to be read by their clients")
    .expects("a whole number of bytes from 65536 to 1099511627776")
    .default(|| Limits::default().max_unsent_bytes.to_string());

/// Most of them on a connection.
pub const MAX_UNSENT_BYTES_PER_CONNECTION: Setting<usize> = Setting::new(
    "max-unsent-bytes-per-connection",
    "MEMORANDA_MAX_UNSENT_BYTES_PER_CONNECTION",
    |text| number(text, 65_536, 1_099_511_627_776),
)
.help("BYTES", "Most bytes of answers that wait to be read on a connection")
.expects("a whole number of bytes from 65536 to 1099511627776")
.default(|| Limits::default().max_unsent_bytes_per_connection.to_string());

/// The proxies that are believed.
pub const TRUSTED_PROXIES: Setting<Vec<IpNet>> =
    Setting::new("trusted-proxies", "MEMORANDA_TRUSTED_PROXIES", networks)
        .help(
            "ADDRESSES",
            "Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed; all others' are not",
        )
        .expects(
            "addresses and networks with commas between them, such as 10.0.0.5,192.168.0.0/16,::1",
        )
        .default(String::new);

/// Most operations that run.
pub const MAX_RUNNING: Setting<usize> =
    Setting::new("max-running", "MEMORANDA_MAX_RUNNING", |text| number(text, 1, 100_000))
        .help(
            "NUMBER",
            "Most queries and mutations at a time that run or whose answers wait to be read; a \
             quarter of them from an address",
        )
        .expects("a whole number from 1 to 100000")
        .default(|| Limits::default().max_running.to_string());

/// Operations of a person.
pub const PERSON_RATE: Setting<u32> =
    rate("operations-per-minute", "MEMORANDA_OPERATIONS_PER_MINUTE")
        .help("NUMBER", "Most operations of a person in a minute; 0 for any number")
        .default(|| RateLimits::usual().operations_per_person.to_string());

/// Mutations of a person.
pub const MUTATION_RATE: Setting<u32> =
    rate("mutations-per-minute", "MEMORANDA_MUTATIONS_PER_MINUTE")
        .help("NUMBER", "Most mutations of a person in a minute; 0 for any number")
        .default(|| RateLimits::usual().mutations_per_person.to_string());

/// Operations from an address.
pub const ADDRESS_RATE: Setting<u32> =
    rate("address-operations-per-minute", "MEMORANDA_ADDRESS_OPERATIONS_PER_MINUTE")
        .help(
            "NUMBER",
            "Most operations from an address in a minute, whoever sends them; 0 for any number",
        )
        .default(|| RateLimits::usual().operations_per_address.to_string());

/// Attempts to sign in from an address.
pub const SIGN_IN_RATE: Setting<u32> = rate("sign-ins-per-minute", "MEMORANDA_SIGN_INS_PER_MINUTE")
    .help("NUMBER", "Most attempts to sign in from an address in a minute; 0 for any number")
    .default(|| RateLimits::usual().sign_ins_per_address.to_string());

const fn rate(key: &'static str, variable: &'static str) -> Setting<u32> {
    Setting::new(key, variable, |text| number(text, 0, 1_000_000))
        .expects("a whole number from 0 (any number) to 1000000")
}

/// Longest answer.
pub const MAX_ANSWER_BYTES: Setting<usize> =
    Setting::new("max-answer-bytes", "MEMORANDA_MAX_ANSWER_BYTES", |text| {
        number(text, 1024, 1_073_741_824)
    })
    .help("BYTES", "Longest answer to an operation")
    .expects("a whole number of bytes from 1024 to 1073741824")
    .default(|| Limits::default().max_answer_bytes.to_string());

/// Longest list in an input.
pub const MAX_LIST: Setting<usize> =
    Setting::new("max-list", "MEMORANDA_MAX_LIST", |text| number(text, 100, 1_000_000))
        .help("NUMBER", "Most items of a list in an argument or a variable")
        .expects("a whole number from 100 to 1000000")
        .default(|| Limits::default().document.max_list.to_string());

/// Most operations of a batch.
pub const MAX_BATCH: Setting<usize> =
    Setting::new("max-batch", "MEMORANDA_MAX_BATCH", |text| number(text, 0, 10))
        .help(
            "NUMBER",
            "Most operations of a request, as a JSON array; 0 where a request is one operation",
        )
        .expects("a whole number from 0 to 10")
        .default(|| Limits::default().max_batch.to_string());

/// Whether the schema is told.
pub const INTROSPECTION: Setting<bool> =
    Setting::new("introspection", "MEMORANDA_INTROSPECTION", yes_or_no)
        .help("ON|OFF", "Whether clients may ask for the schema; GraphiQL needs it")
        .expects("on or off")
        .default(|| String::from("on"));

/// The only documents that run.
pub const TRUSTED_DOCUMENTS: Setting<PathBuf> = Setting::new(
    "trusted-documents",
    "MEMORANDA_TRUSTED_DOCUMENTS",
    |text| some_text(text).map(PathBuf::from),
)
.help(
    "FILE",
    "Run none but this manifest's documents, which clients name by their ids; read at the start",
)
.expects(
    "the path of a JSON file of ids and documents, as graphql-codegen and relay-compiler write it",
);
