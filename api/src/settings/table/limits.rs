//! What a request may cost.

use super::{client_limits::ClientLimits, document_limits::DocumentLimits, rates::RateLimits};
use crate::{
    settings::{
        declare::settings,
        parse::{media_types, origins, path},
        setting::{bytes, number, seconds, text},
    },
    trusted_documents::TrustedDocuments,
};
use std::{path::PathBuf, sync::Arc, time::Duration};

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;
const TIB: u64 = 1 << 40;

settings! {
    /// What a request may cost.
    #[derive(Debug, Clone)]
    pub struct Limits {
        in Server {
            /// Origins of pages that may ask and open a WebSocket, besides the server's own.
            allowed_origins: Vec<String> = ALLOWED_ORIGINS(
                "allowed-origins",
                text(
                    "ORIGINS",
                    "origins with commas between them, such as \
                     https://crm.example.org,http://localhost:5173",
                    origins,
                )
                .default_text("")
            );
        }
        in Uploads {
            /// Longest file that is accepted.
            max_upload_bytes: u64 = MAX_UPLOAD_BYTES(
                "max-upload-bytes",
                bytes(1, 5 * GIB).default(50 * MIB)
            );
            /// Most bytes of all files together, each content counted once, and of uploads in
            /// progress at this server; 0 for no limit.
            max_storage_bytes: Option<u64> = MAX_STORAGE_BYTES(
                "max-storage-bytes",
                bytes(0, 1 << 53).zero("no limit").default(0)
            );
            /// Media types of files that are accepted, such as application/pdf,image/*; all if
            /// empty.
            upload_media_types: Vec<String> = UPLOAD_MEDIA_TYPES(
                "upload-media-types",
                text(
                    "TYPES",
                    "media types with commas between them, such as application/pdf,image/*",
                    media_types,
                )
                .default_text("")
            );
            /// Longest wait for a further byte of a file.
            upload_idle_timeout: Duration = UPLOAD_IDLE_TIMEOUT(
                "upload-idle-timeout-seconds",
                seconds(1, 3600).default(30)
            );
            /// How many bytes of a file a client has to send each second on average, after
            /// upload-idle-timeout-seconds; 0 for any number.
            min_upload_rate: u32 = MIN_UPLOAD_RATE(
                "min-upload-rate",
                bytes(0, GIB).zero("any number").default(KIB)
            );
            /// Most files that a person sends at a time.
            max_uploads_per_person: usize = MAX_UPLOADS_PER_PERSON(
                "max-uploads-per-person",
                number(1, 100_000).default(10)
            );
        }
        in Requests {
            /// Deepest nesting of a query's fields.
            max_depth: usize = MAX_DEPTH("max-depth", number(1, 1000).default(16));
            /// Most fields of an answer. Fields of a list count as often as the list may be long.
            max_complexity: usize = MAX_COMPLEXITY(
                "max-complexity",
                number(1, 1_000_000_000).default(20_000)
            );
            /// Most operations of a request, as a JSON array; 0 where a request is one operation.
            max_batch: usize = MAX_BATCH("max-batch", number(0, 10).default(0));
            /// Longest answer to an operation.
            max_answer_bytes: usize = MAX_ANSWER_BYTES(
                "max-answer-bytes",
                bytes(KIB, GIB).default(16 * MIB)
            );
            /// Most errors that an answer lists. One more says how many there are besides.
            max_errors: usize = MAX_ERRORS("max-errors", number(1, 10_000).default(100));
            /// Longest body of a request.
            max_body_bytes: usize = MAX_BODY_BYTES(
                "max-body-bytes",
                bytes(KIB, GIB).default(MIB)
            );
            /// Longest time that a request may take.
            request_timeout: Duration = REQUEST_TIMEOUT(
                "request-timeout-seconds",
                seconds(1, 3600).default(30)
            );
            /// How long a server that is told to stop goes on answering while /readyz answers 503,
            /// so that proxies send no more clients; a second signal ends it early.
            drain: Duration = DRAIN(
                "drain-seconds",
                seconds(0, 600).hint("a little longer than the proxy takes to notice").default(0)
            );
            /// Longest time that running requests have when the server stops.
            shutdown_timeout: Duration = SHUTDOWN_TIMEOUT(
                "shutdown-timeout-seconds",
                seconds(1, 3600).default(30)
            );
        }
        in Clients {
            /// Most WebSockets and event streams of a person at a time.
            max_streams_per_person: usize = MAX_STREAMS_PER_PERSON(
                "max-streams-per-person",
                number(1, 1_000_000).default(100)
            );
            /// Most operations of a WebSocket at a time.
            max_subscriptions: usize = MAX_SUBSCRIPTIONS(
                "max-subscriptions",
                number(1, 100_000).default(100)
            );
            /// Longest wait for the first message of a WebSocket, which says who it is.
            websocket_init_timeout: Duration = WEBSOCKET_INIT_TIMEOUT(
                "websocket-init-timeout-seconds",
                seconds(1, 3600).default(10)
            );
            /// Most bytes of answers that wait to be read by their clients.
            max_unsent_bytes: usize = MAX_UNSENT_BYTES(
                "max-unsent-bytes",
                bytes(64 * KIB, TIB).default(256 * MIB)
            );
            /// Most bytes of answers that wait to be read on a connection.
            max_unsent_bytes_per_connection: usize = MAX_UNSENT_BYTES_PER_CONNECTION(
                "max-unsent-bytes-per-connection",
                bytes(64 * KIB, TIB).default(32 * MIB)
            );
        }
        in Rates {
            /// Most queries and mutations at a time that run or whose answers wait to be read; a
            /// quarter of them from one address.
            max_running: usize = MAX_RUNNING("max-running", number(1, 100_000).default(500));
        }
    } and {
        /// What a document may be.
        document: DocumentLimits,
        /// The only documents that run, where there are some.
        trusted_documents: Option<Arc<TrustedDocuments>>,
        /// How often clients may ask. By default as often as they like, as tests need it.
        rates: RateLimits,
        /// What connections may cost.
        clients: ClientLimits,
    }
}

settings! {
    in Requests {
        /// A manifest of the only documents that run, which clients name by their ids. The server
        /// reads it when it starts.
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
