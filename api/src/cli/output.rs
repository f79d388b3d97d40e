//! Output. Data goes to standard output, everything else to standard error.

use super::Failure;
use anstream::AutoStream;
use serde::Serialize;
use std::{
    io::{ErrorKind, Write, stderr, stdout},
    process::ExitCode,
};

/// Prints data. The reader may stop early (`memoranda schema | head`).
pub(super) fn print(text: &str) -> Result<(), Failure> {
    // Takes colours away, unless this is a terminal whose owner wants them (NO_COLOR).
    let mut out = AutoStream::auto(stdout().lock());
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::failed(format_args!("standard output cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

/// Prints data for programs.
pub(super) fn json(data: &impl Serialize) -> Result<(), Failure> {
    print(&serde_json::to_string_pretty(data).map_err(Failure::failed)?)
}

/// Prints a message for the person at the terminal.
pub(super) fn note(text: &str) {
    // If this fails, there is no other way to report it.
    let _ = writeln!(stderr().lock(), "{text}");
}

/// Prints why a command failed, and returns its exit code.
pub(super) fn report(failure: &Failure) -> ExitCode {
    note(&format!("error: {}", failure.text()));
    match failure {
        Failure::Usage(_) => ExitCode::from(2),
        Failure::Failed(_) => ExitCode::FAILURE,
    }
}
