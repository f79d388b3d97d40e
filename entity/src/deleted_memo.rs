//! A deleted memo that can still be restored. Its table has the same columns as `memos`, and its
//! rows are read as the same model.

pub use crate::memo::{Column, Model};

/// The table. A deletion moves the row here from `memos`; a restore moves it back.
pub const TABLE: &str = "deleted_memos";
