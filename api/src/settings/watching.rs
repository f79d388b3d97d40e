//! The settings of what operators watch: the log, metrics, traces.

use super::{
    kinds::{LogFormat, collector, directives, masked_url, number},
    setting::Setting,
};
use std::net::SocketAddr;
use tracing_subscriber::EnvFilter;

/// What is logged.
pub const LOG: Setting<EnvFilter> = Setting::new("log", "MEMORANDA_LOG", directives)
    .help("DIRECTIVES", "What is logged, to standard error")
    .expects("off, error, warn, info, debug or trace, also by part: warn,service=debug")
    .default(|| String::from("info"));

/// How it is logged.
pub const LOG_FORMAT: Setting<LogFormat> =
    Setting::new("log-format", "MEMORANDA_LOG_FORMAT", LogFormat::parse)
        .help("FORMAT", "How it is logged: human, or json (one object a line)")
        .expects("human or json")
        .default(|| String::from("human"));

/// Where metrics are served.
pub const METRICS_LISTEN: Setting<SocketAddr> = Setting::new(
    "metrics-listen",
    "MEMORANDA_METRICS_LISTEN",
    |text| text.parse().ok(),
)
.help(
    "ADDRESS:PORT",
    "Where to serve metrics for Prometheus (GET /metrics), to whoever reaches that port; without \
     it, nowhere",
)
.expects("an IP address and a port for your monitoring alone, such as 127.0.0.1:9464");

/// The collector of traces.
pub const OTLP_ENDPOINT: Setting<String> = Setting::new(
    "otlp-endpoint",
    "MEMORANDA_OTLP_ENDPOINT",
    collector,
)
.help(
    "URL",
    "The OpenTelemetry collector that takes traces (OTLP over HTTP); without it, none are made. \
         OTEL_EXPORTER_OTLP_HEADERS, OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES hold as well",
)
.expects("the collector's address without /v1/traces, such as http://localhost:4318")
.masked(masked_url);

/// Which part of all traces is exported.
pub const OTLP_SAMPLE_RATIO: Setting<f64> =
    Setting::new("otlp-sample-ratio", "MEMORANDA_OTLP_SAMPLE_RATIO", |text| number(text, 0.0, 1.0))
        .help(
            "RATIO",
            "Which part of all traces is exported; what clients ask for in `traceparent` does not \
             change it",
        )
        .expects("a number from 0 to 1, such as 0.1")
        .default(|| String::from("1"));
