//! The log, metrics and traces.

use crate::settings::{
    declare::settings,
    parse::{LogFormat, address, collector, directives, masked_url},
    setting::{one_of, ratio, text},
};
use std::net::SocketAddr;
use tracing_subscriber::EnvFilter;

settings! {
    in Server {
        /// Where to serve metrics for Prometheus (GET /metrics), to everybody who can reach that
        /// port; without it, the server serves no metrics.
        SocketAddr = METRICS_LISTEN(
            "metrics-listen",
            text(
                "ADDRESS:PORT",
                "an IP address and a port that only your monitoring can reach, such as \
                 127.0.0.1:9464",
                address,
            )
        );
        /// The OpenTelemetry collector that receives traces (OTLP over HTTP); without it, the
        /// server creates no traces. `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_SERVICE_NAME` and
        /// `OTEL_RESOURCE_ATTRIBUTES` also apply.
        String = OTLP_ENDPOINT(
            "otlp-endpoint",
            text(
                "URL",
                "the collector's address without /v1/traces, such as http://localhost:4318",
                collector,
            )
            .masked(masked_url)
        );
        /// Share of all traces that is exported. The flag that clients send in `traceparent` does
        /// not change it.
        f64 = OTLP_SAMPLE_RATIO("otlp-sample-ratio", ratio().default_text("1"));
    }
    in Common {
        /// What is logged to standard error.
        EnvFilter = LOG(
            "log",
            text(
                "DIRECTIVES",
                "off, error, warn, info, debug or trace; parts may differ: warn,service=debug",
                directives,
            )
            .default_text("info")
        );
        /// The format of the log: human, or json (one object per line).
        LogFormat = LOG_FORMAT(
            "log-format",
            one_of(&["human", "json"], LogFormat::parse).default_text("human")
        );
    }
}
