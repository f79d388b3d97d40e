//! What connections of clients may cost.

use crate::settings::{
    declare::settings,
    parse::networks,
    setting::{bytes, number, seconds, text},
};
use ipnet::IpNet;
use std::time::Duration;

settings! {
    /// How many connections there may be, and how long each may keep the server waiting.
    #[derive(Debug, Clone)]
    pub struct ClientLimits {
        in Clients {
            /// Most connections of clients at a time.
            max_connections: usize = MAX_CLIENTS(
                "max-clients",
                number(1, 1_000_000).default(10_000)
            );
            /// Most connections from one address (IPv6: /64 network) at a time. Trusted proxies
            /// are not limited.
            max_connections_per_address: usize = MAX_CLIENTS_PER_ADDRESS(
                "max-clients-per-address",
                number(1, 1_000_000).default(1_000)
            );
            /// Longest head of a request: its line and its headers.
            max_header_bytes: usize = MAX_HEADER_BYTES(
                "max-header-bytes",
                bytes(8_192, 1_048_576).default(65_536)
            );
            /// Longest time for the head of a request, and for the first byte of a new connection.
            header_timeout: Duration = HEADER_TIMEOUT(
                "header-timeout-seconds",
                seconds(1, 3600).default(10)
            );
            /// Longest time for the body of a GraphQL request.
            body_timeout: Duration = BODY_TIMEOUT(
                "body-timeout-seconds",
                seconds(1, 3600).default(30)
            );
            /// Longest pause within the body of a GraphQL request.
            body_idle_timeout: Duration = BODY_IDLE_TIMEOUT(
                "body-idle-timeout-seconds",
                seconds(1, 3600).default(10)
            );
            /// How long a connection may stay without a request. A proxy should close its own
            /// connections earlier.
            idle_timeout: Duration = IDLE_TIMEOUT(
                "idle-timeout-seconds",
                seconds(1, 3600).default(75)
            );
            /// How long a client may take nothing of what the server sends.
            write_timeout: Duration = WRITE_TIMEOUT(
                "write-timeout-seconds",
                seconds(1, 3600).default(30)
            );
            /// How many bytes a client has to take each second on average of what the server
            /// sends, after write-timeout-seconds; 0 for any number.
            min_read_rate: u32 = MIN_READ_RATE(
                "min-read-rate",
                bytes(0, 1_073_741_824).zero("any number").default(1_024)
            );
            /// Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed. These headers of
            /// all others are ignored.
            trusted_proxies: Vec<IpNet> = TRUSTED_PROXIES(
                "trusted-proxies",
                text(
                    "ADDRESSES",
                    "addresses and networks with commas between them, such as \
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
