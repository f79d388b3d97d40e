//! What clients may cost: the limits that operators set, and what holds without settings.

use crate::{front_door::DocumentLimits, trusted_documents::TrustedDocuments};
use ipnet::IpNet;
use std::{sync::Arc, time::Duration};

/// What a request may cost.
#[derive(Debug, Clone)]
pub struct Limits {
    /// What a document may be.
    pub document: DocumentLimits,
    /// Deepest nesting of fields.
    pub max_depth: usize,
    /// Highest sum of fields, those of a list counted as often as the list may be long.
    pub max_complexity: usize,
    /// Longest body in bytes.
    pub max_body_bytes: usize,
    /// Longest time that a request may take.
    pub request_timeout: Duration,
    /// How long a server that was told to stop goes on as before, but for telling proxies that they
    /// shall send nobody here.
    pub drain: Duration,
    /// Longest time that running requests are given when the server stops.
    pub shutdown_timeout: Duration,
    /// How long a WebSocket may stay without saying who it is.
    pub websocket_init_timeout: Duration,
    /// Most connections of a person that stay open at a time: by `WebSocket` or as streams of
    /// events.
    pub max_streams_per_person: usize,
    /// Most operations of a WebSocket at a time.
    pub max_subscriptions: usize,
    /// Origins of pages that may ask and open a WebSocket, beside the server's own:
    /// `https://app.example.org`.
    pub allowed_origins: Vec<String>,
    /// Longest file in bytes.
    pub max_upload_bytes: u64,
    /// Most bytes of all files together; `None` for no limit.
    pub max_storage_bytes: Option<u64>,
    /// Media types of the files that are taken: `application/pdf`, `image/*`; all if empty.
    pub upload_media_types: Vec<String>,
    /// Longest wait for a further byte of a file.
    pub upload_idle_timeout: Duration,
    /// How many bytes of a file a second a client has to send on average, after that time; 0 for
    /// any number.
    pub min_upload_rate: u32,
    /// Most uploads of a person at a time.
    pub max_uploads_per_person: usize,
    /// Most queries and mutations at a time that run or whose answers wait to be read.
    pub max_running: usize,
    /// Most bytes of all answers together that wait to be read.
    pub max_unsent_bytes: usize,
    /// Most of them on one connection.
    pub max_unsent_bytes_per_connection: usize,
    /// Longest answer in bytes.
    pub max_answer_bytes: usize,
    /// Most errors of an answer that are told.
    pub max_errors: usize,
    /// Most operations of a request; 0 where a request is one operation.
    pub max_batch: usize,
    /// The only documents that run, where there are some.
    pub trusted_documents: Option<Arc<TrustedDocuments>>,
    /// How often one may ask. Without settings, as in tests, as often as one likes.
    pub rates: RateLimits,
    /// What connections may cost.
    pub clients: ClientLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document: DocumentLimits::default(),
            max_depth: 16,
            max_complexity: 20_000,
            max_body_bytes: 1_048_576,
            request_timeout: Duration::from_secs(30),
            drain: Duration::ZERO,
            shutdown_timeout: Duration::from_secs(30),
            websocket_init_timeout: Duration::from_secs(10),
            max_streams_per_person: 100,
            max_subscriptions: 100,
            allowed_origins: Vec::new(),
            max_upload_bytes: 50 * 1_048_576,
            max_storage_bytes: None,
            upload_media_types: Vec::new(),
            upload_idle_timeout: Duration::from_secs(30),
            min_upload_rate: 1_024,
            max_uploads_per_person: 10,
            max_running: 500,
            max_unsent_bytes: 256 * 1_048_576,
            max_unsent_bytes_per_connection: 32 * 1_048_576,
            max_answer_bytes: 16_777_216,
            max_errors: 100,
            max_batch: 0,
            trusted_documents: None,
            rates: RateLimits::default(),
            clients: ClientLimits::default(),
        }
    }
}

/// How much is allowed in a minute; 0 for any number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RateLimits {
    /// Operations of a person.
    pub operations_per_person: u32,
    /// Mutations of a person, which count as operations as well.
    pub mutations_per_person: u32,
    /// Operations from an address, whoever sends them.
    pub operations_per_address: u32,
    /// Attempts to sign in from an address.
    pub sign_ins_per_address: u32,
}

impl RateLimits {
    /// What a server allows unless it is told otherwise: more than people and their programs need,
    /// less than does harm. An office behind one address is one address.
    #[must_use]
    pub fn usual() -> Self {
        Self {
            operations_per_person: 1_200,
            mutations_per_person: 300,
            operations_per_address: 6_000,
            sign_ins_per_address: 30,
        }
    }
}

/// How many connections there may be, and how long each may keep the server waiting.
#[derive(Debug, Clone)]
pub struct ClientLimits {
    /// Most connections at a time.
    pub max_connections: usize,
    /// Most of them from one address, or of one /64 network of IPv6. Those of trusted proxies are
    /// not counted by address.
    pub max_connections_per_address: usize,
    /// Longest head of a request in bytes: its line and its headers.
    pub max_header_bytes: usize,
    /// Longest time for a head, and for a new connection to say anything.
    pub header_timeout: Duration,
    /// Longest time for a body.
    pub body_timeout: Duration,
    /// Longest pause within a body.
    pub body_idle_timeout: Duration,
    /// How long a connection may stay without a request.
    pub idle_timeout: Duration,
    /// How long a client may take nothing of what it is sent.
    pub write_timeout: Duration,
    /// How many bytes a second a client has to take on average, after that time; 0 for any number.
    pub min_read_rate: u32,
    /// The proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub trusted_proxies: Vec<IpNet>,
}

impl Default for ClientLimits {
    fn default() -> Self {
        Self {
            max_connections: 10_000,
            max_connections_per_address: 1_000,
            max_header_bytes: 65_536,
            header_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(30),
            body_idle_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(75),
            write_timeout: Duration::from_secs(30),
            min_read_rate: 1_024,
            trusted_proxies: Vec::new(),
        }
    }
}
