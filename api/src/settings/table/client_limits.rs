//! Limits of client connections.

use crate::settings::{
    declare::settings,
    parse::networks,
    setting::{bytes, number, seconds, text},
};
use ipnet::IpNet;
use std::time::Duration;

settings! {
    /// How many connections there may be, and how long each may make the server wait.
    #[derive(Debug, Clone)]
    pub struct ClientLimits {
        in Clients {
            /// Maximum number of client connections at a time.
            max_connections: usize = MAX_CLIENTS(
                "max-clients",
                number(1, 1_000_000).default(10_000)
            );
            /// Maximum number of connections from one address (IPv6: /64 network) at a time.
            /// Trusted proxies are not limited.
            max_connections_per_address: usize = MAX_CLIENTS_PER_ADDRESS(
                "max-clients-per-address",
                number(1, 1_000_000).default(1_000)
            );
            /// Maximum length of the head of a request: the request line and the headers.
            max_header_bytes: usize = MAX_HEADER_BYTES(
                "max-header-bytes",
                bytes(8_192, 1_048_576).default(65_536)
            );
            /// Longest time for the head of a request to arrive, and for the first byte of a new
            /// connection.
            header_timeout: Duration = HEADER_TIMEOUT(
                "header-timeout-seconds",
                seconds(1, 3600).default(10)
            );
            /// Longest time for the body of a GraphQL request to arrive.
            body_timeout: Duration = BODY_TIMEOUT(
                "body-timeout-seconds",
                seconds(1, 3600).default(30)
            );
            /// Longest pause while the body of a GraphQL request arrives.
            body_idle_timeout: Duration = BODY_IDLE_TIMEOUT(
                "body-idle-timeout-seconds",
                seconds(1, 3600).default(10)
            );
            /// How long a connection may stay open without a request. A proxy should close its own
            /// connections earlier.
            idle_timeout: Duration = IDLE_TIMEOUT(
                "idle-timeout-seconds",
                seconds(1, 3600).default(75)
            );
            /// How long a client may read nothing of what the server sends.
            write_timeout: Duration = WRITE_TIMEOUT(
                "write-timeout-seconds",
                seconds(1, 3600).default(30)
            );
            /// Average number of bytes per second that a client must read, after
            /// write-timeout-seconds; 0 for no minimum.
            min_read_rate: u32 = MIN_READ_RATE(
                "min-read-rate",
                bytes(0, 1_073_741_824).zero("no minimum").default(1_024)
            );
            /// Proxies whose X-Forwarded-For and X-Forwarded-Proto headers are trusted. From all
            /// other clients, these headers are ignored.
            trusted_proxies: Vec<IpNet> = TRUSTED_PROXIES(
                "trusted-proxies",
                text(
                    "ADDRESSES",
                    "addresses and networks, separated by commas, such as \
                     10.0.0.5,192.168.0.0/16,::1",
                    networks,
                )
                .default_text("")
            );
        }
    }
}

impl Default for ClientLimits {
    fn default() -> Self {
        Self::defaults()
    }
}
