//! Deleting several memos as one: what they share is counted once, and goes if all that use it go.
//!
//! `policy` contains the rules as pure functions, `facts` reads, and `preview` derives the
//! confirmation token. `effects` writes all or nothing, in a number of statements that does not
//! depend on the number of memos.

mod delete;
mod effects;
mod facts;
pub mod policy;
mod preview;

pub use delete::{Refused, SelectionDeletion, SelectionOutcome, delete};
pub use preview::{Member, SelectionPreview, preview, preview_items};
