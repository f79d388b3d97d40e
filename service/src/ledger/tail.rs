//! The lines after the last one of which the database knows.

use super::{Ledger, line::Line, state::Mark};
use crate::{Error, Result};

/// These lines, and the end of the ledger.
#[derive(Debug)]
pub(super) struct Tail {
    pub(super) lines: Vec<Line>,
    pub(super) head: Head,
}

/// The end of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    /// The number of the last line; 0 without one.
    pub(super) number: i64,
    /// Its hash; empty without one.
    pub(super) hash: String,
    /// The place from which it can be read.
    pub(super) place: i64,
    /// The place of the next line.
    pub(super) next: i64,
}

impl Head {
    /// The mark of a database that knows all lines.
    pub(super) fn mark(&self) -> Mark {
        Mark { line: self.number, hash: self.hash.clone(), place: self.place }
    }
}

/// Reads them, and checks that the ledger has the line of which the database knows.
///
/// # Errors
/// [`Error::Ledger`] if it does not, or if a line is not what was written. Also returns errors of
/// the store.
pub(super) async fn read(ledger: &Ledger, mark: &Mark) -> Result<Tail> {
    let store = &ledger.store;
    let mut place = if mark.line == 0 { store.first_place() } else { mark.place };
    let mut head = Head { number: 0, hash: String::new(), place, next: place };
    let mut lines = Vec::new();
    // The first lines may be known. Their hashes need a line that is not read.
    let mut knows = mark.line == 0;
    while let Some(segment) = store.read(place).await? {
        for text in segment.text.lines() {
            let before = knows.then_some(head.hash.as_str());
            let expected = head.number + 1;
            let bad = |problem: String| {
                let number =
                    if knows { expected.to_string() } else { format!("up to {}", mark.line) };
                Error::Ledger(format!(
                    "line {number} of the ledger is not what was written ({problem}): look at it \
                     with `memoranda ledger verify`, and restore the ledger from a copy"
                ))
            };
            let line = ledger.keys.read(text, before).map_err(bad)?;
            if knows && line.number != expected {
                return Err(bad(format!("its number is {}", line.number)));
            }
            (head.number, head.hash) = (line.number, line.hash.clone());
            if knows {
                lines.push(line);
            } else if line.number == mark.line {
                if line.hash != mark.hash {
                    return Err(lost(mark));
                }
                knows = true;
            }
        }
        (head.place, head.next) = (place, segment.next);
        place = segment.next;
    }
    if knows { Ok(Tail { lines, head }) } else { Err(lost(mark)) }
}

fn lost(mark: &Mark) -> Error {
    Error::Ledger(format!(
        "this is not the ledger that the database knows: it has no line {} with the hash {}. Mount \
         it, or correct ledger; if it was moved here without that line, or is lost, say so by \
         `memoranda confirm ledger`",
        mark.line, mark.hash
    ))
}
