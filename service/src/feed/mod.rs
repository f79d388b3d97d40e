//! Rows for subscribers, in the order in which they become visible: events of memos, and
//! notifications. A change writes a row in its own transaction. `sequence` gives it a position
//! after the commit, and `subscribe` reads it once per process.

mod id;
mod sequence;
mod subscribe;

pub use id::{open as open_id, seal as seal_id};
pub use sequence::{Sequence, last_position, place};
pub use subscribe::{Feed, ListenRefusal, MAX_CATCH_UPS};

use crate::{Result, Services};
use std::future::Future;

/// How many rows are read at a time.
pub const BATCH: u64 = 200;

/// A kind of rows to which people can subscribe.
pub trait Sequenced: Send + Sync + 'static {
    /// A row.
    type Row: Send + Sync + 'static;
    /// The rows that one subscriber receives.
    type Wanted: Send + Sync + 'static;

    /// Where their positions are.
    const SEQUENCE: Sequence;

    /// The position of a row. `None` before its commit.
    fn position(row: &Self::Row) -> Option<i64>;

    /// Whether the subscriber receives the row.
    fn is_wanted(wanted: &Self::Wanted, row: &Self::Row) -> bool;

    /// The next rows after a position, in order, at most [`BATCH`].
    ///
    /// # Errors
    /// Returns errors of the database.
    fn after(
        services: &Services,
        position: i64,
    ) -> impl Future<Output = Result<Vec<Self::Row>>> + Send;

    /// The first [`BATCH`] of the rows in a part of the sequence that the subscriber receives. It
    /// reads no others, no matter how many other people have.
    ///
    /// # Errors
    /// Returns errors of the database.
    fn missed(
        services: &Services,
        wanted: &Self::Wanted,
        part: Part,
    ) -> impl Future<Output = Result<Vec<Self::Row>>> + Send;

    /// Whether every row after this position is still kept.
    ///
    /// # Errors
    /// Returns errors of the database.
    fn is_kept(services: &Services, position: i64) -> impl Future<Output = Result<bool>> + Send;
}

/// A part of a sequence.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// Only rows after this position.
    pub after: i64,
    /// Only rows up to this position.
    pub until: i64,
}
