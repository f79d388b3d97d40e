//! What is printed. Data goes to standard output, everything else to standard error.

use super::Failure;
use std::io::{ErrorKind, Write, stderr, stdout};

/// Prints data. Whoever reads it may stop early (`memoranda schema | head`).
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut out = stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::failed(format_args!("standard output cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

/// Tells the person at the terminal something.
pub(super) fn note(text: &str) {
    // There is nobody left to tell if this fails.
    let _ = writeln!(stderr().lock(), "{text}");
}
