//! The log, on standard error.

use super::Failure;
use crate::settings::{
    LogFormat, Values,
    table::{LOG, LOG_FORMAT},
};
use std::io::{IsTerminal, stderr};

/// Starts the log.
pub(super) fn start(values: &Values) -> Result<(), Failure> {
    let log = tracing_subscriber::fmt().with_env_filter(values.get(&LOG)?).with_writer(stderr);
    let started = match values.get(&LOG_FORMAT)? {
        LogFormat::Json => log.json().flatten_event(true).with_span_list(false).try_init(),
        LogFormat::Human => {
            log.with_ansi(stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()).try_init()
        }
    };
    started.map_err(|error| Failure::failed(format_args!("the log cannot be started: {error}")))
}
