//! Erasing a deleted memo before its time: for ever, as previewed, and on record.
//!
//! One transaction empties the record and erases the memo's row with at most 1,000 rows of
//! belongings, which is everything for nearly all memos. So nobody can read or restore any of it
//! from then on. Before the answer, further portions follow, and the bytes. What is left after that
//! is the purge's.

mod erase;
pub mod policy;
mod preview;

pub use erase::{Erasure, Outcome, erase};
pub use preview::{Preview, preview, preview_items};
