//! The log on standard error, and traces for a collector.

use super::Failure;
use crate::{
    settings::{
        LogFormat, Values,
        table::observability::{LOG, LOG_FORMAT, OTLP_ENDPOINT, OTLP_SAMPLE_RATIO},
        unknown_variables,
    },
    telemetry::{TARGET, Telemetry},
};
use std::io::{IsTerminal, stderr};
use tracing::{Event, Metadata, field::Field};
use tracing_subscriber::{
    Layer, Registry,
    filter::{Directive, FilterExt},
    fmt,
    layer::{Context, Filter, SubscriberExt},
    registry,
    util::SubscriberInitExt,
};

/// Starts the log.
pub(super) fn start(values: &Values) -> Result<(), Failure> {
    init(values, None)
}

/// Starts the log, and the export of traces if a collector is configured.
pub(super) fn start_with_traces(values: &Values) -> Result<Option<Telemetry>, Failure> {
    let telemetry = match values.given(&OTLP_ENDPOINT)? {
        Some(endpoint) => {
            let started = Telemetry::start(&endpoint, values.get(&OTLP_SAMPLE_RATIO)?);
            Some(started.map_err(|problem| values.refuse(&OTLP_ENDPOINT, problem))?)
        }
        None => None,
    };
    init(values, telemetry.as_ref())?;
    Ok(telemetry)
}

fn init(values: &Values, telemetry: Option<&Telemetry>) -> Result<(), Failure> {
    let cannot = |error: &dyn std::fmt::Display| {
        Failure::failed(format_args!("the log cannot be started: {error}"))
    };
    // Spans of traces do not belong in the log: they have their own exporter.
    let untraced: Directive = format!("{TARGET}=off").parse().map_err(|error| cannot(&error))?;
    let filter = values.get(&LOG)?.add_directive(untraced);
    let lines = fmt::layer::<Registry>().with_writer(stderr);
    let lines = match values.get(&LOG_FORMAT)? {
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).boxed(),
        LogFormat::Human => lines
            .with_ansi(stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none())
            .boxed(),
    };
    let traces = telemetry.map(Telemetry::layer);
    registry()
        .with(lines.with_filter(filter.and(WithoutRollbackNotice)))
        .with(traces)
        .try_init()
        .map_err(|error| cannot(&error))?;
    for problem in unknown_variables(std::env::vars_os().map(|(name, _)| name)) {
        tracing::warn!("{problem}");
    }
    Ok(())
}

/// Drops one harmless notice. PostgreSQL warns of a ROLLBACK after a COMMIT. The driver sends that
/// ROLLBACK while it does not know yet that the transaction has ended.
struct WithoutRollbackNotice;

impl<S> Filter<S> for WithoutRollbackNotice {
    fn enabled(&self, _: &Metadata<'_>, _: &Context<'_, S>) -> bool {
        true
    }

    fn event_enabled(&self, event: &Event<'_>, _: &Context<'_, S>) -> bool {
        if event.metadata().target() != "sqlx::postgres::notice" {
            return true;
        }
        let mut message = String::new();
        event.record(&mut |field: &Field, value: &dyn std::fmt::Debug| {
            if field.name() == "message" {
                message = format!("{value:?}");
            }
        });
        message != "there is no transaction in progress"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::Write,
        sync::{Arc, Mutex},
    };

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn only_the_notice_of_a_rollback_is_dropped() {
        let lines = Lines::default();
        let writer = lines.clone();
        let layer =
            fmt::layer().with_writer(move || writer.clone()).with_filter(WithoutRollbackNotice);
        tracing::subscriber::with_default(registry().with(layer), || {
            let target = "sqlx::postgres::notice";
            tracing::warn!(target: "sqlx::postgres::notice", "there is no transaction in progress");
            tracing::warn!(
                target: "sqlx::postgres::notice",
                "there is already a transaction in progress"
            );
            tracing::warn!(
                target: "sqlx::postgres::notice",
                message = %"there is no transaction in progress"
            );
            tracing::warn!("there is no transaction in progress: said by {target}");
        });
        let logged = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert_eq!(logged.lines().count(), 2, "{logged}");
        assert!(logged.contains("already a transaction"), "{logged}");
        assert!(logged.contains("said by"), "{logged}");
    }
}
