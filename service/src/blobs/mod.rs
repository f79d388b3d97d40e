//! Blobs: the bytes of files, addressed by content, in a folder or a bucket.

mod limit;
mod marker;
mod removal;
mod store;
mod writer;

pub use limit::TIMEOUT;
pub use marker::{MARKER, StoreState, confirm, inspect, is_missing, verify};
pub use removal::remove_unused;
pub(crate) use removal::{forget, note, remove};
pub use store::FileStore;
pub(crate) use store::{location, temporary_location};
pub use writer::Writer;
