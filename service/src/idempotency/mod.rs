//! Requests that create something, and that a client may repeat without creating it twice.
//!
//! The client names its request with a key. The key is written in the transaction that creates the
//! thing, before everything else in it. So a request with the same key waits for that transaction,
//! and then finds the key, or none if the transaction was rolled back. Nobody waits for a key while
//! they hold another lock, so the wait cannot deadlock.
//!
//! The row holds the id of what was created. A repetition reads the thing again, as the person sees
//! it now. Contents are not kept: the input is there as a hash alone.

mod create;
mod key;
mod purge;

pub use create::{CreateError, Created, create_once, is_used};
pub use key::IdempotencyKey;
pub use purge::purge;

use chrono::TimeDelta;

/// How long a key is kept. After this time it is free for another request.
pub const KEPT_FOR: TimeDelta = TimeDelta::hours(24);
