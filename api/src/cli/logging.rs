//! The log, on standard error, and traces for a collector.

use super::Failure;
use crate::{
    settings::{
        LogFormat, Values,
        watching::{LOG, LOG_FORMAT, OTLP_ENDPOINT, OTLP_SAMPLE_RATIO},
    },
    telemetry::{TARGET, Telemetry},
};
use std::io::{IsTerminal, stderr};
use tracing_subscriber::{
    Layer, Registry, filter::Directive, fmt, layer::SubscriberExt, registry, util::SubscriberInitExt,
};

/// Starts the log.
pub(super) fn start(values: &Values) -> Result<(), Failure> {
    begin(values, None)
}

/// Starts the log, and the export of traces where a collector is configured.
pub(super) fn start_with_traces(values: &Values) -> Result<Option<Telemetry>, Failure> {
    let telemetry = match values.given(&OTLP_ENDPOINT)? {
        Some(endpoint) => {
            let started = Telemetry::start(&endpoint, values.get(&OTLP_SAMPLE_RATIO)?);
            Some(started.map_err(|problem| values.refuse(&OTLP_ENDPOINT, problem))?)
        }
        None => None,
    };
    begin(values, telemetry.as_ref())?;
    Ok(telemetry)
}

fn begin(values: &Values, telemetry: Option<&Telemetry>) -> Result<(), Failure> {
    let cannot =
        |error: &dyn std::fmt::Display| Failure::failed(format_args!("the log cannot be started: {error}"));
    // Spans of traces have a way of their own.
    let untraced: Directive = format!("{TARGET}=off").parse().map_err(|error| cannot(&error))?;
    let filter = values.get(&LOG)?.add_directive(untraced);
    let lines = fmt::layer::<Registry>().with_writer(stderr);
    let lines = match values.get(&LOG_FORMAT)? {
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).boxed(),
        LogFormat::Human => {
            lines.with_ansi(stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()).boxed()
        }
    };
    let traces = telemetry.map(Telemetry::layer);
    registry().with(lines.with_filter(filter)).with(traces).try_init().map_err(|error| cannot(&error))
}
