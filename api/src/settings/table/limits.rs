//! Limits of a request.

use super::{client_limits::ClientLimits, document_limits::DocumentLimits, rates::RateLimits};
use crate::{
    settings::{
        declare::settings,
        parse::{media_types, origins, path},
        setting::{bytes, number, on_off, seconds, text},
    },
    trusted_documents::TrustedDocuments,
};
use std::{path::PathBuf, sync::Arc, time::Duration};

/// Pages of this machine, at any port: for developers, whose tools serve pages at ports of their
/// own.
pub const LOCAL_PAGES: [&str; 3] = ["http://localhost:*", "http://127.0.0.1:*", "http://[::1]:*"];

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;
const TIB: u64 = 1 << 40;

settings! {
    /// Limits of a request.
    #[derive(Debug, Clone)]
    pub struct Limits {
        in Server {
            /// Origins of web pages that may send requests and open WebSockets, besides the
            /// server's own origin. In the demo, all pages of this machine may by default.
            allowed_origins: Vec<String> = ALLOWED_ORIGINS(
                "allowed-origins",
                text(
                    "ORIGINS",
                    "origins, separated by commas, such as \
                     https://crm.example.org,http://localhost:*",
                    origins,
                )
                .default_text("")
            );
            /// Whether the server has the desk, a page for people at /desk. Its own queries also
            /// run where trusted-documents allows no others.
            desk: bool = DESK("desk", on_off().default_text("off"));
        }
        in Uploads {
            /// Maximum size of a file.
            max_upload_bytes: u64 = MAX_UPLOAD_BYTES(
                "max-upload-bytes",
                bytes(1, 5 * GIB).default(50 * MIB)
            );
            /// Maximum size of all files together, including uploads in progress at this server; 0
            /// for no limit. Identical contents count once.
            max_storage_bytes: Option<u64> = MAX_STORAGE_BYTES(
                "max-storage-bytes",
                bytes(0, 1 << 53).zero("no limit").default(0)
            );
            /// Accepted media types of files, such as application/pdf,image/*; if empty, all.
            upload_media_types: Vec<String> = UPLOAD_MEDIA_TYPES(
                "upload-media-types",
                text(
                    "TYPES",
                    "media types, separated by commas, such as application/pdf,image/*",
                    media_types,
                )
                .default_text("")
            );
            /// Longest wait for the next byte of a file.
            upload_idle_timeout: Duration = UPLOAD_IDLE_TIMEOUT(
                "upload-idle-timeout-seconds",
                seconds(1, 3600).default(30)
            );
            /// Average number of bytes per second that a client must send of a file, after
            /// upload-idle-timeout-seconds; 0 for no minimum.
            min_upload_rate: u32 = MIN_UPLOAD_RATE(
                "min-upload-rate",
                bytes(0, GIB).zero("no minimum").default(KIB)
            );
            /// Maximum number of files that a person may send at a time.
            max_uploads_per_person: usize = MAX_UPLOADS_PER_PERSON(
                "max-uploads-per-person",
                number(1, 100_000).default(10)
            );
        }
        in Requests {
            /// Maximum nesting depth of a query's fields.
            max_depth: usize = MAX_DEPTH("max-depth", number(1, 1000).default(16));
            /// Maximum number of fields in an answer. A field of a list counts once for each item
            /// that the list may have.
            max_complexity: usize = MAX_COMPLEXITY(
                "max-complexity",
                number(1, 1_000_000_000).default(20_000)
            );
            /// Whether each answer says in `extensions.cost` how much it has cost, how much is
            /// allowed, and how many requests the person has left this minute.
            cost_extension: bool = COST_EXTENSION("cost-extension", on_off().default_text("off"));
            /// Maximum number of operations in a request that is a JSON array (a batch); 0 to
            /// refuse batches.
            max_batch: usize = MAX_BATCH("max-batch", number(0, 10).default(0));
            /// Maximum length of the answer to an operation.
            max_answer_bytes: usize = MAX_ANSWER_BYTES(
                "max-answer-bytes",
                bytes(KIB, GIB).default(16 * MIB)
            );
            /// Maximum number of errors that an answer lists. If there are more, one further error
            /// says how many.
            max_errors: usize = MAX_ERRORS("max-errors", number(1, 10_000).default(100));
            /// Maximum length of a request's body.
            max_body_bytes: usize = MAX_BODY_BYTES(
                "max-body-bytes",
                bytes(KIB, GIB).default(MIB)
            );
            /// Longest time that a request may take.
            request_timeout: Duration = REQUEST_TIMEOUT(
                "request-timeout-seconds",
                seconds(1, 3600).default(30)
            );
            /// How long a server continues to answer after it is asked to stop. Meanwhile, /readyz
            /// answers 503, so that proxies send no more clients. A second signal ends this time
            /// early.
            drain: Duration = DRAIN(
                "drain-seconds",
                seconds(0, 600).hint("a little longer than the proxy takes to notice").default(0)
            );
            /// Longest time that running requests have to finish when the server stops.
            shutdown_timeout: Duration = SHUTDOWN_TIMEOUT(
                "shutdown-timeout-seconds",
                seconds(1, 3600).default(30)
            );
        }
        in Clients {
            /// Maximum number of WebSockets and event streams of a person at a time.
            max_streams_per_person: usize = MAX_STREAMS_PER_PERSON(
                "max-streams-per-person",
                number(1, 1_000_000).default(100)
            );
            /// Maximum number of operations on a WebSocket at a time.
            max_subscriptions: usize = MAX_SUBSCRIPTIONS(
                "max-subscriptions",
                number(1, 100_000).default(100)
            );
            /// Longest wait for the first message on a WebSocket, which identifies the client.
            websocket_init_timeout: Duration = WEBSOCKET_INIT_TIMEOUT(
                "websocket-init-timeout-seconds",
                seconds(1, 3600).default(10)
            );
            /// Maximum size of all answers that wait for clients to read them.
            max_unsent_bytes: usize = MAX_UNSENT_BYTES(
                "max-unsent-bytes",
                bytes(64 * KIB, TIB).default(256 * MIB)
            );
            /// Maximum size of the answers on one connection that wait for the client to read them.
            max_unsent_bytes_per_connection: usize = MAX_UNSENT_BYTES_PER_CONNECTION(
                "max-unsent-bytes-per-connection",
                bytes(64 * KIB, TIB).default(32 * MIB)
            );
        }
        in Rates {
            /// Maximum number of queries and mutations that run, or whose answers wait to be read,
            /// at a time. One address may have a quarter of them.
            max_running: usize = MAX_RUNNING("max-running", number(1, 100_000).default(500));
        }
    } and {
        /// Limits of a document.
        document: DocumentLimits,
        /// The only documents that may run; `None` if all may.
        trusted_documents: Option<Arc<TrustedDocuments>>,
        /// How often clients may send requests. By default there is no limit, because tests send
        /// many.
        rates: RateLimits,
        /// Limits of connections.
        clients: ClientLimits,
    }
}

settings! {
    in Requests {
        /// A file of the only documents that may run. Clients refer to them by their ids. The
        /// server reads the file when it starts.
        PathBuf = TRUSTED_DOCUMENTS(
            "trusted-documents",
            text(
                "FILE",
                "the path of a JSON file of ids and documents, as graphql-codegen and \
                 relay-compiler write it",
                path,
            )
        );
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::defaults()
    }
}
