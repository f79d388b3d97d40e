//! Blobs: the bytes of files, addressed by content, in a folder or a bucket.

mod limit;
mod marker;
mod removal;
mod store;
mod writer;

pub use limit::TIMEOUT;
pub use marker::{MARKER, StoreState, confirm, inspect, is_missing, is_of_another, verify};
pub use removal::remove_unused;
pub(crate) use removal::{forget, note, remove};
pub use store::{FileStore, is_location_of};
pub(crate) use store::{location, temporary_location};
pub use writer::Writer;
