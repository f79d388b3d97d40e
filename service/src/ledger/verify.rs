//! Proves that nobody has changed, moved or removed a line.

use super::{Ledger, store::Rest};
use crate::Result;
use chrono::{DateTime, Utc};

/// An intact ledger.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verified {
    /// How many lines it has.
    pub lines: i64,
    /// The time of the last line.
    pub last: Option<DateTime<Utc>>,
    /// The first line that was hashed with an unknown secret, and how many there are.
    pub unverified: Option<(i64, i64)>,
    /// Whether an incomplete line follows: a server has died, or is just writing.
    pub incomplete: bool,
}

/// The first line that is not what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// Its number.
    pub number: i64,
    /// What is wrong with it.
    pub problem: String,
}

/// Checks every line.
///
/// # Errors
/// Returns errors of the store.
pub async fn verify(ledger: &Ledger) -> Result<Result<Verified, BadLine>> {
    let (mut verified, mut hash) = (Verified::default(), String::new());
    let mut place = ledger.store.first_place();
    while let Some(segment) = ledger.store.read(place).await? {
        for text in segment.text.lines() {
            let number = verified.lines + 1;
            let line = match ledger.keys.read(text, Some(&hash)) {
                Ok(line) if line.number == number => line,
                Ok(line) => {
                    let problem = format!("it has the number {}", line.number);
                    return Ok(Err(BadLine { number, problem }));
                }
                Err(problem) => return Ok(Err(BadLine { number, problem })),
            };
            if !line.verified {
                let (first, count) = verified.unverified.unwrap_or((number, 0));
                verified.unverified = Some((first, count + 1));
            }
            (verified.lines, verified.last) = (number, Some(line.entry.time));
            hash = line.hash;
        }
        place = segment.next;
    }
    match ledger.store.rest(place).await? {
        Rest::Nothing => {}
        Rest::IncompleteLine => verified.incomplete = true,
        Rest::AfterAGap => {
            let number = verified.lines + 1;
            let problem = "it is missing, although there are later ones".to_owned();
            return Ok(Err(BadLine { number, problem }));
        }
    }
    Ok(Ok(verified))
}
