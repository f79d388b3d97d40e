//! Confirms with an operation's first statement that the viewer still has access.
//!
//! A server remembers who signed in and the value of `sign_in_counter` at that time. The counter
//! rises with every change that may end a person's access, in the same transaction. A statement
//! that still sees the same value proves that nothing has changed, so nobody needs to read the
//! person again. If it sees another value, its rows are not used, and the person is read again.

use crate::{Error, Result};
use sea_orm::QueryResult;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// The number of changes that a statement sees, as a column.
pub const SIGN_IN_CHANGES: &str =
    "(SELECT c.changes FROM sign_in_counter c WHERE c.id = 1) AS sign_in_changes";

/// What is known of the viewer's access. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct SignInCheck(Option<Arc<Pending>>);

#[derive(Debug)]
struct Pending {
    changes: i64,
    is_confirmed: AtomicBool,
}

impl SignInCheck {
    /// The viewer signed in when the counter had this value. The first statement must confirm that
    /// it still has it.
    pub fn pending(changes: i64) -> Self {
        Self(Some(Arc::new(Pending { changes, is_confirmed: AtomicBool::new(false) })))
    }

    /// Whether the viewer has access: they were read for this operation, or a statement has
    /// confirmed it.
    pub fn is_confirmed(&self) -> bool {
        self.0.as_ref().is_none_or(|pending| pending.is_confirmed.load(Ordering::Acquire))
    }

    /// Takes the confirmation from a row with the column [`SIGN_IN_CHANGES`]. Call this before the
    /// rows of the statement are used.
    ///
    /// # Errors
    /// [`Error::SignInUnconfirmed`] if the counter has changed, or if there is no row.
    pub fn confirm(&self, row: Option<&QueryResult>) -> Result<()> {
        let Some(pending) = self.0.as_ref().filter(|_| !self.is_confirmed()) else {
            return Ok(());
        };
        let changes = row.map(sign_in_changes).transpose()?;
        if changes != Some(pending.changes) {
            return Err(Error::SignInUnconfirmed);
        }
        pending.is_confirmed.store(true, Ordering::Release);
        Ok(())
    }
}

/// The column [`SIGN_IN_CHANGES`] of a row.
///
/// # Errors
/// Returns an error if the statement has no such column.
pub fn sign_in_changes(row: &QueryResult) -> Result<i64> {
    Ok(row.try_get("", "sign_in_changes")?)
}
